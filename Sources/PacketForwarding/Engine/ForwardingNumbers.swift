/// What flows refer to: numbers of services, backends, endpoints, source addresses and groups of source ports, which do not
/// come to mean something else as long as a flow may have them.
///
/// A service or backend that is removed keeps its number until ``release(after:_:)`` finds that no flow has it; then somebody
/// new may be given it.
struct ForwardingNumbers: Sendable {
    struct Backend: Hashable {
        let service: UInt16
        let name: String
        let endpoint: Endpoint
    }

    private struct Port: Hashable {
        let endpoint: Endpoint
        let transport: IPProtocol
    }

    private(set) var services = ReusableNumbers<String>()
    private(set) var backends = ReusableNumbers<Backend>()
    private var groups = ReusableNumbers<ForwardingPlan.SourceGroupPlan>()
    private var endpoints: [Port: UInt32] = [:]
    private var nextEndpoint: UInt32 = 0
    private var sources: [IPAddress: UInt16] = [:]
    private var sourceLists: [[IPAddress]: ClosedRange<UInt16>] = [:]

    /// Full NAT's source addresses by number.
    private(set) var sourceAddresses: [IPAddress] = []
    /// The numbers of the addresses in all lists of sources, one list behind the other.
    private(set) var listedSources: [UInt16] = []
    /// Groups of source ports by number.
    var sourceGroups: [ForwardingPlan.SourceGroupPlan] { groups.owners }

    mutating func service(_ name: String) -> UInt16 {
        UInt16(truncatingIfNeeded: services.number(of: name))
    }

    mutating func backend(_ name: String, at endpoint: Endpoint, of service: UInt16) -> UInt32 {
        UInt32(truncatingIfNeeded: backends.number(of: Backend(service: service, name: name, endpoint: endpoint)))
    }

    mutating func endpoint(_ endpoint: Endpoint, _ transport: IPProtocol) -> UInt32 {
        let port = Port(endpoint: endpoint, transport: transport)
        if let known = endpoints[port] { return known }
        endpoints[port] = nextEndpoint
        nextEndpoint &+= 1
        return nextEndpoint &- 1
    }

    /// The number of one of full NAT's source addresses.
    @discardableResult
    mutating func source(_ address: IPAddress) -> UInt16 {
        if let known = sources[address] { return known }
        let new = UInt16(truncatingIfNeeded: sourceAddresses.count)
        sourceAddresses.append(address)
        sources[address] = new
        return new
    }

    /// Where a list of source addresses stands in ``listedSources``; `nil` for an empty one, or if there is no room for more.
    mutating func sources(_ addresses: [IPAddress]) -> ClosedRange<UInt16>? {
        if let known = sourceLists[addresses] { return known }
        let end = listedSources.count + addresses.count - 1
        guard !addresses.isEmpty, end <= Int(UInt16.max) else { return nil }
        let places = UInt16(listedSources.count)...UInt16(end)
        for address in addresses { listedSources.append(source(address)) }
        sourceLists[addresses] = places
        return places
    }

    /// The group of source ports that a service uses toward an endpoint; `nil` if it uses none.
    mutating func sourceGroup(of service: ServiceConfiguration, toward endpoint: UInt32) -> UInt32? {
        guard let ports = service.sourcePorts, let sources = sources(service.sourceAddresses) else { return nil }
        let group = ForwardingPlan.SourceGroupPlan(
            range: SourceRange(addresses: sources, ports: ports.first...max(ports.first, ports.last)),
            endpoint: endpoint, transport: service.transport == .tcp ? .tcp : .udp)
        return UInt32(truncatingIfNeeded: groups.number(of: group))
    }

    /// Gives numbers to all services and backends of a configuration that have none.
    mutating func give(to configuration: ForwardingConfiguration) {
        for service in configuration.services {
            let number = self.service(service.name)
            for backend in service.backends {
                let endpoint = Endpoint(backend.address, backend.port)
                _ = self.backend(backend.name, at: endpoint, of: number)
                _ = sourceGroup(
                    of: service, toward: self.endpoint(endpoint, service.transport == .tcp ? .tcp : .udp))
            }
        }
    }

    /// Checks that an engine has room for all that have numbers.
    ///
    /// - Parameter capacity: the engine's, which is settled.
    /// - Throws: ``ForwardingConfigurationError`` if it has not.
    func check(_ capacity: EngineCapacity) throws(ForwardingConfigurationError) {
        for (field, count, capacity) in [
            ("services", services.count, capacity.services), ("services.backends", backends.count, capacity.backends),
            ("services.sourceAddresses", groups.count, capacity.sourceGroups ?? 0),
        ] where count > capacity {
            throw ForwardingConfigurationError(.outgrown(count: count, capacity: capacity), field: field)
        }
    }

    /// Source addresses with their numbers.
    var sourceNumbers: [(IPAddress, UInt16)] { sources.map { ($0.key, $0.value) } }
}

extension ForwardingNumbers {
    /// Takes the numbers back that nobody goes by any more: those of services and backends that were removed, as soon as all
    /// engines know of it and none has a flow of them.
    ///
    /// No flow can begin with them afterwards. Nothing is taken back while there are no engines, or one has not said how it
    /// stands: flows may wait in memory for it.
    ///
    /// - Parameters:
    ///   - plan: the plan in force.
    ///   - engines: all engines that there are.
    /// - Complexity: O(n) for n services, backends and groups, for each engine.
    mutating func release(after plan: ForwardingPlan, _ engines: [EnginePresence]) {
        let reports = engines.compactMap(\.lastReport)
        guard !engines.isEmpty, reports.count == engines.count else { return }
        var servicesInUse: Set<UInt16> = []
        var groupsInUse: Set<UInt32> = []
        for (place, backend) in plan.backends.enumerated() where !backends.isVacant(place) {
            let number = UInt32(truncatingIfNeeded: place)
            if let removal = backend.removal, reports.allSatisfy({ $0.isIdle(backend: number, removedBy: removal) }) {
                backends.vacate(place)
            } else {
                servicesInUse.insert(backend.service)
                groupsInUse.insert(plan.groupsOfBackends[place])
            }
        }
        for service in plan.services where !servicesInUse.contains(service.number) {
            guard let removal = service.removal else { continue }
            if reports.allSatisfy({ $0.isIdle(service: service.number, removedBy: removal) }) {
                services.vacate(Int(service.number))
            }
        }
        for group in 0..<groups.count where !groupsInUse.contains(UInt32(truncatingIfNeeded: group)) {
            groups.vacate(group)
        }
        let endpointsInUse = Set(plan.backends.map(\.endpointNumber)).union(sourceGroups.map(\.endpoint))
        endpoints = endpoints.filter { endpointsInUse.contains($0.value) }
    }
}
