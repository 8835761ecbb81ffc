// Inlined: in `Balancer` all of this is of types that are known.
extension AttemptLeases {
    /// Does work on one backend after another, as `withBackend` says.
    @inline(__always)
    nonisolated(nonsending) mutating func withBackend<Value>(
        attempts: Int, waitingUpTo limit: Duration,
        _ body: nonisolated(nonsending) (LeasedBackend<Endpoint>) async throws -> Value,
        classify: (Value) -> Outcome, classifyError: (any Error) -> Outcome,
        shouldRetry: (Result<Value, any Error>) -> Bool
    ) async throws -> Value {
        var attempt = Attempt<Value>(limit: attempts)
        retries?.requestBegan(at: time.now)
        let deadline = limit > .zero ? time.now().advanced(by: limit) : nil
        while let lease = try await attempt.next(of: &self, waitingUntil: deadline) {
            let result: Result<Value, any Error>
            do { result = .success(try await body(lease.backend)) } catch { result = .failure(error) }
            let outcome = Outcome(of: result, classify: classify, classifyError: classifyError)
            lease.finish(outcome)
            attempt.end(with: result, outcome: outcome, of: self, shouldRetry: shouldRetry)
        }
        return try attempt.value()
    }

    /// The same for threads that may block.
    @inline(__always)
    mutating func withBackend<Value>(
        attempts: Int, _ body: (LeasedBackend<Endpoint>) throws -> Value,
        classify: (Value) -> Outcome, classifyError: (any Error) -> Outcome,
        shouldRetry: (Result<Value, any Error>) -> Bool
    ) throws -> Value {
        var attempt = Attempt<Value>(limit: attempts)
        retries?.requestBegan(at: time.now)
        while let lease = try attempt.next(of: &self) {
            let result = Result { try body(lease.backend) }
            let outcome = Outcome(of: result, classify: classify, classifyError: classifyError)
            lease.finish(outcome)
            attempt.end(with: result, outcome: outcome, of: self, shouldRetry: shouldRetry)
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
        case .failure(let error): self = Task.isCancelled ? .cancelled : classifyError(error)
        }
    }
}

/// The attempts at one piece of work, one after another: how many are left, and what the last one gave.
private struct Attempt<Value> {
    private var left: Int
    private var last: Result<Value, any Error>?

    init(limit: Int) {
        left = max(limit, 1)
    }

    /// A lease for the next attempt; `nil` when there is to be none.
    @inline(__always)
    mutating func next<Leases: AttemptLeases>(
        of leases: inout Leases
    ) throws(BalancerError) -> Lease<Leases.Endpoint>? {
        guard left > 0 else { return nil }
        left -= 1
        do {
            return try leases.next()
        } catch {
            try giveUp(error)
            return nil
        }
    }

    /// A lease for the next attempt, after waiting for it if there is a deadline; `nil` when there is to be none.
    @inline(__always)
    nonisolated(nonsending) mutating func next<Leases: AttemptLeases>(
        of leases: inout Leases, waitingUntil deadline: Timestamp?
    ) async throws -> Lease<Leases.Endpoint>? {
        guard let deadline else { return try next(of: &leases) }
        guard left > 0 else { return nil }
        left -= 1
        do {
            return try await leases.next(waitingUntil: deadline)
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

    @inline(__always)
    mutating func end(
        with result: Result<Value, any Error>, outcome: Outcome, of leases: some AttemptLeases,
        shouldRetry: (Result<Value, any Error>) -> Bool
    ) {
        last = result
        leases.retries?.attemptEnded(outcome)
        guard left > 0 else { return }
        let isWanted = outcome == .failure && !Task.isCancelled && shouldRetry(result)
        if !isWanted || leases.retries?.takeRetry(at: leases.time.now) == false { left = 0 }
    }

    func value() throws -> Value {
        guard let last else { throw BalancerError(.noBackends) }
        return try last.get()
    }
}
