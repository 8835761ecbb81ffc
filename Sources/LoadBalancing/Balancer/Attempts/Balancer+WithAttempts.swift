extension Balancer {
    /// Does work on a backend with a time limit for each attempt, retries that heed the server's push-back, and hedges.
    ///
    ///     let rules = AttemptRules(perTryTimeout: .seconds(1), hedgeDelay: .milliseconds(50))
    ///     let page = try await balancer.withAttempts(rules) { backend in
    ///         try await client.get(backend.endpoint)
    ///     }
    ///
    /// Each attempt is on a backend that this call has not tried. The first success is the result: other attempts that
    /// are still under way are cancelled, and their leases end as cancelled, which is no failure, however long they
    /// took. When an attempt fails while there may be hedges, the next begins at once. Retries and hedges are taken out
    /// of ``Resilience/retryBudget``.
    ///
    /// The call returns when all attempts have ended: a body has to heed its cancellation. Its lease ends at its time
    /// limit in any case.
    ///
    /// - Parameters:
    ///   - rules: how often, for how long, and when twice at once.
    ///   - request: the key, the time and the backends tried before, as far as they matter.
    ///   - body: the work. It runs in child tasks of this call.
    ///   - judge: what the result of an attempt means. Not asked when it was cancelled.
    /// - Returns: what the first successful attempt returned, else the last one.
    /// - Throws: ``BalancerError`` if there is nobody to choose, or what the last attempt threw;
    ///   ``AttemptTimeoutError`` if it took too long; `CancellationError` if the task was cancelled.
    public nonisolated(nonsending) func withAttempts<Value: Sendable>(
        _ rules: AttemptRules = AttemptRules(), for request: PickRequest = PickRequest(),
        _ body: @escaping @Sendable (LeasedBackend<Endpoint>) async throws -> Value,
        judge: @escaping @Sendable (Result<Value, any Error>) -> AttemptVerdict = Balancer.successOrFailure
    ) async throws -> Value {
        retries?.requestBegan(at: time.now)
        var course = AttemptCourse<Value>(rules: rules)
        var request = request
        return try await withThrowingTaskGroup(of: AttemptEvent<Value>.self) { group in
            defer { group.cancelAll() }
            while true {
                if Task.isCancelled { course.stop() }
                if course.takeStart() {
                    do throws(BalancerError) {
                        let first = try self.lease(for: request)
                        request.tried.insert(first.slotID)
                        let lease = first.share()
                        request.time = nil
                        course.begin()
                        group.addTask { [self] in
                            await attempt(lease, within: rules.perTryTimeout, body, judge: judge)
                        }
                        if let pause = course.hedgePause() {
                            group.addTask { [time] in await .timer(after: pause, by: time) }
                        }
                    } catch {
                        // An answer, also one that is still to come, says more than that there is no other backend.
                        course.stop()
                        if course.isOver, course.last == nil { throw error }
                    }
                }
                guard !course.isOver, let event = try await group.next() else { return try course.value() }
                switch event {
                case .timer(let number):
                    course.timeIsUp(number) { self.retries?.takeRetry(at: self.time.now) ?? true }
                case .ended(let result, let verdict):
                    retries?.attemptEnded(verdict.outcome)
                    let pause = course.end(with: result, verdict, seed: time.now().nanoseconds) {
                        self.retries?.takeRetry(at: self.time.now) ?? true
                    }
                    if let pause { group.addTask { [time] in await .timer(after: pause, by: time) } }
                }
            }
        }
    }

    /// What is returned is a success, what is thrown a failure that may be repeated.
    public static func successOrFailure<Value>(_ result: Result<Value, any Error>) -> AttemptVerdict {
        if case .success = result { .success } else { .failure(.allowed) }
    }

    /// Does the work once, and ends its lease.
    private func attempt<Value: Sendable>(
        _ lease: SharedLease<Endpoint>, within limit: Duration?,
        _ body: @escaping @Sendable (LeasedBackend<Endpoint>) async throws -> Value,
        judge: @Sendable (Result<Value, any Error>) -> AttemptVerdict
    ) async -> AttemptEvent<Value> {
        let result = await result(of: lease, within: limit, body)
        if Task.isCancelled {
            lease.finish(.cancelled)
            return .ended(result, .cancelled)
        }
        let verdict = judge(result)
        lease.finish(verdict.outcome)
        return .ended(result, verdict)
    }

    private func result<Value: Sendable>(
        of lease: SharedLease<Endpoint>, within limit: Duration?,
        _ body: @escaping @Sendable (LeasedBackend<Endpoint>) async throws -> Value
    ) async -> Result<Value, any Error> {
        guard let limit else {
            do { return .success(try await body(lease.backend)) } catch { return .failure(error) }
        }
        return await withTaskGroup(of: Result<Value, any Error>?.self) { [time] group in
            group.addTask {
                do { return .success(try await body(lease.backend)) } catch { return .failure(error) }
            }
            group.addTask {
                try? await time.sleep(until: time.now().advanced(by: limit))
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            if Task.isCancelled { return .failure(CancellationError()) }
            // Now, not when the body heeds its cancellation.
            lease.finish(.failure)
            return .failure(AttemptTimeoutError(id: lease.backend.id, limit: limit))
        }
    }
}

/// What the attempts at one piece of work tell.
enum AttemptEvent<Value: Sendable>: Sendable {
    /// An attempt has ended.
    case ended(Result<Value, any Error>, AttemptVerdict)
    /// The pause of a number is over.
    case timer(Int)

    static func timer(after pause: AttemptCourse<Value>.Pause, by time: TimeSource) async -> AttemptEvent {
        try? await time.sleep(until: time.now().advanced(by: pause.length))
        return .timer(pause.number)
    }
}
