/// How long flows of a service may be idle.
struct FlowTimeouts: Hashable, Sendable {
    /// TCP, half-open.
    var handshake = FlowTimeout(.seconds(60))
    /// TCP, established.
    var established = FlowTimeout(.seconds(900))
    /// TCP, closing.
    var closing = FlowTimeout(.seconds(10))
    /// UDP.
    var datagrams = FlowTimeout(.seconds(30))

    subscript(kind: FlowKind) -> FlowTimeout {
        switch kind {
        case .halfOpen: handshake
        case .established: established
        case .closing: closing
        case .datagrams: datagrams
        }
    }
}

/// How many flows there may be.
struct FlowLimits: Hashable, Sendable {
    /// Of all kinds together.
    var flows = Int.max
    /// Half-open ones, which strangers can make at will.
    var halfOpen = Int.max
    /// Adopted ones, which strangers can make at will.
    var adopted = Int.max
}

/// What a table knows about the services, 32 bytes each: how many flows each may have, and how long they may be idle; and
/// in its tally, how many each has.
struct FlowServices {
    private enum Offset {
        static let timeouts = 0
        static let halfOpenLimit = 16
        static let adoptedLimit = 20
        static let flowLimit = 24
        static let end = 32
    }

    static let byteCount = Offset.end

    private let memory: TableMemory
    private let counters: TableMemory

    /// The services whose records lie in `memory`, with the timeouts and limits of nobody, and their counts in `counters`.
    init(_ memory: TableMemory, counters: TableMemory) {
        self.memory = memory
        self.counters = counters
        memory.clear()
        for service in 0..<memory.byteCount / Self.byteCount {
            configure(UInt16(truncatingIfNeeded: service), FlowTimeouts(), FlowLimits())
        }
    }

    var count: Int { memory.byteCount / Self.byteCount }

    @inline(__always)
    private func start(_ service: UInt16) -> Int { Int(service) &* Offset.end }

    func configure(_ service: UInt16, _ timeouts: FlowTimeouts, _ limits: FlowLimits) {
        let start = start(service)
        for kind in FlowKind.allCases {
            memory.store(timeouts[kind].ticks, at: start + Offset.timeouts + kind.rawValue * 4)
        }
        memory.store(UInt32(clamping: limits.flows), at: start + Offset.flowLimit)
        memory.store(UInt32(clamping: limits.halfOpen), at: start + Offset.halfOpenLimit)
        memory.store(UInt32(clamping: limits.adopted), at: start + Offset.adoptedLimit)
    }

    @inline(__always)
    func counter(_ service: UInt16) -> FlowCounter {
        FlowCounter(counters, at: Int(service) &* FlowCounter.byteCount)
    }

    @inline(__always)
    func timeout(_ service: UInt16, _ kind: FlowKind) -> FlowTimeout {
        FlowTimeout(ticks: memory.word32(at: start(service) &+ Offset.timeouts &+ kind.rawValue &* 4))
    }

    func limits(_ service: UInt16) -> FlowLimits {
        FlowLimits(
            flows: Int(memory.word32(at: start(service) + Offset.flowLimit)),
            halfOpen: Int(memory.word32(at: start(service) + Offset.halfOpenLimit)),
            adopted: Int(memory.word32(at: start(service) + Offset.adoptedLimit)))
    }
}
