/// What a table knows about the backends, 8 bytes each: who they are on the wire; and in its tally, how many flows each has.
///
/// A backend here is one service's: a machine that serves two services is two backends, which have one endpoint, and
/// are drained and counted apart.
struct FlowBackends {
    private enum Offset {
        static let endpoint = 0
        static let ports = 4
        static let end = 8
    }

    static let byteCount = Offset.end

    private let memory: TableMemory
    private let counters: TableMemory

    /// The backends whose records lie in `memory`, each with an endpoint of its own, and their counts in `counters`.
    init(_ memory: TableMemory, counters: TableMemory) {
        self.memory = memory
        self.counters = counters
        memory.clear()
        for backend in 0..<memory.byteCount / Self.byteCount {
            let number = UInt32(truncatingIfNeeded: backend)
            configure(number, endpoint: number, ports: number)
        }
    }

    var count: Int { memory.byteCount / Self.byteCount }

    @inline(__always)
    private func start(_ backend: UInt32) -> Int { Int(truncatingIfNeeded: backend) &* Offset.end }

    func configure(_ backend: UInt32, endpoint: UInt32, ports: UInt32) {
        memory.store(endpoint, at: start(backend) + Offset.endpoint)
        memory.store(ports, at: start(backend) + Offset.ports)
    }

    @inline(__always)
    func counter(_ backend: UInt32) -> FlowCounter {
        FlowCounter(counters, at: Int(truncatingIfNeeded: backend) &* FlowCounter.byteCount)
    }

    /// The number of the backend's address and port.
    @inline(__always)
    func endpoint(_ backend: UInt32) -> UInt32 {
        memory.word32(at: start(backend) &+ Offset.endpoint)
    }

    /// The number of the port group that full NAT takes sources from.
    func ports(_ backend: UInt32) -> UInt32 {
        memory.word32(at: start(backend) + Offset.ports)
    }
}
