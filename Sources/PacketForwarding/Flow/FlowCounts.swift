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

/// How many flows there have been: each that began has ended in one of the ways, or is there.
struct FlowTurnover: Hashable, Sendable {
    /// Flows that began, those that began anew included.
    var opened: UInt64 = 0
    /// Flows whose time came.
    var expired: UInt64 = 0
    /// Half-open flows that gave way to others.
    var evicted: UInt64 = 0
    /// Flows in whose place others began: the same client's, with the same backend or another one.
    var replaced: UInt64 = 0
    /// Flows that ended with their backend.
    var failed: UInt64 = 0
}

/// What becomes of a flow, as ``FlowTurnover`` counts it.
enum FlowEvent: Int {
    case opened, expired, evicted, replaced, failed
}

/// Where flows are counted: two cache lines of a table's tally, what packets of flows change in the first.
struct FlowCounter {
    static let byteCount = 128

    /// What is counted besides the kinds of flows, by its place behind them.
    private enum Place {
        static let adopted = 4
        static let events = 5
    }

    private let memory: TableMemory
    private let offset: Int

    @inline(__always)
    init(_ memory: TableMemory, at offset: Int) {
        self.memory = memory
        self.offset = offset
    }

    @inline(__always)
    private func number(_ place: Int) -> UInt64 { memory.count(at: offset &+ place &* 8) }

    private func number(_ event: FlowEvent) -> UInt64 { number(Place.events + event.rawValue) }

    @inline(__always)
    private func add(_ change: UInt64, _ place: Int) { memory.add(change, toCountAt: offset &+ place &* 8) }

    var counts: FlowCounts {
        FlowCounts(
            halfOpen: self[.halfOpen], established: self[.established], closing: self[.closing],
            datagrams: self[.datagrams], adopted: adopted)
    }

    var turnover: FlowTurnover {
        FlowTurnover(
            opened: number(.opened), expired: number(.expired), evicted: number(.evicted), replaced: number(.replaced),
            failed: number(.failed))
    }

    /// All flows, each once.
    var active: Int { self[.halfOpen] + self[.established] + self[.closing] + self[.datagrams] }

    @inline(__always)
    subscript(kind: FlowKind) -> Int { Int(truncatingIfNeeded: number(kind.rawValue)) }

    @inline(__always)
    var adopted: Int { Int(truncatingIfNeeded: number(Place.adopted)) }

    /// Counts a flow in, or out with -1.
    @inline(__always)
    func add(_ change: Int, _ state: FlowState) {
        let change = UInt64(bitPattern: Int64(change))
        add(change, state.phase.kind.rawValue)
        if state.isAdopted { add(change, Place.adopted) }
    }

    /// Begins anew, where there are no flows.
    func clear() { memory.part(at: offset, byteCount: Self.byteCount).clear() }

    /// Counts what becomes of a flow.
    func note(_ event: FlowEvent) { add(1, Place.events + event.rawValue) }
}
