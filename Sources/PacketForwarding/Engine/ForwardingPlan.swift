import LoadBalancing

/// A configuration as the packet path needs it: made by control, never changed, shared by all workers.
final class ForwardingPlan: Sendable {
    /// The number of plans before it.
    let version: UInt64
    let links: Links
    /// By number; those that were removed are down.
    let services: [ServicePlan]
    /// By number; those that were removed are down.
    let backends: [BackendPlan]
    /// What packets need of the plan.
    let tables: ForwardingTables
    let limits: ForwardingLimits
    let fleetSeed: UInt64
    /// Full NAT's source addresses by number.
    let sourceAddresses: [IPAddress]
    /// Groups of source ports by number: who may use which.
    let sourceGroups: [SourceGroupPlan]
    /// Full NAT's lists of source addresses, one behind the other: numbers of addresses.
    let listedSources: [UInt16]
    /// The group of each backend; the highest number for none.
    let groupsOfBackends: [UInt32]
    let tunnelSource: TunnelSource
    /// How many owners the numbers of services and backends had before.
    private let serviceTurns: [UInt32]
    private let backendTurns: [UInt32]

    /// A digest of who the numbers of services, backends and sources stand for.
    let memberDigest: UInt64

    private let servedAddresses: AddressMap
    private let anyPort: AddressMap
    /// The services that were not removed.
    private let present: [ServicePlan]
    /// Services of prefixes, longest first.
    private let prefixes: [(IPPrefix, UInt16)]
    private let sources: AddressMap
    /// Where lists of source addresses stand in ``listedSources``.
    private let sourceRanges: [ClosedRange<UInt16>]
    private let tunnelDestinations: Set<IPAddress>

    /// A group of full NAT's source ports.
    struct SourceGroupPlan: Hashable, Sendable {
        let range: SourceRange
        let endpoint: UInt32
        let transport: IPProtocol
    }

    init(
        version: UInt64, configuration: ForwardingConfiguration, links: Links, services: [ServicePlan],
        backends: [BackendPlan], numbers: ForwardingNumbers, sourceRanges: [ClosedRange<UInt16>],
        groupsOfBackends: [UInt32]
    ) {
        self.version = version
        self.links = links
        self.services = services
        self.backends = backends
        limits = configuration.limits
        fleetSeed = configuration.fleet.seed
        tunnelSource = configuration.tunnelSource
        sourceAddresses = numbers.sourceAddresses
        sourceGroups = numbers.sourceGroups
        listedSources = numbers.listedSources
        // Those in force go before those that flows may still have sources of.
        self.sourceRanges = sourceRanges + numbers.sourceGroups.reversed().map(\.range.addresses)
        self.groupsOfBackends = groupsOfBackends
        serviceTurns = numbers.services.turns
        backendTurns = numbers.backends.turns

        present = services.filter { $0.removal == nil }
        let single = present.filter { $0.address.bitCount == $0.address.address.bitWidth }
        servedAddresses = AddressMap(single.map { (AddressMap.Key($0.address.address), 0) })
        let exact = single.filter { $0.port != nil }.map {
            (
                end: $0.endpoint, transport: $0.transport,
                value: FlowKey.serviceAndGroup($0.number, $0.flowMode, $0.transport)
            )
        }
        anyPort = AddressMap(
            single.filter { $0.port == nil }.map {
                (AddressMap.Key($0.address.address, port: 0, transport: $0.transport), UInt32($0.number))
            })
        prefixes = present.filter { $0.address.bitCount < $0.address.address.bitWidth }
            .sorted { $0.address.bitCount > $1.address.bitCount }.map { ($0.address, $0.number) }
        let translatedEndpoints = AddressMap(
            backends.filter { services[Int($0.service)].mode.isNAT }.map {
                (
                    AddressMap.Key(
                        $0.endpoint.address, port: $0.endpoint.port, transport: services[Int($0.service)].transport),
                    $0.endpointNumber
                )
            })
        sources = AddressMap(numbers.sourceNumbers.map { (AddressMap.Key($0.0), UInt32($0.1)) })
        tunnelDestinations = Set(backends.filter { $0.tunnel != nil }.map(\.endpoint.address))
        memberDigest = Self.memberDigest(services, backends, numbers.sourceAddresses)
        tables = ForwardingTables(
            rules: FixedTable(services.map { ServiceRule($0) }),
            routes: FixedTable(backends.map { BackendRoute($0, of: services[Int($0.service)]) }),
            stations: FixedTable(links.interfaces.map(\.mac)), sourceAddresses: FixedTable(numbers.sourceAddresses),
            services: AddressMap(
                exact.map { (AddressMap.Key($0.end.address, port: $0.end.port, transport: $0.transport), $0.value) }),
            narrowServices: EndpointMap(exact), translatedEndpoints: translatedEndpoints,
            seed: configuration.fleet.seed, hasTunnels: backends.contains { $0.tunnel != nil })
    }

