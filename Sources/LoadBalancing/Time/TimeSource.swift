/// Where a balancer gets the time from, if its policy needs any.
///
/// A concrete type rather than `any Clock`: a pick costs a few nanoseconds and must not pay for an existential.
@frozen
public struct TimeSource: Sendable {
    @usableFromInline
    enum Origin: Sendable {
        case system
        case manual(ManualTime)
        case closure(@Sendable () -> UInt64)
    }

    @usableFromInline let origin: Origin

    @usableFromInline
    init(_ origin: Origin) {
        self.origin = origin
    }

    /// The system's monotonic clock, which stands still while the machine sleeps: a request that slept along has no
    /// latency worth learning from.
    @inlinable
    public static var system: TimeSource { TimeSource(.system) }

    /// Time that moves only when a test or a simulation moves it.
    public static func manual(_ time: ManualTime) -> TimeSource {
        TimeSource(.manual(time))
    }

    /// A clock of the caller's, such as an event loop's cached time.
    ///
    /// - Parameter nanoseconds: Gives nanoseconds on a time line that never goes back. Called on picking threads: it
    ///   must be quick and must not call the balancer.
    /// - Returns: the time source.
    public static func monotonic(_ nanoseconds: @escaping @Sendable () -> UInt64) -> TimeSource {
        TimeSource(.closure(nanoseconds))
    }

    /// The present time.
    @inlinable
    public func now() -> Timestamp {
        switch origin {
        case .system:
            return Self.systemTime()
        case .manual(let time):
            return time.now
        case .closure(let nanoseconds):
            return Timestamp(nanoseconds: nanoseconds())
        }
    }

    /// Sleeps until a point on this time line.
    ///
    /// A clock of the caller's is asked again when the system's says that the time has come.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    nonisolated(nonsending) func sleep(until deadline: Timestamp) async throws {
        if case .manual(let time) = origin { return try await time.sleep(until: deadline) }
        while case let left = deadline.duration(since: now()), left > .zero {
            try await Task.sleep(for: left, clock: .suspending)
        }
        try Task.checkCancellation()
    }

    /// Where the system's time line begins: some time before the first question, so that no time is 0.
    private static let start = SuspendingClock.now.advanced(by: .seconds(-1))

    @usableFromInline
    static func systemTime() -> Timestamp {
        Timestamp(nanoseconds: start.duration(to: SuspendingClock.now).wholeNanoseconds)
    }
}
