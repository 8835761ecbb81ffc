import Synchronization

/// How many leases took how long, in log-linear buckets: 8 for each doubling, so a bucket is at most 12.5 % wide.
///
/// From 1.024 µs (all that is quicker shares 8 buckets) to 73 minutes (all that is slower shares the last).
///
/// - Note: the buckets of HdrHistogram; as fine as Prometheus' native histograms of schema 3.
public struct LatencyHistogram: Hashable, Sendable {
    /// How many leases fell into each bucket; see ``upperBound(ofBucket:)``.
    public let counts: [UInt64]
    /// How many leases there were.
    public let count: UInt64
    /// How long they took together.
    public let sum: Duration

    /// The number of buckets.
    public static var bucketCount: Int { Buckets.count }

    /// The longest latency that falls into a bucket.
    public static func upperBound(ofBucket bucket: Int) -> Duration {
        .nanoseconds(Int64(clamping: Buckets.start(of: bucket + 1) - 1))
    }

    /// The latency that a part of the leases did not exceed, as the upper bound of its bucket; `nil` without leases.
    ///
    /// - Parameter part: 0.5 for the median, 0.99 for the 99th percentile.
    /// - Returns: a latency that is too long by 12.5 % at the most.
    public func quantile(_ part: Double) -> Duration? {
        guard count > 0 else { return nil }
        let rank = max(UInt64((part.clamped(to: 0...1) * Double(count)).rounded(.up)), 1)
        var seen: UInt64 = 0
        for (bucket, inBucket) in counts.enumerated() {
            seen += inBucket
            if seen >= rank { return Self.upperBound(ofBucket: bucket) }
        }
        return Self.upperBound(ofBucket: Buckets.count - 1)
    }

    /// How many leases took no longer than `latency`; exact for the bounds of buckets, else for the bucket below.
    public func count(upTo latency: Duration) -> UInt64 {
        counts.enumerated().reduce(0) { $0 + (Self.upperBound(ofBucket: $1.offset) <= latency ? $1.element : 0) }
    }
}

extension LatencyHistogram {
    /// The buckets that leases count in.
    ///
    /// Invariant: `counts` has `count` initialised elements for as long as the object lives, and every index comes from
    /// ``bucket(of:)``, which is below `count`.
    @safe
    final class Buckets: @unchecked Sendable {
        /// 240: the units' 8, and 8 for each doubling up to 2³² units.
        static let count = 240
        /// Nanoseconds of one unit, as a power of two.
        private static let unitBits: UInt64 = 10

        private let counts: UnsafeMutablePointer<Atomic<UInt64>>
        private let nanoseconds = Atomic<UInt64>(0)

        init() {
            unsafe counts = .allocate(capacity: Self.count)
            for index in 0..<Self.count { unsafe (counts + index).initialize(to: Atomic(0)) }
        }

        deinit {
            unsafe counts.deallocate()
        }

        /// The bucket that a latency falls into.
        static func bucket(of nanoseconds: UInt64) -> Int {
            let units = min(nanoseconds >> unitBits, 1 << 32 - 1)
            guard units >= 8 else { return Int(truncatingIfNeeded: units) }
            let exponent = 63 &- UInt64(units.leadingZeroBitCount)
            let step = (units >> (exponent &- 3)) & 7
            return Int(truncatingIfNeeded: (exponent &- 2) << 3 | step)
        }

        /// The shortest latency that falls into a bucket, in nanoseconds.
        static func start(of bucket: Int) -> UInt64 {
            let (octave, step) = (UInt64(bucket >> 3), UInt64(bucket & 7))
            return (octave == 0 ? step : (8 | step) << (octave - 1)) << unitBits
        }

        func add(nanoseconds: UInt64) {
            unsafe counts[Self.bucket(of: nanoseconds)].wrappingAdd(1, ordering: .relaxed)
            self.nanoseconds.wrappingAdd(nanoseconds, ordering: .relaxed)
        }

        /// What was counted, read one after another.
        var histogram: LatencyHistogram {
            let counts = (0..<Self.count).map { unsafe self.counts[$0].load(ordering: .relaxed) }
            return LatencyHistogram(
                counts: counts, count: counts.reduce(0, +),
                sum: .nanoseconds(Int64(clamping: nanoseconds.load(ordering: .relaxed))))
        }
    }
}
