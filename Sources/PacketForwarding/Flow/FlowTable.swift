import LoadBalancing

/// The flows of one worker: bounded, exact, found in two cache lines, and never a pause.
///
/// Whatever is done takes a bounded number of steps, and no memory but that which the table was given. A flow is known
/// by its position, a number below ``FlowTableShape/flows`` that stays the same as long as the flow does; nobody may
/// keep a position past the call that could end the flow (``find(_:hash:candidate:now:)`` takes a kept one for a hint,
/// and checks it).
///
/// For a batch of packets, what takes long is asked for ahead: ``prefetch(_:)`` for all, then ``candidate(_:)`` for
/// all, then ``find(_:hash:candidate:now:)``. A flow whose time has come is gone for every search, whether or not
/// ``expire(now:budget:)`` has come by already.
///
/// Numbers of services and backends are the caller's, and must be below those of the shape.
struct FlowTable: ~Copyable {
    let shape: FlowTableShape
    /// The secret of the hash.
    let secret: SipKey
    /// The hash that flows are found by, which depends on the secret alone.
    let hasher: FlowHasher

    /// Owns the memory that all others share.
    private let allocation: TableAllocation
    let header: FlowTableHeader
    let services: FlowServices
    let backends: FlowBackends
    let entries: FlowEntries
    let lists: FlowLists
    let index: ChunkedIndex
    /// Full NAT: by what the backend's packets name.
    let translated: ChunkedIndex?
    var sources: SourcePorts?
    var wheel: TimingWheel

    /// How many flows there may be in all; never more than the shape has room for.
    var limits = FlowLimits()
    /// How many flows there are, for whoever asks on another thread; it owns the memory of all counts.
    let tally: FlowTally
    /// How many flows there are in all.
    let counter: FlowCounter
    /// Whose loads have changed.
    var loadChanges = LoadChanges()
    /// The last of the positions that were used and are free again.
    var lastFree = FlowTable.none
    /// The next flow of the walk through a backend's flows.
    var walk = FlowTable.none

    /// No position.
    static var none: UInt32 { .max }

    /// An empty table in memory of its own.
    init(_ shape: FlowTableShape, identity: FlowTableIdentity = FlowTableIdentity(), secret: SipKey, now: FlowTime) {
        self.init(TableAllocation(byteCount: shape.byteCount), shape, secret, now)
        header.write(shape, identity, secret: secret)
    }

    /// An empty table in lent memory, whatever that holds.
    ///
    /// - Parameters:
    ///   - memory: Memory that outlives the table, belongs to nobody else meanwhile, and has been written before. It
    ///     holds the secret from now on.
    ///   - shape: How large the table is.
    ///   - identity: Whose flows it holds.
    ///   - secret: The key of its hash, unknown to others.
    ///   - now: The present.
    /// - Throws: ``FlowTableError`` if the memory is too small.
    @unsafe
    init(
        formatting memory: UnsafeMutableRawBufferPointer, _ shape: FlowTableShape, identity: FlowTableIdentity,
        secret: SipKey, now: FlowTime
    ) throws(FlowTableError) {
        guard memory.count >= shape.byteCount else {
            throw FlowTableError(.tooSmall(byteCount: memory.count, needed: shape.byteCount))
        }
        self.init(unsafe TableAllocation(lent: memory), shape, secret, now)
        header.write(shape, identity, secret: secret)
    }

    /// A table in `allocation` around whatever its header and its flows are; all else is made anew, for no flows.
    init(_ allocation: consuming TableAllocation, _ shape: FlowTableShape, _ secret: SipKey, _ now: FlowTime) {
        let memory = allocation.memory
        let parts = FlowTableShape.Parts(shape)
        func part(_ offset: Int, _ byteCount: Int) -> TableMemory { memory.part(at: offset, byteCount: byteCount) }

        self.allocation = allocation
        self.shape = shape
        self.secret = secret
        hasher = FlowHasher(secret: secret)
        header = FlowTableHeader(part(parts.header, FlowTableHeader.byteCount))
        tally = FlowTally(services: shape.services, backends: shape.backends)
        services = FlowServices(
            part(parts.services, shape.services * FlowServices.byteCount), counters: tally.serviceMemory)
        backends = FlowBackends(
            part(parts.backends, shape.backends * FlowBackends.byteCount), counters: tally.backendMemory)
        entries = FlowEntries(memory: part(parts.entries, shape.flows * FlowEntries.Offset.end))
        lists = FlowLists(
            entries: entries.memory, heads: part(parts.heads, shape.listCount * FlowLists.headByteCount))
        wheel = TimingWheel(
            lists: lists, entries: entries, occupied: part(parts.occupied, TimingWheel.byteCount), now: now)
        let chunks = ChunkedIndex.byteCount(for: shape.flows)
        index = ChunkedIndex(clearing: part(parts.index, chunks))
        translated = shape.sources.map { _ in ChunkedIndex(clearing: part(parts.translated, chunks)) }
        sources = shape.sources.map { SourcePorts(part(parts.sources, $0.byteCount), $0, secret: secret) }
        counter = tally.all
    }
}

extension FlowTable {
    /// How many flows there are; those whose time has come count until ``expire(now:budget:)`` comes by.
    var counts: FlowCounts { counter.counts }

    /// How many flows of a service there are.
    func counts(ofService service: UInt16) -> FlowCounts { services.counter(service).counts }

    /// How many flows of a backend there are.
    func counts(ofBackend backend: UInt32) -> FlowCounts { backends.counter(backend).counts }

    /// Says how long a service's flows may be idle, from their next packets on, and how many new ones it may have.
    func configure(service: UInt16, _ timeouts: FlowTimeouts, limits: FlowLimits = FlowLimits()) {
        services.configure(service, timeouts, limits)
    }

    /// Says who a backend is: the same endpoint for backends with the same address and port, and a group of source
    /// ports.
    ///
    /// A backend that has flows keeps its endpoint.
    mutating func configure(backend: UInt32, endpoint: UInt32, ports: UInt32 = 0) {
        let before = backends.ports(backend)
        backends.configure(backend, endpoint: endpoint, ports: ports)
        let hasFlows = counts(ofBackend: backend).active > 0
        if before != ports { sources?.move(from: before, to: ports, hasFlows: hasFlows) }
    }
}
