/// What flows refer to: numbers of services, backends, endpoints and source addresses, which never come to mean something
/// else.
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

    /// The numbers of source addresses, which follow one another: new ones, unless they were given before.
    mutating func sources(_ addresses: [IPAddress]) -> ClosedRange<UInt16>? {
        guard let first = addresses.first else { return nil }
        let known = addresses.map { sources[$0] }
        if let start = known.first ?? nil,
            known.enumerated().allSatisfy({ $1 == start &+ UInt16(truncatingIfNeeded: $0) })
        {
            return start...start &+ UInt16(truncatingIfNeeded: addresses.count - 1)
        }
        let start = UInt16(truncatingIfNeeded: sourceAddresses.count)
        for address in addresses {
            sources[address] = UInt16(truncatingIfNeeded: sourceAddresses.count)
            sourceAddresses.append(address)
        }
        _ = first
        return start...UInt16(truncatingIfNeeded: sourceAddresses.count - 1)
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
