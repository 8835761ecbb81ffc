/// How many flows there are of each kind.
struct FlowCounts: Hashable, Sendable {
    /// TCP, before the handshake is over.
    var halfOpen = 0
    /// TCP, established.
    var established = 0
    /// TCP, ended by FIN or RST and not yet forgotten.
    var closing = 0
    /// UDP.
    var datagrams = 0
    /// Those of them, of whatever kind, that another segment than a SYN opened.
    var adopted = 0

    /// All of them, each once.
    var active: Int { halfOpen + established + closing + datagrams }
}

/// Where flows are counted: twenty bytes in a table's memory.
struct FlowCounter {
    static let byteCount = 20
    private static let adopted = 16

    private let memory: TableMemory
    private let offset: Int

    @inline(__always)
    init(_ memory: TableMemory, at offset: Int) {
        self.memory = memory
        self.offset = offset
    }

    /// Begins at 0.
    func clear() {
        memory.part(at: offset, byteCount: Self.byteCount).clear()
    }

    var counts: FlowCounts {
        FlowCounts(
            halfOpen: self[.halfOpen], established: self[.established], closing: self[.closing],
            datagrams: self[.datagrams], adopted: adopted)
    }

    /// All flows, each once.
    var active: Int { self[.halfOpen] + self[.established] + self[.closing] + self[.datagrams] }

    @inline(__always)
    subscript(kind: FlowKind) -> Int {
        Int(memory.word32(at: offset &+ kind.rawValue &* 4))
    }

    @inline(__always)
    var adopted: Int { Int(memory.word32(at: offset &+ Self.adopted)) }

    /// Counts a flow in, or out with -1.
    @inline(__always)
    func add(_ change: Int32, _ state: FlowState) {
        add(change, at: offset &+ state.phase.kind.rawValue &* 4)
        if state.isAdopted { add(change, at: offset &+ Self.adopted) }
    }

    @inline(__always)
    private func add(_ change: Int32, at offset: Int) {
        memory.store(memory.word32(at: offset) &+ UInt32(bitPattern: change), at: offset)
    }
}
