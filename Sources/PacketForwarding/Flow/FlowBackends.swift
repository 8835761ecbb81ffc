/// What a table knows about the backends, 32 bytes each: how many flows each has, and who they are on the wire.
///
/// A backend here is one service's: a machine that serves two services is two backends, which have one endpoint, and are
/// drained and counted apart.
struct FlowBackends {
    private enum Offset {
        static let endpoint = FlowCounter.byteCount
        static let ports = 24
        static let end = 32
    }

    static let byteCount = Offset.end

    private let memory: TableMemory

    /// The backends whose records lie in `memory`, without flows, and each with an endpoint of its own.
    init(_ memory: TableMemory) {
        self.memory = memory
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
        FlowCounter(memory, at: start(backend))
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
