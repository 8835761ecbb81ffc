extension Balancer {
    /// Does work on a backend, and learns from how it ended.
    ///
    /// The lease ends with the body. An error counts as a failure of the backend, unless the task was cancelled. With
    /// more than one attempt, failed work is done again on a backend that this call has not tried yet; only ask for
    /// that if the work is idempotent. When no other backend is left, or ``Resilience/retryBudget`` is spent, the last
    /// attempt's result stands. From the tenth attempt on only policies by key without a ``BoundedLoadPolicy`` know all
    /// that were tried; others know the last eight.
    ///
    /// The body runs where the caller runs: no hop, and nothing needs to be `Sendable`.
    ///
    /// - Parameters:
    ///   - request: the key, the time and the backends tried before, as far as they matter.
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
        var leases = BalancerLeases(self, for: request)
        return try await leases.withBackend(
            attempts: attempts, waitingUpTo: limit, body, classify: classify, classifyError: classifyError,
            shouldRetry: shouldRetry)
    }

    /// Does work on a backend, and learns from how it ended: as the asynchronous
    /// `withBackend`, for threads that may block.
    ///
    /// - Parameters:
    ///   - request: the key, the time and the backends tried before, as far as they matter.
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
        var leases = BalancerLeases(self, for: request)
        return try leases.withBackend(
            attempts: attempts, body, classify: classify, classifyError: classifyError, shouldRetry: shouldRetry)
    }
}
