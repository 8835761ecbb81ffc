import Synchronization

extension AttemptLeases {
    /// Does work on one backend after another, and on several at once, as `withAttempts` says.
    nonisolated(nonsending) mutating func withAttempts<Value: Sendable>(
        _ rules: AttemptRules, waitingUpTo limit: Duration,
        _ body: @escaping @Sendable (LeasedBackend<Endpoint>) async throws -> Value,
        judge: @escaping @Sendable (Result<Value, any Error>) -> AttemptVerdict
    ) async throws -> Value {
        try Task.checkCancellation()
        let (time, retries) = (time, retries)
        retries?.requestBegan(at: time.now)
        let takeRetry = { retries?.takeRetry(at: time.now) ?? true }
        let work = AttemptWork(time: time, body: body, judge: judge)
        var first: SharedLease<Endpoint>? = try await firstLease(waitingUpTo: limit)
        var course = AttemptCourse<Value>(rules: rules)
        return try await withThrowingTaskGroup(of: AttemptEvent<Value>.self) { group in
            defer { group.cancelAll() }
            while true {
                if Task.isCancelled { course.stop() }
                if course.takeStart() {
                    do throws(BalancerError) {
                        let lease: SharedLease<Endpoint>
                        if let waited = first.take() { lease = waited } else { lease = try next().share() }
                        course.begin()
                        if let limit = rules.perTryTimeout {
                            let (end, deadline) = (AttemptEnd(), time.now().advanced(by: limit))
                            group.addTask { await work.attempt(on: lease, until: end) }
                            group.addTask { await work.timeLimit(limit, of: lease, at: deadline, end) }
                        } else {
                            group.addTask { await work.attempt(on: lease) }
                        }
                        if let pause = course.hedgePause() {
                            group.addTask { await .timer(after: pause, by: time) }
                        }
                    } catch {
                        // An answer, also one that is still to come, says more than that there is no other backend.
                        course.stop()
                    }
                }
                guard !course.isOver, let event = try await group.next() else { return try course.value() }
                switch event {
                case .late: break
                case .timer(let number):
                    course.timeIsUp(number, takeRetry: takeRetry)
                case .ended(let result, let verdict):
                    retries?.attemptEnded(verdict.outcome)
                    let pause = course.end(
                        with: result, verdict, seed: time.now().nanoseconds, takeRetry: takeRetry)
                    if let pause { group.addTask { await .timer(after: pause, by: time) } }
                }
            }
        }
    }

    /// The lease of the first attempt, which alone may wait: while it does nothing else is under way.
    private nonisolated(nonsending) mutating func firstLease(
        waitingUpTo limit: Duration
    ) async throws -> SharedLease<Endpoint> {
        guard limit > .zero else { return try next().share() }
        do {
            return try await next(waitingUntil: time.now().advanced(by: limit)).share()
        } catch {
            if error.reason == .cancelled { throw CancellationError() }
            throw error
        }
    }
}

/// What one attempt does.
private struct AttemptWork<Endpoint: Sendable, Value: Sendable>: Sendable {
    let time: TimeSource
    let body: @Sendable (LeasedBackend<Endpoint>) async throws -> Value
    let judge: @Sendable (Result<Value, any Error>) -> AttemptVerdict

    /// Does the work once, and ends its lease.
    func attempt(on lease: SharedLease<Endpoint>) async -> AttemptEvent<Value> {
        ended(lease, with: await answer(of: lease.backend))
    }

    /// Does the work once and, unless its time was over before, ends its lease.
    func attempt(on lease: SharedLease<Endpoint>, until end: AttemptEnd) async -> AttemptEvent<Value> {
        let result = await withTaskGroup(of: Result<Value, any Error>?.self) { group in
            group.addTask { await answer(of: lease.backend) }
            group.addTask {
                await end.timeIsOver.wait()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard end.take() else { return .late }
        end.workIsDone.make()
        // Without a result and in time, it was cancelled.
        return ended(lease, with: result ?? .failure(CancellationError()))
    }

    /// Ends an attempt and its lease when its time is over: then, not when the body heeds its cancellation.
    func timeLimit(
        _ limit: Duration, of lease: SharedLease<Endpoint>, at deadline: Timestamp, _ end: AttemptEnd
    ) async -> AttemptEvent<Value> {
        await end.workIsDone.wait(until: deadline, by: time)
        guard !Task.isCancelled, end.take() else { return .late }
        end.timeIsOver.make()
        lease.finish(.failure)
        return ended(lease, with: .failure(AttemptTimeoutError(id: lease.backend.id, limit: limit)))
    }

    private func ended(
        _ lease: SharedLease<Endpoint>, with result: Result<Value, any Error>
    ) -> AttemptEvent<Value> {
        let verdict = Task.isCancelled ? .cancelled : judge(result)
        lease.finish(verdict.outcome)
        return .ended(result, verdict)
    }

    private func answer(of backend: LeasedBackend<Endpoint>) async -> Result<Value, any Error> {
        do { return .success(try await body(backend)) } catch { return .failure(error) }
    }
}

/// Which of the two ends an attempt, its body or its time limit: whichever is first.
private final class AttemptEnd: Sendable {
    let workIsDone = WakeUpCall()
    let timeIsOver = WakeUpCall()
    private let isTaken = Atomic<Bool>(false)

    /// Whether the caller ends it.
    func take() -> Bool { !isTaken.exchange(true, ordering: .acquiringAndReleasing) }
}

/// What the attempts at one piece of work tell.
private enum AttemptEvent<Value: Sendable>: Sendable {
    /// An attempt has ended.
    case ended(Result<Value, any Error>, AttemptVerdict)
    /// The pause of a number is over.
    case timer(Int)
    /// What ended an attempt was something else, and has been told.
    case late

    static func timer(after pause: AttemptCourse<Value>.Pause, by time: TimeSource) async -> AttemptEvent {
        try? await time.sleep(until: time.now().advanced(by: pause.length))
        return .timer(pause.number)
    }
}
