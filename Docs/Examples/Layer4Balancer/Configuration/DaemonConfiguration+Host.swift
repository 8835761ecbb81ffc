import LoadBalancing
import PacketForwarding

extension DaemonConfiguration {
    /// What the engine is told, on this host.
    ///
    /// - Throws: ``ConfigurationError`` if the host is not as the file says, or the engine could not do what it says.
    func forwarding(on host: HostNetwork) throws(ConfigurationError) -> ForwardingConfiguration {
        var configuration = ForwardingConfiguration(
            interfaces: [], tunnelSource: tunnelSource, limits: limits, fleet: fleet,
            services: services.map(\.forwarding))
        for name in interfaces {
            guard let interface = host.interfaceConfiguration(of: name) else {
                throw ConfigurationError(
                    "interfaces", "there is no \"\(name)\" on this host; `ip link` lists what there is")
            }
            guard interface.mac.bits != 0 else {
                throw ConfigurationError("interfaces", "\"\(name)\" has no station address; use an Ethernet device")
            }
            configuration.interfaces.append(interface)
        }
        configuration.routes = host.routes(of: configuration)
        configuration.neighbours = host.neighbours(of: configuration)
        do throws(ForwardingConfigurationError) {
            try configuration.check()
        } catch {
            throw ConfigurationError(nil, error.description)
        }
        for service in configuration.services { try service.checkMTU(in: configuration) }
        return configuration
    }

    /// What is allowed, and yet likely to be a mistake.
    func warnings(on configuration: ForwardingConfiguration) -> [String] {
        let ofEngine = (try? configuration.check()) ?? []
        return ofEngine.map(\.description) + configuration.services.compactMap { $0.tunnelWarning(in: configuration) }
    }
}

extension ServiceConfiguration {
    /// The smallest packets that every path carries have to fit (RFC 8200 §5, RFC 791 §3.2 with room for a segment).
    fileprivate func checkMTU(in configuration: ForwardingConfiguration) throws(ConfigurationError) {
        let least = (address.address.version == .v6 ? 1_280 : 576) + overhead(in: configuration)
        for interface in configuration.interfaces where interface.mtu < least {
            throw ConfigurationError(
                "service \"\(name)\", mode",
                "the MTU of \(interface.name) is \(interface.mtu), and \(mode.rawValue) needs \(least): "
                    + "ip link set \(interface.name) mtu 1500")
        }
    }

    /// Full packets of clients do not fit into a tunnel of the same MTU, which costs each client a message and a packet.
    fileprivate func tunnelWarning(in configuration: ForwardingConfiguration) -> String? {
        let overhead = overhead(in: configuration)
        guard overhead > 0, clampMSS == nil, let mtu = configuration.interfaces.map(\.mtu).min(), mtu < 1_500 + overhead
        else { return nil }
        let headers = address.address.version == .v6 ? 60 : 40
        return """
            service "\(name)", clampMSS: packets of 1500 bytes do not fit into \(mode.rawValue) through an MTU of \(mtu); \
            raise it to \(1_500 + overhead) toward the backends, or set clampMSS to \(mtu - overhead - headers)
            """
    }

    /// Bytes of the longest outer header toward any backend.
    private func overhead(in configuration: ForwardingConfiguration) -> Int {
        guard mode.isTunnel else { return 0 }
        let outer = backends.map { $0.address.version == .v6 ? 40 : 20 }.max() ?? 0
        switch mode {
        case .gre: return outer + 4
        case .gue: return outer + 8
        default: return outer
        }
    }
}
