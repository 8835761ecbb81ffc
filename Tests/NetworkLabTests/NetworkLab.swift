#if os(Linux)
    import Foundation
    import Glibc
    import PacketForwarding
    import Synchronization

    @testable import Layer4Lab

    /// Three hosts in namespaces of their own, with the balancer in the middle.
    ///
    ///     client c0 10.9.1.2 ---- a0 10.9.1.1  balancer  b0 10.9.2.1 ---- e0 10.9.2.10 backend (service's address on lo)
    ///     client d0 10.9.3.1 ------------------------------------------ d1 10.9.3.2   (answers that need not come back)
    ///
    /// and the same in IPv6 with fd09: in place of 10.9. Hosts know each other's stations beforehand. Everything is removed when
    /// the lab ends; nothing outside of the namespaces is touched.
    final class NetworkLab: Sendable {
        enum Host: String, CaseIterable {
            case client, balancer, backend
        }

        /// Why there can be no lab here; `nil` if there can.
        static let obstacle: String? = {
            guard geteuid() == 0 else { return "network labs need root" }
            guard FileManager.default.fileExists(atPath: tool) else { return "network labs need iproute2" }
            guard (try? BackgroundTask { Namespace.leave() }.wait()) == true else {
                return "network namespaces cannot be made here"
            }
            return nil
        }()

        static let service4 = "10.9.0.1"
        static let service6 = "fd09::1"
        private static let tool = "/sbin/ip"
        private static let numbers = Atomic(0)

        private let name: String

        init(answersReturnThroughBalancer: Bool) throws {
            let number = Self.numbers.wrappingAdd(1, ordering: .relaxed).newValue
            name = "lab\(getpid())-\(number)"
            do {
                try build(answersReturnThroughBalancer: answersReturnThroughBalancer)
            } catch {
                remove()
                throw error
            }
        }

        private func build(answersReturnThroughBalancer: Bool) throws {
            for host in Host.allCases {
                try Self.ip("netns", "add", namespace(host))
                try on(host, "link", "set", "lo", "up")
                try inside(host) {
                    for setting in ["all/rp_filter", "default/rp_filter", "all/forwarding"] {
                        try? "0".write(
                            toFile: "/proc/sys/net/ipv4/conf/\(setting)", atomically: false, encoding: .ascii)
                    }
                    try? "0".write(
                        toFile: "/proc/sys/net/ipv6/conf/default/accept_dad", atomically: false, encoding: .ascii)
                }
            }
            try connect(.client, "c0", "02:00:00:00:00:01", 1, 2, to: .balancer, "a0", "02:00:00:00:00:0a", 1)
            try connect(.balancer, "b0", "02:00:00:00:00:0b", 2, 1, to: .backend, "e0", "02:00:00:00:00:0c", 10)
            try connect(.client, "d0", "02:00:00:00:00:0d", 3, 1, to: .backend, "d1", "02:00:00:00:00:0e", 2)
            try awaitLinks()
            try on(.client, "route", "add", Self.service4, "via", "10.9.1.1")
            try on(.client, "-6", "route", "add", Self.service6, "via", "fd09:1::1")
            // Where IPv6 has no route, a host says so to the sender, also one that does not forward.
            try on(.balancer, "-6", "route", "add", "blackhole", Self.service6)
            let way = answersReturnThroughBalancer ? ("2", "1") : ("3", "1")
            try on(.backend, "route", "add", "10.9.1.0/24", "via", "10.9.\(way.0).\(way.1)")
            try on(.backend, "-6", "route", "add", "fd09:1::/64", "via", "fd09:\(way.0)::\(way.1)")
            try on(.backend, "addr", "add", "\(Self.service4)/32", "dev", "lo")
            try on(.backend, "-6", "addr", "add", "\(Self.service6)/128", "dev", "lo", "nodad")
        }

        /// Removes all hosts.
        func remove() {
            for host in Host.allCases { _ = try? Self.ip("netns", "del", namespace(host)) }
        }

        /// Waits until every link is up at both ends, and for both versions, which the kernel sees to a little later.
        private func awaitLinks() throws {
            for host in Host.allCases {
                try inside(host) {
                    try waitUntil(.seconds(30), "every link of the \(host.rawValue)") {
                        try HostNetwork.read().interfaces.values.allSatisfy(\.isUp)
                    }
                    let neighbours =
                        switch host {
                        case .client: ["10.9.1.1", "fd09:1::1"]
                        case .balancer: ["10.9.1.2", "fd09:1::2", "10.9.2.10", "fd09:2::10"]
                        case .backend: ["10.9.2.1", "fd09:2::1"]
                        }
                    for neighbour in neighbours {
                        try waitUntil(.seconds(30), "a way from the \(host.rawValue) to \(neighbour)") {
                            (try? LabSocket.connect(neighbour, 9, isStream: false)) != nil
                        }
                    }
                }
            }
        }

        private func connect(
            _ host: Host, _ device: String, _ mac: String, _ net: Int, _ number: Int, to other: Host,
            _ otherDevice: String, _ otherMAC: String, _ otherNumber: Int
        ) throws {
            try on(
                host, "link", "add", device, "address", mac, "type", "veth", "peer", "name", otherDevice, "address",
                otherMAC, "netns", namespace(other))
            for (host, device, number, peer, peerMAC) in [
                (host, device, number, otherNumber, otherMAC), (other, otherDevice, otherNumber, number, mac),
            ] {
                try on(host, "addr", "add", "10.9.\(net).\(number)/24", "dev", device)
                try on(host, "-6", "addr", "add", "fd09:\(net)::\(number)/64", "dev", device, "nodad")
                try on(host, "link", "set", device, "up")
                try on(host, "neigh", "add", "10.9.\(net).\(peer)", "lladdr", peerMAC, "dev", device)
                try on(host, "-6", "neigh", "add", "fd09:\(net)::\(peer)", "lladdr", peerMAC, "dev", device)
            }
        }

        func namespace(_ host: Host) -> String { "\(name)-\(host.rawValue)" }

        /// Runs `ip` on a host.
        func on(_ host: Host, _ arguments: String...) throws {
            try Self.ip(["-n", namespace(host)] + arguments)
        }

        @discardableResult
        private static func ip(_ arguments: String...) throws -> Bool { try ip(arguments) }

        @discardableResult
        private static func ip(_ arguments: [String]) throws -> Bool {
            try Program.run(tool, arguments)
            return true
        }

        /// Runs `body` on a thread of its own inside of a host, and waits for it.
        func inside<Result: Sendable>(_ host: Host, _ body: @escaping @Sendable () throws -> Result) throws -> Result {
            try begin(host, body).wait()
        }

        /// Runs `body` on a thread of its own inside of a host.
        func begin<Result: Sendable>(
            _ host: Host, _ body: @escaping @Sendable () throws -> Result
        ) throws -> BackgroundTask<Result> {
            let path = "/run/netns/\(namespace(host))"
            return BackgroundTask {
                try Namespace.enter(path)
                return try body()
            }
        }
    }

    extension Namespace {
        private typealias Departure = @convention(c) (CInt) -> CInt

        /// Moves this thread into a new network namespace; whether that may be done.
        static func leave() -> Bool {
            // The C library has the call, but declares it only for GNU sources; 4 << 28 is `CLONE_NEWNET`.
            guard let symbol = unsafe dlsym(nil, "unshare") else { return false }
            return unsafe unsafeBitCast(symbol, to: Departure.self)(4 << 28) == 0
        }
    }
#endif
