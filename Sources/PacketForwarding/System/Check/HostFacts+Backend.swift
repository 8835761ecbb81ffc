/// What must hold on a backend, so that it takes what the forwarder sends it and answers right.
extension HostFacts {
    /// What is not as it should be on a host that is a backend of a configuration.
    ///
    /// - Parameters:
    ///   - configuration: what the balancer forwards.
    ///   - device: the device that packets come out of their tunnels by, such as that of a ``TunnelEnd``.
    /// - Returns: faults first; one alone if the host is no backend at all.
    public func findingsOfBackend(_ configuration: ForwardingConfiguration, device: String? = nil) -> [HostFinding] {
        var findings: [HostFinding] = []
        var isBackend = false
        for service in configuration.services {
            for backend in service.backends {
                guard let interface = interface(having: backend.address) else { continue }
                isBackend = true
                switch service.mode {
                case .fullNAT: break
                case .nat: findings += returnFindings(service, on: interface, configuration)
                case .dsr:
                    findings += addressFindings(service)
                    findings += resolutionFindings(service, on: interface)
                case .ipip, .gre, .gue:
                    findings += addressFindings(service)
                    findings += deviceFindings(service, device)
                }
            }
        }
        guard isBackend else {
            return [HostFinding("the host has no address of a backend", remedy: "ip addr # lists those that it has")]
        }
        return findings.settled
    }

    /// Direct return and tunnels: the service's address has to be the host's.
    private func addressFindings(_ service: ServiceConfiguration) -> [HostFinding] {
        let prefix = service.address
        let isWhole = prefix.bitCount == prefix.address.bitWidth
        let isThere = network.addresses.contains {
            isWhole ? $0.address.address == prefix.address : $0.address.link == prefix
        }
        guard !isThere else { return [] }
        let isV6 = prefix.address.version == .v6
        return [
            HostFinding(
                "\(prefix) of service \"\(service.name)\" is no address of the host, which drops what is sent there",
                remedy: "ip \(isV6 ? "-6 " : "")addr add \(prefix) dev lo\(isV6 ? " nodad" : "")")
        ]
    }

    /// Direct return: nobody on the link may learn that the service's address is here.
    private func resolutionFindings(_ service: ServiceConfiguration, on interface: String) -> [HostFinding] {
        guard service.address.address.version == .v4 else { return [] }
        var findings: [HostFinding] = []
        if setting("arp_ignore", of: interface) == 0 {
            findings.append(
                HostFinding(
                    "the host answers ARP on \(interface) for \(service.address.address), which is the balancer's to answer for",
                    remedy: "sysctl -w net.ipv4.conf.\(interface).arp_ignore=1"))
        }
        if setting("arp_announce", of: interface) < 2 {
            findings.append(
                HostFinding(
                    "the host tells the stations of \(interface) by ARP that \(service.address.address) is here",
                    remedy: "sysctl -w net.ipv4.conf.\(interface).arp_announce=2"))
        }
        return findings
    }

    /// Tunnels: what comes out of the device has a source that is reached by another one.
    private func deviceFindings(_ service: ServiceConfiguration, _ device: String?) -> [HostFinding] {
        guard let device else { return [] }
        guard let interface = network.interfaces.values.first(where: { $0.name == device }) else {
            return [
                HostFinding(
                    "there is no device \(device) for packets of service \"\(service.name)\" to come out of",
                    remedy: "ip tuntap add dev \(device) mode tun && ip link set \(device) up")
            ]
        }
        var findings: [HostFinding] = []
        // A TUN device has no carrier before its program opens it.
        if !interface.isUp {
            findings.append(
                HostFinding(
                    "\(device) is down, or its program is not there", weight: .advice,
                    remedy: "ip link set \(device) up"))
        }
        if service.address.address.version == .v4, setting("rp_filter", of: device) == 1 {
            let own = "net.ipv4.conf.\(device).rp_filter=0"
            // The larger of the two counts.
            let all = (settings["net.ipv4.conf.all.rp_filter"] ?? 0) > 0 ? " net.ipv4.conf.all.rp_filter=0" : ""
            findings.append(
                HostFinding(
                    "the host drops what comes out of \(device), because the way to its sender leads elsewhere",
                    remedy: "sysctl -w \(own)\(all)"))
        }
        return findings
    }

    /// NAT: answers have to go through the balancer.
    private func returnFindings(
        _ service: ServiceConfiguration, on interface: String, _ configuration: ForwardingConfiguration
    ) -> [HostFinding] {
        let version = service.address.address.version
        let balancers = configuration.interfaces.flatMap(\.addresses).map(\.address).filter { $0.version == version }
        guard !network.routes.contains(where: { $0.gateway.map(balancers.contains) ?? false }) else { return [] }
        // Of a link-local address nothing says which link it is on.
        let gateway = balancers.first { !$0.isLinkLocal && self.interface(onLinkOf: $0) == interface }
        let remedy = gateway.map { "ip \(version == .v4 ? "" : "-6 ")route replace default via \($0)" }
        return [
            HostFinding(
                "answers of service \"\(service.name)\" do not go through the balancer, which has to translate them",
                remedy: remedy ?? "# put the balancer on the link of \(interface), or use full-nat")
        ]
    }
}
