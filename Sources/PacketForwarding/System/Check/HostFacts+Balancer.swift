/// What must hold on a balancer, so that its own stack and the forwarder are not in each other's way.
///
/// The stack gets a copy of every packet that the forwarder gets, unless it is dropped before.
extension HostFacts {
    /// What is not as it should be on a host that forwards a configuration.
    ///
    /// - Parameters:
    ///   - configuration: what is forwarded.
    ///   - dropsBeforeStack: whether packets to services and to full NAT's sources are dropped at the interfaces' ingress
    ///     (``ingressDrop(_:)``), which the check cannot see.
    /// - Returns: faults first.
    public func findingsOfBalancer(
        _ configuration: ForwardingConfiguration, dropsBeforeStack: Bool = false
    ) -> [HostFinding] {
        var findings = configuration.interfaces.flatMap { interfaceFindings($0) }
        if !dropsBeforeStack {
            findings += localFindings(configuration)
            findings += routeFindings(configuration)
            findings += forwardingFindings(configuration)
        }
        findings += tunnelFindings(configuration)
        return findings.settled
    }

    /// The command line that has a balancer's interfaces drop what is the forwarder's before the stack gets it.
    ///
    /// Packet sockets get frames before they are dropped.
    public static func ingressDrop(_ configuration: ForwardingConfiguration) -> String {
        let devices = configuration.interfaces.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let addresses =
            configuration.services.map(\.address)
            + configuration.services.flatMap(\.sourceAddresses).map(\.prefix)
        let rules = [IPVersion.v4, .v6].compactMap { version -> String? in
            let own = IPPrefix.disjoint(addresses.filter { $0.address.version == version })
            guard !own.isEmpty else { return nil }
            let protocols = "meta l4proto { tcp, udp } drop;"
            return
                "\(version == .v4 ? "ip" : "ip6") daddr { \(own.map(\.description).joined(separator: ", ")) } \(protocols)"
        }
        return
            "nft 'table netdev layer4 { chain ingress { type filter hook ingress devices = { \(devices) } priority 0; "
            + rules.joined(separator: " ") + " }; }'"
    }

    private func interfaceFindings(_ wanted: InterfaceConfiguration) -> [HostFinding] {
        guard let interface = network.interfaces.values.first(where: { $0.name == wanted.name }) else {
            return [HostFinding("there is no interface \(wanted.name)", remedy: "ip link # lists those that there are")]
        }
        var findings: [HostFinding] = []
        if !interface.isUp {
            findings.append(
                HostFinding(
                    "\(wanted.name) is down, or nothing is at its other end", remedy: "ip link set \(wanted.name) up"))
        }
        if interface.mac != wanted.mac {
            findings.append(
                HostFinding(
                    "\(wanted.name) has the station address \(interface.mac), and frames for \(wanted.mac) do not come to it",
                    remedy: "ip link set \(wanted.name) address \(wanted.mac)"))
        }
        if interface.mtu < wanted.mtu {
            findings.append(
                HostFinding(
                    "packets of \(wanted.mtu) bytes, which the configuration has, do not fit through \(wanted.name), whose MTU is "
                        + "\(interface.mtu)", remedy: "ip link set \(wanted.name) mtu \(wanted.mtu)"))
        }
        return findings
    }

    /// Addresses that the host has itself, so that its stack answers for them.
    private func localFindings(_ configuration: ForwardingConfiguration) -> [HostFinding] {
        var findings: [HostFinding] = []
        for own in network.addresses {
            let address = own.address.address
            guard let name = network.interfaces[own.interface]?.name else { continue }
            if let service = configuration.services.first(where: { $0.address.contains(address) }) {
                findings.append(
                    HostFinding(
                        "\(address) of service \"\(service.name)\" is an address of \(name): the host answers its clients with resets",
                        remedy: "ip addr del \(own.address) dev \(name)"))
            } else if let service = configuration.services.first(where: { $0.sourceAddresses.contains(address) }) {
                findings.append(
                    HostFinding(
                        "\(address), a source of service \"\(service.name)\", is an address of \(name): the host answers backends "
                            + "with resets", remedy: Self.ingressDrop(configuration)))
            }
        }
        return findings
    }

    /// Addresses to which the host has no way, so that it says so to clients.
    private func routeFindings(_ configuration: ForwardingConfiguration) -> [HostFinding] {
        let prefixes = IPPrefix.disjoint(configuration.services.map(\.address))
        return prefixes.compactMap { prefix in
            let version = prefix.address.version
            let isBlackhole = network.blackholes.contains {
                $0.bitCount <= prefix.bitCount && $0.contains(prefix.address)
            }
            let isLocal = network.addresses.contains { prefix.contains($0.address.address) }
            guard !isBlackhole, !isLocal else { return nil }
            if version == .v4, !forwards(.v4) { return nil }
            let isRouted = network.routes.contains {
                $0.destination.bitCount <= prefix.bitCount && $0.destination.contains(prefix.address)
            }
            if version == .v6, !forwards(.v6), isRouted { return nil }
            return HostFinding(
                isRouted
                    ? "the host forwards packets to \(prefix) itself, beside the forwarder"
                    : "the host has no way to \(prefix), and tells clients so by ICMP",
                remedy: "ip \(version == .v4 ? "" : "-6 ")route add blackhole \(prefix)")
        }
    }

    /// Answers of NAT's backends, which pass by the host as they are.
    private func forwardingFindings(_ configuration: ForwardingConfiguration) -> [HostFinding] {
        [IPVersion.v4, .v6].compactMap { version in
            let service = configuration.services.first { $0.mode == .nat && $0.address.address.version == version }
            guard let service, forwards(version) else { return nil }
            return HostFinding(
                "the host forwards the answers of backends of service \"\(service.name)\" itself, untranslated, and clients "
                    + "reset the connections",
                remedy: "sysctl -w net.\(version == .v4 ? "ipv4.ip_forward" : "ipv6.conf.all.forwarding")=0")
        }
    }

    /// Whether what fits to the balancer still fits to a backend when it has an outer header.
    private func tunnelFindings(_ configuration: ForwardingConfiguration) -> [HostFinding] {
        var findings: [HostFinding] = []
        let largest = configuration.interfaces.map(\.mtu).max() ?? 0
        for service in configuration.services where service.mode.isTunnel && service.clampMSS == nil {
            for backend in service.backends {
                guard let name = interface(onLinkOf: backend.address),
                    let interface = network.interfaces.values.first(where: { $0.name == name })
                else { continue }
                let needed = largest + service.mode.outerByteCount(backend.address.version)
                guard interface.mtu < needed else { continue }
                findings.append(
                    HostFinding(
                        "packets of \(largest) bytes do not fit through \(name) to backend \"\(backend.name)\" of service "
                            + "\"\(service.name)\" with their outer header: clients are told so, or packets are cut",
                        weight: .advice,
                        remedy: "ip link set \(name) mtu \(needed)"))
            }
        }
        return findings
    }
}

extension ServiceMode {
    /// Bytes of the outer headers of a version.
    fileprivate func outerByteCount(_ version: IPVersion) -> Int {
        let header = version == .v4 ? IPv4Header.Offset.minimumEnd : IPv6Header.Offset.end
        return switch self {
        case .nat, .fullNAT, .dsr: 0
        case .ipip: header
        case .gre: header + GREHeader.Offset.minimumEnd
        case .gue: header + UDPHeader.Offset.end
        }
    }
}
