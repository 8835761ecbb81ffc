extension TieredBalancer {
    /// Does work on a backend, and learns from how it ended.
    ///
    /// As ``Balancer``'s `withBackend`, across places: failed work is done again on a backend that this call has not
    /// tried, in the place drawn anew or, where there is none left, in another. All places have one
    /// ``Resilience/retryBudget``.
    ///
    /// - Parameters:
    ///   - request: the key and the time, as far as they matter.
    ///   - attempts: how often the work may be done, the first time included; 1 at the least.
    ///   - limit: how long to wait for room, where there are ``ConcurrencyLimits``, all attempts together.
    ///   - body: the work.
    ///   - classify: what a result says of the backend; success unless told otherwise.
    ///   - classifyError: what a thrown error says of the backend; unless told otherwise failure, but of a
    ///     `CancellationError` nothing, so where that stands for a deadline that passed, say failure. An error of the
    ///     caller's own making is best called cancelled. Not asked when the task was cancelled.
    ///   - shouldRetry: whether a failed attempt may be repeated, from what it returned or threw.
    /// - Returns: what the last attempt returned.
    /// - Throws: ``BalancerError`` if there is nobody to choose, or what the last attempt threw.
    public nonisolated(nonsending) func withBackend<Value>(
        for request: PickRequest = PickRequest(), attempts: Int = 1, waitingUpTo limit: Duration = .zero,
        _ body: nonisolated(nonsending) (LeasedBackend<Endpoint>) async throws -> Value,
        classify: (Value) -> Outcome = { _ in .success },
        classifyError: (any Error) -> Outcome = Outcome.failureUnlessCancelled,
        shouldRetry: (Result<Value, any Error>) -> Bool = { _ in true }
    ) async throws -> Value {
        var leases = TieredLeases(self, for: request)
        return try await leases.withBackend(
            attempts: attempts, waitingUpTo: limit, body, classify: classify, classifyError: classifyError,
            shouldRetry: shouldRetry)
    }

    /// Does work on a backend, and learns from how it ended: as the asynchronous `withBackend`, for threads that may
    /// block.
    ///
    /// - Parameters:
    ///   - request: the key and the time, as far as they matter.
    ///   - attempts: how often the work may be done, the first time included; 1 at the least.
    ///   - body: the work.
    ///   - classify: what a result says of the backend; success unless told otherwise.
    ///   - classifyError: what a thrown error says of the backend; unless told otherwise failure, but of a
    ///     `CancellationError` nothing, so where that stands for a deadline that passed, say failure. An error of the
    ///     caller's own making is best called cancelled. Not asked when the task was cancelled.
    ///   - shouldRetry: whether a failed attempt may be repeated, from what it returned or threw.
    /// - Returns: what the last attempt returned.
    /// - Throws: ``BalancerError`` if there is nobody to choose, or what the last attempt threw.
    public func withBackend<Value>(
        for request: PickRequest = PickRequest(), attempts: Int = 1,
        _ body: (LeasedBackend<Endpoint>) throws -> Value,
        classify: (Value) -> Outcome = { _ in .success },
        classifyError: (any Error) -> Outcome = Outcome.failureUnlessCancelled,
        shouldRetry: (Result<Value, any Error>) -> Bool = { _ in true }
    ) throws -> Value {
        var leases = TieredLeases(self, for: request)
        return try leases.withBackend(
            attempts: attempts, body, classify: classify, classifyError: classifyError, shouldRetry: shouldRetry)
    }

    /// Does work on a backend with a time limit for each attempt, retries that heed the server's push-back, and hedges.
    ///
    /// As ``Balancer/withAttempts(_:for:waitingUpTo:_:judge:)``, across places: each attempt is on a backend that this
    /// call has not tried, in a place drawn anew, so that a hedge may go to another zone. Retries and hedges in all
    /// places are taken out of one ``Resilience/retryBudget``.
    ///
    /// - Parameters:
    ///   - rules: how often, for how long, and when twice at once.
    ///   - request: the key and the time, as far as they matter.
    ///   - limit: how long the first attempt waits for room, where there are ``ConcurrencyLimits``.
    ///   - body: the work. It runs in child tasks of this call.
    ///   - judge: what the result of an attempt means. Not asked when it was cancelled.
    /// - Returns: what the first successful attempt returned, else the last one.
    /// - Throws: ``BalancerError`` if there is nobody to choose, or what the last attempt threw;
    ///   ``AttemptTimeoutError`` if it took too long; `CancellationError` if the task was cancelled.
    public nonisolated(nonsending) func withAttempts<Value: Sendable>(
        _ rules: AttemptRules = AttemptRules(), for request: PickRequest = PickRequest(),
        waitingUpTo limit: Duration = .zero,
        _ body: @escaping @Sendable (LeasedBackend<Endpoint>) async throws -> Value,
        judge: @escaping @Sendable (Result<Value, any Error>) -> AttemptVerdict = AttemptVerdict.successOrFailure
    ) async throws -> Value {
        var leases = TieredLeases(self, for: request)
        return try await leases.withAttempts(rules, waitingUpTo: limit, body, judge: judge)
    }
}
