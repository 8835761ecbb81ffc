/// What a host's own network stack is like: what it has, and how it is set.
///
/// Pure data; ``read()`` asks the kernel for it.
public struct HostFacts: Hashable, Sendable {
    /// What the host has.
    public var network: HostNetwork
    /// The kernel's settings, by the names that sysctl(8) gives them; one that is not here does not exist.
    public var settings: [String: Int]

    /// The facts of a host.
    public init(network: HostNetwork, settings: [String: Int]) {
        self.network = network
        self.settings = settings
    }

    /// A setting of an interface, where the larger of its own and that of all counts (ip-sysctl.rst).
    func setting(_ name: String, of interface: String) -> Int {
        max(settings["net.ipv4.conf.all.\(name)"] ?? 0, settings["net.ipv4.conf.\(interface).\(name)"] ?? 0)
    }

    /// Whether the host forwards packets of a version itself.
    func forwards(_ version: IPVersion) -> Bool {
        (settings[version == .v4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding"] ?? 0) != 0
    }

    /// The name of the interface that has an address; `nil` if the host does not have it.
    func interface(having address: IPAddress) -> String? {
        network.addresses.first { $0.address.address == address }.flatMap { network.interfaces[$0.interface]?.name }
    }

    /// The name of the interface whose link an address is on, loopback left out.
    func interface(onLinkOf address: IPAddress) -> String? {
        let candidates = network.addresses.filter { $0.address.link.contains(address) }
            .filter { $0.address.link.bitCount < address.bitWidth }
        let best = candidates.max { $0.address.link.bitCount < $1.address.link.bitCount }
        return best.flatMap { network.interfaces[$0.interface]?.name }
    }
}

#if os(Linux)
    import Glibc

    extension HostFacts {
        /// Asks the kernel, of the host or network namespace that this thread is in; needs no rights.
        ///
        /// - Throws: ``PacketSocketError`` if the kernel does not answer.
        public static func read() throws(PacketSocketError) -> HostFacts {
            let network = try HostNetwork.read()
            var names = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"]
            for interface in network.interfaces.values.map(\.name) + ["all"] {
                for setting in ["rp_filter", "arp_ignore", "arp_announce"] {
                    names.append("net.ipv4.conf.\(interface).\(setting)")
                }
            }
            var settings: [String: Int] = [:]
            for name in names { settings[name] = setting(name) }
            return HostFacts(network: network, settings: settings)
        }

        /// Reads one number; an interface's name may have dots of its own.
        private static func setting(_ name: String) -> Int? {
            let parts = name.split(separator: ".", maxSplits: 3)
            var path = "/proc/sys/" + parts.prefix(3).joined(separator: "/")
            if let rest = parts.dropFirst(3).first {
                let end = rest.lastIndex(of: ".") ?? rest.startIndex
                path += "/\(rest[..<end])/\(rest[end...].dropFirst())"
            }
            guard let descriptor = Descriptor(unsafe open(path, O_RDONLY | O_CLOEXEC)) else { return nil }
            var buffer = [UInt8](repeating: 0, count: 32)
            let count = unsafe Glibc.read(descriptor.number, &buffer, buffer.count)
            guard count > 0 else { return nil }
            return Int(String(decoding: buffer.prefix(count).prefix { $0 > 0x20 }, as: UTF8.self))
        }
    }
#endif
