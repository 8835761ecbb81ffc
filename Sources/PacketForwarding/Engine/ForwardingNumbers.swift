/// What flows refer to: numbers of services, backends, endpoints, source addresses and groups of source ports, which never
/// come to mean something else.
///
/// A service or backend that is removed keeps its number, and gets it back when it comes again.
struct ForwardingNumbers: Sendable {
    private struct Backend: Hashable {
        let service: UInt16
        let name: String
        let endpoint: Endpoint
    }

    private struct Port: Hashable {
        let endpoint: Endpoint
        let transport: IPProtocol
    }

    private var services: [String: UInt16] = [:]
    private var backends: [Backend: UInt32] = [:]
    private var endpoints: [Port: UInt32] = [:]
    private var sources: [IPAddress: UInt16] = [:]
    private var sourceLists: [[IPAddress]: ClosedRange<UInt16>] = [:]
    private var groups: [ForwardingPlan.SourceGroupPlan: UInt32] = [:]

    var serviceCount: Int { services.count }
    var backendCount: Int { backends.count }
    /// Full NAT's source addresses by number.
    private(set) var sourceAddresses: [IPAddress] = []

    mutating func service(_ name: String) -> UInt16 {
        let new = UInt16(truncatingIfNeeded: services.count)
        return services.valueOrInsert(new, for: name)
    }

    mutating func backend(_ name: String, at endpoint: Endpoint, of service: UInt16) -> UInt32 {
        let new = UInt32(truncatingIfNeeded: backends.count)
        return backends.valueOrInsert(new, for: Backend(service: service, name: name, endpoint: endpoint))
    }

    mutating func endpoint(_ endpoint: Endpoint, _ transport: IPProtocol) -> UInt32 {
        let new = UInt32(truncatingIfNeeded: endpoints.count)
        return endpoints.valueOrInsert(new, for: Port(endpoint: endpoint, transport: transport))
    }

    /// The numbers of the addresses in all lists of sources, one list behind the other.
    private(set) var listedSources: [UInt16] = []
    /// Groups of source ports by number.
    private(set) var sourceGroups: [ForwardingPlan.SourceGroupPlan] = []

    /// Where a list of source addresses stands in ``listedSources``; `nil` for an empty one, or if there is no room for more.
    mutating func sources(_ addresses: [IPAddress]) -> ClosedRange<UInt16>? {
        if let known = sourceLists[addresses] { return known }
        let end = listedSources.count + addresses.count - 1
        guard !addresses.isEmpty, end <= Int(UInt16.max) else { return nil }
        let places = UInt16(listedSources.count)...UInt16(end)
        for address in addresses {
            let new = UInt16(truncatingIfNeeded: sourceAddresses.count)
            if sources[address] == nil { sourceAddresses.append(address) }
            listedSources.append(sources.valueOrInsert(new, for: address))
        }
        sourceLists[addresses] = places
        return places
    }

    mutating func sourceGroup(_ group: ForwardingPlan.SourceGroupPlan) -> UInt32 {
        let new = UInt32(truncatingIfNeeded: groups.count)
        if groups[group] == nil { sourceGroups.append(group) }
        return groups.valueOrInsert(new, for: group)
    }

    /// Source addresses with their numbers.
    var sourceNumbers: [(IPAddress, UInt16)] { sources.map { ($0.key, $0.value) } }
}

extension Dictionary {
    fileprivate mutating func valueOrInsert(_ new: Value, for key: Key) -> Value {
        if let value = self[key] { return value }
        self[key] = new
        return new
    }
}
