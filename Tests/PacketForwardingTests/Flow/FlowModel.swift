import LoadBalancing

@testable import PacketForwarding

/// What a flow table should hold, in dictionaries and arrays that are searched from end to end.
struct FlowModel {
    struct Entry {
        let key: FlowKey
        var backend: UInt32
        var state: FlowState
        let mode: FlowMode
        var source: FlowSource
        var deadline: Int
        /// What passes for the order of beginning: see ``FlowTable/firstHalfOpen(of:)``.
        var order: Int
        /// Whether a search for the first half-open flow has passed it over.
        var isPassedOver = false
    }

    var entries: [FlowKey: Entry] = [:]
    var timeouts: [FlowTimeouts]
    var ownLimits: [FlowLimits]
    var limits = FlowLimits()
    /// The endpoint of each backend.
    var endpoints: [UInt32]
    let capacity: Int
    /// Ticks that never go round.
    var now: Int
    private var last = 0
    private var first = 0

    init(_ shape: FlowTableShape, now: Int) {
        timeouts = Array(repeating: FlowTimeouts(), count: shape.services)
        ownLimits = Array(repeating: FlowLimits(), count: shape.services)
        endpoints = (0..<UInt32(shape.backends)).map { $0 }
        capacity = shape.flows
        self.now = now
    }

    var time: FlowTime { FlowTime(ticks: UInt32(truncatingIfNeeded: now)) }

    mutating func nextOrder() -> Int {
        last += 1
        return last
    }

    func deadline(_ key: FlowKey, _ state: FlowState) -> Int {
        now + Int(timeouts[Int(key.service)][state.phase.kind].ticks)
    }

    /// Forgets the flows whose time has come.
    mutating func expire() {
        entries = entries.filter { $0.value.deadline > now }
    }

    func counts(where isMeant: (Entry) -> Bool = { _ in true }) -> FlowCounts {
        var counts = FlowCounts()
        for entry in entries.values where isMeant(entry) {
            switch entry.state.phase.kind {
            case .halfOpen: counts.halfOpen += 1
            case .established: counts.established += 1
            case .closing: counts.closing += 1
            case .datagrams: counts.datagrams += 1
            }
            if entry.state.isAdopted { counts.adopted += 1 }
        }
        return counts
    }

    /// The half-open flow that is to be evicted, and the marks that the search for it leaves.
    mutating func victim(ofService service: UInt16?) -> FlowKey? {
        let candidates = entries.values.filter {
            $0.state.phase.isOrdered && !$0.isPassedOver && (service == nil || $0.key.service == service)
        }
        for entry in candidates.sorted(by: { $0.order < $1.order }).prefix(32) {
            if entry.state.phase == .handshake { return entry.key }
            entries[entry.key]?.isPassedOver = true
        }
        return nil
    }

    /// What makes room for a new flow: `nil` if nothing does, else whom to evict, if anybody.
    mutating func room(_ key: FlowKey, _ state: FlowState, _ mode: FlowMode) -> (isThere: Bool, victim: FlowKey?) {
        let all = counts()
        let own = counts { $0.key.service == key.service }
        let ownLimits = ownLimits[Int(key.service)]
        if state.isAdopted, all.adopted >= limits.adopted || own.adopted >= ownLimits.adopted { return (false, nil) }
        let isShortOfOwn =
            own.active >= ownLimits.flows || state.phase == .handshake && own.halfOpen >= ownLimits.halfOpen
        let isShort =
            state.phase == .handshake && all.halfOpen >= limits.halfOpen
            || all.active >= min(limits.flows, capacity)
        guard isShort || isShortOfOwn else { return (true, nil) }
        guard mode.seesBoth, let victim = victim(ofService: isShortOfOwn ? key.service : nil) else {
            return (false, nil)
        }
        return (true, victim)
    }

    mutating func insert(_ key: FlowKey, _ backend: UInt32, _ state: FlowState, _ mode: FlowMode, _ source: FlowSource)
    {
        entries[key] = Entry(
            key: key, backend: backend, state: state, mode: mode, source: source, deadline: deadline(key, state),
            order: nextOrder())
    }

    mutating func restart(_ key: FlowKey, as state: FlowState) {
        guard var entry = entries[key] else { return }
        if entry.isPassedOver, state.phase == .handshake {
            first -= 1
            entry.order = first
            entry.isPassedOver = false
        }
        if !state.phase.isOrdered { entry.isPassedOver = false }
        entry.state = state
        entry.deadline = deadline(key, state)
        entries[key] = entry
    }

    mutating func begin(_ key: FlowKey, _ backend: UInt32, _ state: FlowState, _ source: FlowSource) {
        guard var entry = entries[key] else { return }
        entry.backend = backend
        entry.state = state
        entry.source = source
        entry.deadline = deadline(key, state)
        entry.order = nextOrder()
        entry.isPassedOver = false
        entries[key] = entry
    }
}

extension FlowKey {
    /// One of `count` flows, of both IP versions, both protocols and several services.
    static func any(_ number: Int, services: Int, mode: (UInt16) -> FlowMode) -> FlowKey {
        let service = UInt16(number % services)
        let client = UInt64(number / services / 2 % 50)
        return FlowKey(
            client: service % 4 < 2
                ? IPAddress(v4: 0xC633_6400 | UInt32(client)) : IPAddress(v6: 0x2001_0DB8_000C_0000, client),
            port: UInt16(1024 + number / services / 100), transport: service % 2 == 0 ? .tcp : .udp, service: service,
            mode: mode(service))
    }
}
