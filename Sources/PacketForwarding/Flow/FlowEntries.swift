/// The flows themselves, 64 bytes each: a cache line.
///
/// The last sixteen bytes mean one thing while the flow is half-open and another after that: its places in the order in
/// which half-open flows began, of all services and of its own; then what the client last acknowledged and sent, and
/// its place among its backend's flows.
///
/// A flow is there as soon as its standing is written, and gone as soon as that is 0. What must change together lies in
/// one word, and a change that cannot be done in one word is done while the flow is not there: a process that dies
/// between two writes leaves every flow whole or none. All else that a table holds is made anew from the flows.
struct FlowEntries {
    enum Offset {
        static let clientHigh = 0
        static let clientLow = 8
        static let ends = 16
        static let standing = 24
        static let deadline = 32
        static let began = 36
        static let end = 64
    }

    let memory: TableMemory

    @inline(__always)
    private func start(_ position: UInt32) -> Int {
        Int(truncatingIfNeeded: position) &* Offset.end
    }

    /// Asks for a flow's cache line; any number will do.
    @inline(__always)
    func prefetch(_ position: UInt32) {
        memory.prefetch(at: start(position))
    }

    /// Both words of the client's address; the first one is the target of an IPv4 flow that has one.
    @inline(__always)
    func client(_ position: UInt32) -> (high: UInt64, low: UInt64) {
        let start = start(position)
        return (memory.word64(at: start &+ Offset.clientHigh), memory.word64(at: start &+ Offset.clientLow))
    }

    @inline(__always)
    func setClient(of key: FlowKey, _ position: UInt32) {
        let start = start(position)
        memory.store(key.entryHigh, at: start &+ Offset.clientHigh)
        memory.store(key.client.low, at: start &+ Offset.clientLow)
    }

    @inline(__always)
    func ends(_ position: UInt32) -> FlowEnds {
        FlowEnds(rawValue: memory.word64(at: start(position) &+ Offset.ends))
    }

    @inline(__always)
    func setEnds(_ ends: FlowEnds, _ position: UInt32) {
        memory.store(ends.rawValue, at: start(position) &+ Offset.ends)
    }

    @inline(__always)
    func standing(_ position: UInt32) -> FlowStanding {
        FlowStanding(rawValue: memory.word64(at: start(position) &+ Offset.standing))
    }

    @inline(__always)
    func setStanding(_ standing: FlowStanding, _ position: UInt32) {
        memory.store(standing.rawValue, at: start(position) &+ Offset.standing)
    }

    /// When the flow ends, if nothing comes.
    @inline(__always)
    func deadline(_ position: UInt32) -> FlowTime {
        FlowTime(ticks: memory.word32(at: start(position) &+ Offset.deadline))
    }

    @inline(__always)
    func setDeadline(_ time: FlowTime, _ position: UInt32) {
        memory.store(time.ticks, at: start(position) &+ Offset.deadline)
    }

    /// When the flow began.
    @inline(__always)
    func began(_ position: UInt32) -> FlowTime {
        FlowTime(ticks: memory.word32(at: start(position) &+ Offset.began))
    }

    @inline(__always)
    func setBegan(_ time: FlowTime, _ position: UInt32) {
        memory.store(time.ticks, at: start(position) &+ Offset.began)
    }

    /// What the client last acknowledged, and below it the number that its next byte has; not of half-open flows.
    @inline(__always)
    func sequences(_ position: UInt32) -> UInt64 {
        memory.word64(at: start(position) &+ FlowLink.order.rawValue)
    }

    @inline(__always)
    func setSequences(_ numbers: UInt64, _ position: UInt32) {
        memory.store(numbers, at: start(position) &+ FlowLink.order.rawValue)
    }
}

/// A flow's cache line.
struct FlowLine {
    private let line: TableLine

    @inline(__always)
    fileprivate init(_ line: TableLine) {
        self.line = line
    }

    @inline(__always)
    var ends: FlowEnds { FlowEnds(rawValue: line.word64(at: FlowEntries.Offset.ends)) }

    @inline(__always)
    var standing: FlowStanding { FlowStanding(rawValue: line.word64(at: FlowEntries.Offset.standing)) }

    /// When the flow ends, if nothing comes.
    @inline(__always)
    var deadline: FlowTime {
        get { FlowTime(ticks: line.word32(at: FlowEntries.Offset.deadline)) }
        nonmutating set { line.store(newValue.ticks, at: FlowEntries.Offset.deadline) }
    }

    /// Whether it is the flow of a client's packets.
    @inline(__always)
    func isFlow(of key: FlowKey) -> Bool {
        line.word64(at: FlowEntries.Offset.clientLow) == key.client.low
            && line.word64(at: FlowEntries.Offset.clientHigh) == key.entryHigh
            && ends.clientAndService == key.ends && !standing.state.isFree
            && (key.entryMark == 0 || key.entryMark == standing.mark)
    }

