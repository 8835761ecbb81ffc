import Synchronization

/// Time for tests and simulations: it stands still until it is advanced.
///
///     let time = ManualTime()
///     let balancer = try LoadBalancer(policy: .peakEWMA, backends: backends, time: .manual(time))
///     time.advance(by: .milliseconds(30))
///
/// Tasks that sleep on it wake when it is advanced to where they want to be. ``waitForSleepers(_:)`` tells a test when they
/// have done their work and sleep again.
public final class ManualTime: Sendable {
    private let nanoseconds: Atomic<UInt64>
    private let sleepers = Guarded(Sleepers())
    /// Whether anybody sleeps, or waits for sleepers: time that is advanced in a loop does not pay for a lock.
    private let hasSleepers = Atomic<Bool>(false)

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
        // In one order with the sleepers' flag: either a sleeper sees the new time, or it is seen here.
        nanoseconds.wrappingAdd(duration.wholeNanoseconds, ordering: .sequentiallyConsistent)
        guard hasSleepers.load(ordering: .sequentiallyConsistent) else { return }
        for sleeper in sleepers.withLock({ $0.takeThose(dueAt: now) }) { sleeper.resume() }
    }

    /// Sleeps until the time is advanced to `deadline`.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    public nonisolated(nonsending) func sleep(until deadline: Timestamp) async throws {
        let number = sleepers.withLock { $0.takeNumber() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                lieDown(Sleepers.Sleeper(number: number, deadline: deadline, continuation: continuation))
            }
        } onCancel: {
            sleepers.withLock { $0.take(number) }?.resume()
        }
        sleepers.withLock { $0.forget(number) }
        try Task.checkCancellation()
    }

    private func lieDown(_ sleeper: Sleepers.Sleeper) {
        let ready = sleepers.withLock { sleepers in
            hasSleepers.store(true, ordering: .sequentiallyConsistent)
            let isDue = nanoseconds.load(ordering: .sequentiallyConsistent) >= sleeper.deadline.nanoseconds
            return isDue ? [sleeper.continuation] : sleepers.add(sleeper)
        }
        for continuation in ready { continuation.resume() }
    }

    /// When those who sleep want to be woken, in no order.
    var deadlines: [Timestamp] { sleepers.withLock { $0.deadlines } }

    /// Waits until `count` tasks sleep on this clock.
    public nonisolated(nonsending) func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = sleepers.withLock { $0.waits(for: count, continuation) }
            if isThere { continuation.resume() }
        }
    }
}

/// Who sleeps on a ``ManualTime``, and who waits for them.
private struct Sleepers {
    struct Sleeper {
        let number: Int
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, Never>
    }

    private var sleeping: [Sleeper] = []
    private var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    /// Numbers of tasks that were cancelled before they lay down.
    private var cancelled: Set<Int> = []
    private var lastNumber = 0

    var deadlines: [Timestamp] { sleeping.map(\.deadline) }

    mutating func takeNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    /// Adds a sleeper; gives those to be resumed.
    mutating func add(_ sleeper: Sleeper) -> [CheckedContinuation<Void, Never>] {
        guard cancelled.remove(sleeper.number) == nil else { return [sleeper.continuation] }
        sleeping.append(sleeper)
        let satisfied = observers.filter { $0.count <= sleeping.count }
        observers.removeAll { $0.count <= sleeping.count }
        return satisfied.map(\.continuation)
    }

    /// Takes a sleeper away, or remembers that it need not lie down.
    mutating func take(_ number: Int) -> CheckedContinuation<Void, Never>? {
        guard let index = sleeping.firstIndex(where: { $0.number == number }) else {
            cancelled.insert(number)
            return nil
        }
        return sleeping.remove(at: index).continuation
    }

    /// Forgets whoever was cancelled too late to notice.
    mutating func forget(_ number: Int) {
        cancelled.remove(number)
    }

    /// Takes away those whose time has come, the earliest first.
    mutating func takeThose(dueAt now: Timestamp) -> [CheckedContinuation<Void, Never>] {
        let due = sleeping.filter { $0.deadline <= now }
        sleeping.removeAll { $0.deadline <= now }
        return due.sorted { ($0.deadline, $0.number) < ($1.deadline, $1.number) }.map(\.continuation)
    }

    /// Notes who waits for `count` sleepers; `true` if they are there.
    mutating func waits(for count: Int, _ continuation: CheckedContinuation<Void, Never>) -> Bool {
        guard sleeping.count < count else { return true }
        observers.append((count, continuation))
        return false
    }
}
