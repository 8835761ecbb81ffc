import LoadBalancing
import PacketForwarding

extension DaemonConfiguration {
    /// What the engine is told, on this host.
    ///
    /// - Parameters:
    ///   - host: the network as it is.
    ///   - known: interfaces as they were, for those that are gone: they come back, or nothing is forwarded.
    /// - Returns: a configuration that was checked.
    /// - Throws: ``ConfigurationError`` if the host is not as the file says, or the engine could not do what it says.
    func forwarding(
        on host: HostNetwork, besides known: [InterfaceConfiguration] = []
    ) throws(ConfigurationError) -> ForwardingConfiguration {
        var configuration = ForwardingConfiguration(
            interfaces: [], tunnelSource: tunnelSource, limits: limits, fleet: fleet,
            services: services.map(\.forwarding))
        for name in interfaces {
            guard let interface = host.interfaceConfiguration(of: name) ?? known.first(where: { $0.name == name })
            else {
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
        do throws(ForwardingWorkersError) {
            try configuration.check(workers: workers.count)
        } catch {
            throw ConfigurationError(nil, error.description)
        }
        for service in configuration.services { try service.checkMTU(in: configuration) }
        return configuration
    }

    /// What is allowed, and yet likely to be a mistake, and what of the host's own stack is in the way.
    func warnings(on host: HostFacts, _ configuration: ForwardingConfiguration) -> [String] {
        let ofEngine = (try? configuration.check()) ?? []
        return ofEngine.map { "warning: \($0)" } + findings(onBalancer: host, configuration).map(\.description)
    }

    /// What of the host's own stack is in the way.
    func findings(onBalancer host: HostFacts, _ configuration: ForwardingConfiguration) -> [HostFinding] {
        host.findingsOfBalancer(configuration, dropsBeforeStack: dropsBeforeStack)
    }

    /// What is not as it should be on a host that is a backend: the balancer's interfaces do not matter there.
    func findings(onBackend host: HostFacts) -> [HostFinding] {
        let configuration = ForwardingConfiguration(
            interfaces: [], tunnelSource: tunnelSource, limits: limits, fleet: fleet,
            services: services.map(\.forwarding))
        return host.findingsOfBackend(configuration)
    }
}

extension ServiceConfiguration {
    /// The smallest packets that every path carries have to fit (RFC 8200 §5, RFC 791 §3.2 with room for a segment).
    fileprivate func checkMTU(in configuration: ForwardingConfiguration) throws(ConfigurationError) {
        let least = (address.address.version == .v6 ? 1_280 : 576) + overhead
        for interface in configuration.interfaces where interface.mtu < least {
            throw ConfigurationError(
                "service \"\(name)\", mode",
                "the MTU of \(interface.name) is \(interface.mtu), and \(mode.rawValue) needs \(least): "
                    + "ip link set \(interface.name) mtu 1500")
        }
    }

    /// Bytes of the longest outer header toward any backend.
    private var overhead: Int {
        guard mode.isTunnel else { return 0 }
        let outer = backends.map { $0.address.version == .v6 ? 40 : 20 }.max() ?? 0
        switch mode {
        case .gre: return outer + 4
        case .gue: return outer + 8
        default: return outer
        }
    }
}