    /// Whether it is the flow of a client's packets, whose key has no target.
    @inline(__always)
    func isPlainFlow(of key: FlowKey) -> Bool {
        line.word64(at: FlowEntries.Offset.clientLow) == key.client.low
            && line.word64(at: FlowEntries.Offset.clientHigh) == key.client.high
            && ends.clientAndService == key.ends && !standing.state.isFree
    }
}

extension FlowEntries {
    /// The cache line of a number that may be no position; `nil` if it is none.
    @inline(__always)
    func lineIfAny(_ position: UInt32) -> FlowLine? {
        memory.lineIfAny(at: start(position)).map { FlowLine($0) }
    }

    /// A flow's cache line: for whoever looks at much of it.
    @inline(__always)
    func line(_ position: UInt32) -> FlowLine {
        FlowLine(memory.line(at: start(position)))
    }
}

/// Positions that are in no use.
extension FlowEntries {
    /// The free position that was freed before this one.
    func nextFree(_ position: UInt32) -> UInt32 {
        memory.word32(at: start(position) + FlowLink.timer.rawValue)
    }

    func setNextFree(_ next: UInt32, _ position: UInt32) {
        memory.store(next, at: start(position) + FlowLink.timer.rawValue)
    }
}

/// The ends of a flow in one word: the client's port, the number of the service, the number of the backend.
struct FlowEnds: Hashable, Sendable, BitwiseCopyable {
    var rawValue: UInt64

    @inline(__always)
    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    @inline(__always)
    init(_ key: FlowKey, backend: UInt32) {
        rawValue = UInt64(key.ends) | UInt64(backend) &<< 32
    }

    /// The client's port, and the service's number above it.
    @inline(__always)
    var clientAndService: UInt32 { UInt32(truncatingIfNeeded: rawValue) }

    @inline(__always)
    var port: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    @inline(__always)
    var service: UInt16 { UInt16(truncatingIfNeeded: rawValue &>> 16) }

    @inline(__always)
    var backend: UInt32 {
        get { UInt32(truncatingIfNeeded: rawValue &>> 32) }
        set { rawValue = rawValue & 0xFFFF_FFFF | UInt64(newValue) &<< 32 }
    }
}

/// How a flow stands, in one word: its state, how it is forwarded, the client's IP version, and with full NAT the
/// source that it is given; without NAT the mark of an IPv6 flow that has a target.
struct FlowStanding: Hashable, Sendable, BitwiseCopyable {
    var rawValue: UInt64

    @inline(__always)
    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    @inline(__always)
    init(_ state: FlowState, _ mode: FlowMode, _ version: IPVersion, source: FlowSource) {
        rawValue =
            UInt64(state.rawValue) | UInt64(mode.rawValue) &<< 8 | UInt64(version.rawValue) &<< 16
            | UInt64(source.address) &<< 32 | UInt64(source.port) &<< 48
    }

    /// A one-way flow's.
    init(_ state: FlowState, _ version: IPVersion, mark: UInt32) {
        rawValue =
            UInt64(state.rawValue) | UInt64(FlowMode.oneWay.rawValue) << 8 | UInt64(version.rawValue) << 16
            | UInt64(mark) << 32
    }

    /// What tells flows apart that differ in their targets; of full NAT's the source.
    @inline(__always)
    var mark: UInt32 { UInt32(truncatingIfNeeded: rawValue &>> 32) }

    @inline(__always)
    var state: FlowState {
        get { FlowState(rawValue: UInt8(truncatingIfNeeded: rawValue)) }
        set { rawValue = rawValue & ~0xFF | UInt64(newValue.rawValue) }
    }

    @inline(__always)
    var mode: FlowMode { FlowMode(rawValue: UInt8(truncatingIfNeeded: rawValue &>> 8)) ?? .oneWay }

    @inline(__always)
    var version: IPVersion { UInt8(truncatingIfNeeded: rawValue &>> 16) == IPVersion.v4.rawValue ? .v4 : .v6 }

    @inline(__always)
    var source: FlowSource {
        FlowSource(
            address: UInt16(truncatingIfNeeded: rawValue &>> 32), port: UInt16(truncatingIfNeeded: rawValue &>> 48))
    }
}

/// The source that full NAT gives a flow: which of our addresses, and a port.
struct FlowSource: Hashable, Sendable, BitwiseCopyable {
    /// The number of the address.
    let address: UInt16
    let port: UInt16

    @inline(__always)
    init(address: UInt16, port: UInt16) {
        self.address = address
        self.port = port
    }

    static var none: FlowSource { FlowSource(address: 0, port: 0) }
}
