/// What a flow table counts: one thread counts, and any other may read meanwhile.
///
/// The counts lie apart from the table's own memory, so that whoever reads them may outlive the table.
final class FlowTally: Sendable {
    private let allocation: TableAllocation
    /// The services that are counted.
    let services: Int
    /// The backends that are counted.
    let backends: Int

    /// Counts of no flows.
    init(services: Int, backends: Int) {
        self.services = services
        self.backends = backends
        allocation = TableAllocation(byteCount: (1 + services + backends) * FlowCounter.byteCount)
    }

    /// The memory of all counts; to be kept only beside the tally.
    var memory: TableMemory { allocation.memory }

    private func counter(_ place: Int) -> FlowCounter {
        FlowCounter(memory, at: place * FlowCounter.byteCount)
    }

    /// The flows of all services together.
    var all: FlowCounter { counter(0) }

    /// The flows of a service.
    func counter(ofService service: UInt16) -> FlowCounter { counter(1 + Int(service)) }

    /// The flows of a backend.
    func counter(ofBackend backend: UInt32) -> FlowCounter { counter(1 + services + Int(backend)) }

    /// The counts of services, one behind the other.
    var serviceMemory: TableMemory {
        memory.part(at: FlowCounter.byteCount, byteCount: services * FlowCounter.byteCount)
    }

    /// The counts of backends, one behind the other.
    var backendMemory: TableMemory {
        memory.part(at: (1 + services) * FlowCounter.byteCount, byteCount: backends * FlowCounter.byteCount)
    }
}
