/// A latency average and the time of its last sample, in one word that threads exchange whole.
///
/// The upper half is the average in nanoseconds as a `Float`; the lower half the time in units of 2¹⁶ ns (65.5 µs), which
/// comes round after 78 hours: a backend that was idle for longer fades as if idle for the remainder.
@frozen
@usableFromInline
struct LatencyWord: Sendable {
    @usableFromInline let bits: UInt64

    /// Nanoseconds in one step of a stamp.
    @usableFromInline static let unit: UInt64 = 1 << 16

    /// More units than these are none: there two threads' clocks disagree.
    @inlinable static var mostUnits: UInt32 { 0xFFF0_0000 }

    @inlinable
    init(bits: UInt64) {
        self.bits = bits
    }

    @inlinable
    init(value: Float, stamp: UInt32) {
        bits = UInt64(value.bitPattern) << 32 | UInt64(stamp)
    }

    /// No sample yet.
    @inlinable
    static var unmeasured: LatencyWord { LatencyWord(bits: 0) }

    @inlinable
    static func stamp(of time: Timestamp) -> UInt32 {
        UInt32(truncatingIfNeeded: time.nanoseconds >> 16)
    }

    @inlinable
    var isUnmeasured: Bool { bits >> 32 == 0 }

    @inlinable
    var value: Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 32)) }

    /// The average as a duration: 146 years if it is longer.
    var duration: Duration { .nanoseconds(Int64(min(value, 0x1p62))) }

    @inlinable
    var stamp: UInt32 { UInt32(truncatingIfNeeded: bits) }

    /// Units from the last sample until `later`; 0 where two threads' clocks disagree by up to a minute.
    @inlinable
    func units(until later: UInt32) -> UInt32 {
        let elapsed = later &- stamp
        return elapsed > Self.mostUnits ? 0 : elapsed
    }
}