    /// The numbers that stand for others than in the plan before.
    func handovers(since before: ForwardingPlan) -> (services: Set<UInt16>, backends: Set<UInt32>) {
        let services = Set(
            zip(before.serviceTurns, serviceTurns).enumerated().filter { $0.element.0 != $0.element.1 }
                .map { UInt16(truncatingIfNeeded: $0.offset) })
        var backends: Set<UInt32> = []
        for (number, (old, new)) in zip(before.backendTurns, backendTurns).enumerated()
        where old != new || services.contains(self.backends[number].service) {
            backends.insert(UInt32(truncatingIfNeeded: number))
        }
        return (services, backends)
    }

    /// Whether a service has the address, whatever its protocol and port.
    @inline(__always)
    func isServed(_ address: IPAddress) -> Bool {
        servedAddresses[AddressMap.Key(address)] != nil || !prefixes.isEmpty && isServedByPrefix(address)
    }

    @inline(never)
    private func isServedByPrefix(_ address: IPAddress) -> Bool {
        prefixes.contains { $0.0.contains(address) }
    }

    /// The service of an address, port and protocol; a single port goes before any, an address before a prefix.
    @inline(__always)
    func service(at address: IPAddress, port: UInt16, transport: IPProtocol) -> Int? {
        if let number = tables.serviceAndGroup(at: address, port: port, transport: transport) {
            return Int(number & 0xFFFF)
        }
        return rareService(at: address, port: port, transport: transport)
    }

    @inline(never)
    private func rareService(at address: IPAddress, port: UInt16, transport: IPProtocol) -> Int? {
        if let number = anyPort[AddressMap.Key(address, port: 0, transport: transport)] { return Int(number) }
        var found: Int?
        for (prefix, number) in prefixes where prefix.contains(address) {
            let service = services[Int(number)]
            guard service.transport == transport else { continue }
            if service.port == port { return Int(number) }
            if service.port == nil, found == nil { found = Int(number) }
        }
        return found
    }

    /// The number of an address that full NAT gives flows as their source.
    @inline(__always)
    func source(_ address: IPAddress) -> UInt16? {
        sources[AddressMap.Key(address)].map { UInt16(truncatingIfNeeded: $0) }
    }

    /// The worker to whom full NAT's source address belongs; `nil` for another address.
    func owner(ofSource address: IPAddress, workers: Int) -> Int? {
        guard let number = source(address) else { return nil }
        for range in sourceRanges {
            guard let place = range.first(where: { listedSources[Int($0)] == number }) else { continue }
            return SourceRange.owner(
                ofPlace: Int(place - range.lowerBound), among: range.count, workers: workers)
        }
        return nil
    }

    /// Whether packets to the address leave in a tunnel.
    func isTunnelDestination(_ address: IPAddress) -> Bool { tunnelDestinations.contains(address) }

    /// Whether the engine answers on an interface for an address that stations of its link ask for.
    func answers(for address: IPAddress, on interface: UInt16) -> Bool {
        for service in present where service.address.contains(address) {
            if service.announcing?.contains(interface) ?? true { return true }
        }
        return sources[AddressMap.Key(address)] != nil && !links.isOwn(address)
            && links.interface(onLinkOf: address) == interface
    }
}
