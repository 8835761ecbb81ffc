/// Who the numbers in flows stand for: what a process has to know that goes on with the flows of another one.
///
/// It holds each service and backend that flows may have, also those that were removed, and grows no further than the engines'
/// ``EngineCapacity``. It can be encoded, to be kept beside the memory of flows.
public struct ForwardingMembers: Hashable, Sendable, Codable {
    private struct Backend: Hashable, Sendable, Codable {
        var service: UInt16
        var backend: BackendConfiguration
    }

    /// The services in force, announced wherever they may be.
    public private(set) var services: [ServiceConfiguration] = []
    /// By number, without their backends.
    private var numberedServices: [ServiceConfiguration] = []
    private var numberedBackends: [Backend] = []
    private var sourceAddresses: [IPAddress] = []

    init() {}

    /// Takes note of a configuration whose services and backends have numbers.
    mutating func update(_ configuration: ForwardingConfiguration, _ numbers: inout ForwardingNumbers) {
        services = configuration.services
        for index in services.indices { services[index].announce = nil }
        for service in services {
            let number = numbers.service(service.name)
            var bare = service
            bare.backends = []
            numberedServices.put(bare, at: Int(number))
            for backend in service.backends {
                let place = numbers.backend(backend.name, at: Endpoint(backend.address, backend.port), of: number)
                numberedBackends.put(Backend(service: number, backend: backend), at: Int(place))
            }
        }
        sourceAddresses = numbers.sourceAddresses
    }

    /// Whether flows' numbers mean the same in both: weights make no difference.
    public func areAlike(_ other: ForwardingMembers) -> Bool {
        withoutWeights == other.withoutWeights
    }

    private var withoutWeights: ForwardingMembers {
        var members = self
        for service in members.services.indices {
            for backend in members.services[service].backends.indices {
                members.services[service].backends[backend].weight = 1
            }
        }
        for number in members.numberedBackends.indices { members.numberedBackends[number].backend.weight = 1 }
        return members
    }
}

extension ForwardingMembers {
    /// All services with all their backends, by number, those that were removed included.
    var all: [ServiceConfiguration] {
        var all = numberedServices
        for member in numberedBackends { all[Int(member.service)].backends.append(member.backend) }
        return all
    }

    /// The numbers.
    var numbers: ForwardingNumbers {
        var numbers = ForwardingNumbers()
        for service in numberedServices { _ = numbers.service(service.name) }
        for member in numberedBackends {
            let endpoint = Endpoint(member.backend.address, member.backend.port)
            _ = numbers.backend(member.backend.name, at: endpoint, of: member.service)
        }
        for address in sourceAddresses { numbers.source(address) }
        return numbers
    }

    /// Checks what was read from somewhere.
    ///
    /// - Parameter configuration: the one that it is to hold with.
    /// - Throws: ``ForwardingConfigurationError`` for the first thing that is wrong with it.
    func check(in configuration: ForwardingConfiguration) throws(ForwardingConfigurationError) {
        guard numberedServices.count <= 65_535, numberedBackends.count < UInt32.max,
            numberedBackends.allSatisfy({ Int($0.service) < numberedServices.count }),
            sourceAddresses.count <= 65_536, Set(sourceAddresses).count == sourceAddresses.count
        else { throw Self.contradiction }
        let numbers = numbers
        guard numbers.services.count == numberedServices.count, numbers.backends.count == numberedBackends.count
        else { throw Self.contradiction }
        // Each on its own: one that was removed may have been where another one is now.
        var alone = configuration
        (alone.neighbours, alone.routes) = ([], [])
        for service in numberedServices {
            alone.services = [service]
            try alone.check()
        }
        for member in numberedBackends {
            var service = numberedServices[Int(member.service)]
            service.backends = [member.backend]
            alone.services = [service]
            try alone.check()
        }
    }

    private static var contradiction: ForwardingConfigurationError {
        ForwardingConfigurationError(
            .unsuitable("the numbers contradict each other; begin without flows"), field: "members")
    }
}

extension Array {
    /// Puts an element at a place that there is, or behind the last one.
    fileprivate mutating func put(_ element: Element, at place: Int) {
        if place < count { self[place] = element } else { append(element) }
    }
}
