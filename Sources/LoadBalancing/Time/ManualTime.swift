import Synchronization

/// Time for tests and simulations: it stands still until it is advanced.
///
///     let time = ManualTime()
///     let balancer = try LoadBalancer(policy: .peakEWMA, backends: backends, time: .manual(time))
///     time.advance(by: .milliseconds(30))
public final class ManualTime: Sendable {
    private let nanoseconds: Atomic<UInt64>

    /// Creates a clock that shows `start`.
    public init(startingAt start: Timestamp = Timestamp(nanoseconds: 1_000_000_000)) {
        nanoseconds = Atomic(start.nanoseconds)
    }

    /// The time shown.
    public var now: Timestamp {
        Timestamp(nanoseconds: nanoseconds.load(ordering: .relaxed))
    }

    /// Moves the time on; negative durations do nothing.
    public func advance(by duration: Duration) {
        nanoseconds.wrappingAdd(duration.wholeNanoseconds, ordering: .relaxed)
    }
}
