import LoadBalancing

/// How a plan is made from a configuration.
extension ForwardingPlan {
    /// The plan of a configuration.
    ///
    /// - Parameters:
    ///   - version: the number of plans before it.
    ///   - configuration: one that was checked.
    ///   - numbers: what services and backends are called by flows.
    ///   - states: what control has said of backends.
    ///   - previous: the plan before, from which removed services and backends are taken.
    ///   - tables: those of the services before, by name, and then those of these: what has not changed is not made again.
    convenience init(
        version: UInt64, configuration: ForwardingConfiguration, numbers: inout ForwardingNumbers,
        states: [UInt32: BackendState], previous: ForwardingPlan?, tables: inout [String: ServiceTable]
    ) {
        let links = Links(configuration)
        var services: [UInt16: ServicePlan] = [:]
        var backends: [UInt32: BackendPlan] = [:]
        var made: [String: ServiceTable] = [:]
        var sourceRanges: [ClosedRange<UInt16>] = []
        var groupsOfBackends: [UInt32: UInt32] = [:]
        for service in configuration.services {
            let number = numbers.service(service.name)
            let transport: IPProtocol = service.transport == .tcp ? .tcp : .udp
            if let sources = numbers.sources(service.sourceAddresses) { sourceRanges.append(sources) }
            var members: [UInt32] = []
            var servers: [(number: UInt64, backend: UInt32)] = []
            for (index, backend) in service.backends.enumerated() {
                let endpoint = Endpoint(backend.address, backend.port)
                let member = numbers.backend(backend.name, at: endpoint, of: number)
                let endpointNumber = numbers.endpoint(endpoint, transport)
                members.append(member)
                if let serverID = backend.serverID { servers.append((serverID, member)) }
                backends[member] = BackendPlan(
                    name: backend.name, service: number, index: index, endpoint: endpoint,
                    endpointNumber: endpointNumber, weight: backend.weight, state: states[member] ?? .up,
                    nextHop: links.nextHop(to: backend.address),
                    tunnel: Self.tunnel(service.mode, to: backend.address, from: configuration.tunnelSource))
                groupsOfBackends[member] = numbers.sourceGroup(of: service, toward: endpointNumber)
            }
            let table = ServiceTable(service, replacing: tables[service.name])
            made[service.name] = table
            services[number] = ServicePlan(
                service, number: number, backends: members, servers: servers, table: table,
                announcing: service.announce.map { names in
                    Set(
                        names.compactMap { name in configuration.interfaces.firstIndex { $0.name == name } }
                            .map { UInt16(truncatingIfNeeded: $0) })
                })
        }
        tables = made
        for old in previous?.services ?? [] where services[old.number] == nil {
            services[old.number] = old.removed(by: version)
        }
        for (number, old) in (previous?.backends ?? []).enumerated() where backends[UInt32(number)] == nil {
            backends[UInt32(number)] = old.removed(by: version)
        }
        self.init(
            version: version, configuration: configuration, links: links,
            services: (0..<services.count).compactMap { services[UInt16($0)] },
            backends: (0..<backends.count).compactMap { backends[UInt32($0)] }, numbers: numbers,
            sourceRanges: sourceRanges,
            // Flows to backends that were removed go on, and give their sources back where they took them.
            groupsOfBackends: (0..<backends.count).map { number in
                let known = previous?.groupsOfBackends ?? []
                let hasKnown = number < known.count && !numbers.backends.isVacant(number)
                return groupsOfBackends[UInt32(number)] ?? (hasKnown ? known[number] : .max)
            })
    }

    private static func tunnel(_ mode: ServiceMode, to address: IPAddress, from source: TunnelSource) -> Tunnel? {
        guard let outer = source.source(of: address.version) else { return nil }
        let encapsulation: Tunnel.Encapsulation
        switch mode {
        case .nat, .fullNAT, .dsr: return nil
        case .ipip: encapsulation = .ipip
        case .gre: encapsulation = .gre
        case .gue: encapsulation = .gue
        }
        return Tunnel(encapsulation, from: outer, to: address, guePort: source.guePort)
    }
}

extension BackendPlan {
    /// The backend after it was taken out of the configuration, be it by this version of the plan or by one before.
    fileprivate func removed(by version: UInt64) -> BackendPlan {
        BackendPlan(
            name: name, service: service, index: index, endpoint: endpoint, endpointNumber: endpointNumber, weight: 0,
            state: .down, nextHop: nextHop, tunnel: tunnel, removal: removal ?? version)
    }
}

extension ServicePlan {
    /// The service after it was taken out of the configuration, be it by this version of the plan or by one before.
    fileprivate func removed(by version: UInt64) -> ServicePlan {
        var removed = self
        removed.removal = removal ?? version
        return removed
    }

    fileprivate init(
        _ service: ServiceConfiguration, number: UInt16, backends: [UInt32],
        servers: [(number: UInt64, backend: UInt32)], table: ServiceTable, announcing: Set<UInt16>?
    ) {
        name = service.name
        self.number = number
        transport = service.transport == .tcp ? .tcp : .udp
        address = service.address
        port = service.port
        mode = service.mode
        flowMode =
            switch service.mode {
            case .nat: .nat
            case .fullNAT: .fullNAT
            case .dsr, .ipip, .gre, .gue: .oneWay
            }
        scheduler = service.scheduler
        self.backends = backends
        self.table = table
        resets = service.resetOnFailure
        endsFlows = service.endOnFailure
        fragmentsInner = service.fragmentInner
        clampMSS = service.clampMSS
        self.servers = service.quicConnectionID.map {
            QUICServers(form: $0.serverIDForm, readsLongHeaders: $0.readsHandshakes, servers: servers)
        }
        self.announcing = announcing
        persistence = service.persistence.map { Persistence($0) }
        let timeouts = service.timeouts
        self.timeouts = FlowTimeouts(
            handshake: FlowTimeout(.seconds(timeouts.tcpHandshake)),
            established: FlowTimeout(.seconds(timeouts.tcpEstablished)),
            closing: FlowTimeout(.seconds(timeouts.tcpClosing)), datagrams: FlowTimeout(.seconds(timeouts.udp)))
        fragmentTimeout = FlowTimeout(.seconds(timeouts.fragment))
        limits = FlowLimits(
            flows: service.flows ?? .max, halfOpen: service.halfOpen ?? .max, adopted: service.adopted ?? .max)
    }
}

extension FlowLimits {
    /// What holds for all services together.
    init(_ limits: ForwardingLimits) {
        self.init(flows: limits.flows, halfOpen: limits.halfOpen ?? .max, adopted: limits.adopted ?? .max)
    }
}
