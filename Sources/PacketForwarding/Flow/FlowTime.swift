import LoadBalancing

/// A time of the flow table: 256 ticks a second, in 32 bits that go round after 194 days.
///
/// Only differences have a meaning, and they are right up to 97 days: a flow that waits for less is never taken for one
/// that has waited for more, wherever the number goes round.
struct FlowTime: Hashable, Sendable, BitwiseCopyable {
    /// Ticks since some origin, modulo 2³².
    var ticks: UInt32

    @inline(__always)
    init(ticks: UInt32) {
        self.ticks = ticks
    }

    /// The tick that `timestamp` lies in.
    @inline(__always)
    init(_ timestamp: Timestamp) {
        ticks = UInt32(truncatingIfNeeded: timestamp.nanoseconds / 3_906_250)
    }

    /// Ticks from `earlier` to this time; negative where this one is the earlier.
    @inline(__always)
    func ticks(since earlier: FlowTime) -> Int32 {
        Int32(bitPattern: ticks &- earlier.ticks)
    }

    /// Whether this time has come by `now`.
    @inline(__always)
    func hasCome(by now: FlowTime) -> Bool {
        now.ticks(since: self) >= 0
    }

    @inline(__always)
    static func + (time: FlowTime, timeout: FlowTimeout) -> FlowTime {
        FlowTime(ticks: time.ticks &+ timeout.ticks)
    }
}

/// How long a flow, or something else in a table, lasts: from 1 tick to 24 days, or no time at all.
struct FlowTimeout: Hashable, Sendable, BitwiseCopyable {
    let ticks: UInt32

    /// The longest: an eighth of the clock's round.
    static let longest: UInt32 = 1 << 29

    /// No time at all.
    static let none = FlowTimeout(exactly: 0)

    private init(exactly ticks: UInt32) {
        self.ticks = ticks
    }

    /// `ticks` brought between 1 and the longest.
    init(ticks: UInt32) {
        self.ticks = min(max(ticks, 1), Self.longest)
    }

    /// `duration` in whole ticks, rounded up, brought between 1 and the longest.
    init(_ duration: Duration) {
        let seconds = min(max(duration, .zero), .seconds(Int64(Self.longest / 256)))
        let attoseconds = seconds.components.attoseconds
        let ticks = seconds.components.seconds * 256 + (attoseconds + 3_906_249_999_999_999) / 3_906_250_000_000_000
        self.init(ticks: UInt32(clamping: ticks))
    }
}
