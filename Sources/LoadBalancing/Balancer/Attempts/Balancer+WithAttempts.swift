extension Balancer {
    /// Does work on a backend with a time limit for each attempt, retries that heed the server's push-back, and hedges.
    ///
    ///     let rules = AttemptRules(perTryTimeout: .seconds(1), hedgeDelay: .milliseconds(50))
    ///     let page = try await balancer.withAttempts(rules) { backend in
    ///         try await client.get(backend.endpoint)
    ///     }
    ///
    /// Each attempt is on a backend that this call has not tried, as far as ``TriedBackends`` remembers them. The first
    /// success is the result: other attempts that are still under way are cancelled, and their leases end as cancelled,
    /// which is no failure, however long they took. When an attempt fails while there may be hedges, the next begins at
    /// once. Retries and hedges are taken out of ``Resilience/retryBudget``. They never wait for room: where there are
    /// ``ConcurrencyLimits``, only the first attempt does.
    ///
    /// The call returns when all bodies have: they have to heed their cancellation. An attempt whose body does not ends
    /// all the same at its time limit, with its lease, and holds up no other.
    ///
    /// - Parameters:
    ///   - rules: how often, for how long, and when twice at once.
    ///   - request: the key, the time and the backends tried before, as far as they matter.
    ///   - limit: how long the first attempt waits for room, where there are ``ConcurrencyLimits``; its own time limit,
    ///     and the delay of a hedge, count from then.
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
        var leases = BalancerLeases(self, for: request)
        return try await leases.withAttempts(rules, waitingUpTo: limit, body, judge: judge)
    }
}
