/// A point on the time line of one ``TimeSource``, in nanoseconds.
///
/// Only differences have a meaning, and only between timestamps of the same source.
@frozen
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Nanoseconds since the source's own origin.
    public var nanoseconds: UInt64

    /// Creates a timestamp from nanoseconds since the source's origin.
    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// Whether `lhs` came earlier than `rhs`.
    @inlinable
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }

    /// Stands for "no time": the end of the time line, 584 years after its origin.
    @inlinable
    static var untimed: Timestamp { Timestamp(nanoseconds: .max) }

    /// Stands for "no time, and others are to be told" as the start of a lease.
    @inlinable
    static var told: Timestamp { Timestamp(nanoseconds: .max - 1) }

    /// Stands for "no time any more" as the start of a lease.
    @inlinable
    static var kept: Timestamp { Timestamp(nanoseconds: .max - 2) }

    /// Whether a lease that began then is timed: so is one that began at any time of its clock.
    @inlinable
    var isTime: Bool { nanoseconds < Self.kept.nanoseconds }

    /// Nanoseconds since an earlier timestamp; 0 when `earlier` is later (a clock seen by two threads may be).
    @inlinable
    public func nanoseconds(since earlier: Timestamp) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds &- earlier.nanoseconds : 0
    }

    /// The time since an earlier timestamp; zero when `earlier` is later.
    public func duration(since earlier: Timestamp) -> Duration {
        .nanoseconds(Int64(clamping: nanoseconds(since: earlier)))
    }

    /// The timestamp `duration` later, at most the end of the time line; a negative duration does nothing.
    public func advanced(by duration: Duration) -> Timestamp {
        let step = duration.wholeNanoseconds
        let (sum, overflow) = nanoseconds.addingReportingOverflow(step)
        return Timestamp(nanoseconds: overflow ? .max : sum)
    }
}

extension Duration {
    /// The duration in nanoseconds: 0 when negative, `UInt64.max` when longer than 584 years.
    @usableFromInline
    var wholeNanoseconds: UInt64 {
        UInt64(clamping: attoseconds / 1_000_000_000)
    }
}
