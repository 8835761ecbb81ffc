extension Balancer {
    /// Does work on a backend, and learns from how it ended.
    ///
    /// The lease ends with the body. An error counts as a failure of the backend, unless the task was cancelled. With more
    /// than one attempt, failed work is done again on a backend that this call has not tried yet; only ask for that if the work is
    /// idempotent. When no other backend is left, or ``Resilience/retryBudget`` is spent, the last attempt's result stands.
    ///
    /// The body runs where the caller runs: no hop, and nothing needs to be `Sendable`.
    ///
    /// - Parameters:
    ///   - request: the key, the time and the backends tried before, as far as they matter.
    ///   - attempts: how often the work may be done, the first time included; 1 at the least.
    ///   - limit: how long to wait for room, where there are ``ConcurrencyLimits``, all attempts together.
    ///   - body: the work.
    ///   - classify: what a result says of the backend; success unless told otherwise.
    ///   - classifyError: what a thrown error says of the backend; failure unless told otherwise. An error of the
    ///     caller's own making is best called cancelled. Not asked when the task was cancelled.
    ///   - shouldRetry: whether a failed attempt may be repeated, from what it returned or threw.
    /// - Returns: what the last attempt returned.
    /// - Throws: ``BalancerError`` if there is nobody to choose, or what the last attempt threw.
    public nonisolated(nonsending) func withBackend<Value>(
        for request: PickRequest = PickRequest(), attempts: Int = 1, waitingUpTo limit: Duration = .zero,
        _ body: nonisolated(nonsending) (LeasedBackend<Endpoint>) async throws -> Value,
        classify: (Value) -> Outcome = { _ in .success },
        classifyError: (any Error) -> Outcome = { _ in .failure },
        shouldRetry: (Result<Value, any Error>) -> Bool = { _ in true }
    ) async throws -> Value {
        var attempt = Attempt<Value>(request: request, limit: attempts)
        retries?.requestBegan(at: time.now)
        let deadline = limit > .zero ? time.now().advanced(by: limit) : nil
        while let lease = try await attempt.next(from: self, waitingUntil: deadline) {
            let result: Result<Value, any Error>
            do { result = .success(try await body(lease.backend)) } catch { result = .failure(error) }
            let outcome = Outcome(of: result, classify: classify, classifyError: classifyError)
            attempt.end(lease, with: result, outcome: outcome, of: self, shouldRetry: shouldRetry)
        }
        return try attempt.value()
    }

    /// Does work on a backend, and learns from how it ended: as the asynchronous
    /// `withBackend`, for threads that may block.
    ///
    /// - Parameters:
    ///   - request: the key, the time and the backends tried before, as far as they matter.
    ///   - attempts: how often the work may be done, the first time included; 1 at the least.
    ///   - body: the work.
    ///   - classify: what a result says of the backend; success unless told otherwise.
    ///   - classifyError: what a thrown error says of the backend; failure unless told otherwise. An error of the
    ///     caller's own making is best called cancelled. Not asked when the task was cancelled.
    ///   - shouldRetry: whether a failed attempt may be repeated, from what it returned or threw.
    /// - Returns: what the last attempt returned.
    /// - Throws: ``BalancerError`` if there is nobody to choose, or what the last attempt threw.
    public func withBackend<Value>(
        for request: PickRequest = PickRequest(), attempts: Int = 1,
        _ body: (LeasedBackend<Endpoint>) throws -> Value,
        classify: (Value) -> Outcome = { _ in .success },
        classifyError: (any Error) -> Outcome = { _ in .failure },
        shouldRetry: (Result<Value, any Error>) -> Bool = { _ in true }
    ) throws -> Value {
        var attempt = Attempt<Value>(request: request, limit: attempts)
        retries?.requestBegan(at: time.now)
        while let lease = try attempt.next(from: self) {
            let result = Result { try body(lease.backend) }
            let outcome = Outcome(of: result, classify: classify, classifyError: classifyError)
            attempt.end(lease, with: result, outcome: outcome, of: self, shouldRetry: shouldRetry)
        }
        return try attempt.value()
    }
}

extension Outcome {
    /// What the result of an attempt says of the backend.
    fileprivate init<Value>(
        of result: Result<Value, any Error>, classify: (Value) -> Outcome, classifyError: (any Error) -> Outcome
    ) {
        switch result {
        case .success(let value): self = classify(value)
        case .failure(let error) where error is CancellationError || Task.isCancelled: self = .cancelled
        case .failure(let error): self = classifyError(error)
        }
    }
}

/// The attempts at one piece of work.
private struct Attempt<Value> {
    private var request: PickRequest
    private var left: Int
    private var last: Result<Value, any Error>?

    init(request: PickRequest, limit: Int) {
        self.request = request
        left = max(limit, 1)
    }

    /// A lease for the next attempt; `nil` when there is to be none.
    mutating func next<Endpoint: Sendable, Rule: Policy>(
        from balancer: Balancer<Endpoint, Rule>
    ) throws(BalancerError) -> Lease<Endpoint>? {
        guard left > 0 else { return nil }
        left -= 1
        do {
            return try balancer.lease(for: request)
        } catch {
            try giveUp(error)
            return nil
        }
    }

    /// A lease for the next attempt, after waiting for it if there is a deadline; `nil` when there is to be none.
    nonisolated(nonsending) mutating func next<Endpoint: Sendable, Rule: Policy>(
        from balancer: Balancer<Endpoint, Rule>, waitingUntil deadline: Timestamp?
    ) async throws -> Lease<Endpoint>? {
        guard let deadline else { return try next(from: balancer) }
        guard left > 0 else { return nil }
        left -= 1
        do {
            return try await balancer.lease(for: request, waitingUntil: deadline)
        } catch {
            if error.reason == .cancelled { throw CancellationError() }
            try giveUp(error)
            return nil
        }
    }

    /// The backend's own answer says more than that there is no other backend.
    private mutating func giveUp(_ error: BalancerError) throws(BalancerError) {
        guard last != nil else { throw error }
        left = 0
    }

    mutating func end<Endpoint: Sendable, Rule: Policy>(
        _ lease: consuming Lease<Endpoint>, with result: Result<Value, any Error>, outcome: Outcome,
        of balancer: Balancer<Endpoint, Rule>, shouldRetry: (Result<Value, any Error>) -> Bool
    ) {
        request.tried.insert(lease.slotID)
        // A retry happens later; the time of the first pick is not its time.
        request.time = nil
        last = result
        lease.finish(outcome)
        balancer.retries?.attemptEnded(outcome)
        guard left > 0 else { return }
        let isWanted = outcome == .failure && !Task.isCancelled && shouldRetry(result)
        if !isWanted || balancer.retries?.takeRetry(at: balancer.time.now) == false { left = 0 }
    }

    func value() throws -> Value {
        guard let last else { throw BalancerError(.noBackends) }
        return try last.get()
    }
}
