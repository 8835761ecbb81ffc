extension Balancer {
    /// A lease on a balancer with ``ConcurrencyLimits``: whoever waits in line comes first.
    @inlinable
    @inline(never)
    func limitedLease(for request: PickRequest) throws(BalancerError) -> Lease<Endpoint> {
        guard !control.line.comesFirst else { throw BalancerError(.saturated) }
        // Here, not in `grant`: a tick serves the line, and whoever serves the line comes by there.
        if ticksInPassing, control.passesBy() { control.tickIfDue() }
        do throws(BalancerError) {
            return Lease(try grant(for: request))
        } catch {
            // For a moment this call may have stood in somebody's way.
            control.serveLine()
            throw error
        }
    }

    /// Chooses a backend that has room, and counts the work in.
    @inlinable
    func grant(for request: PickRequest) throws(BalancerError) -> Grant {
        let terms = terms(for: request)
        guard control.enter() else { throw control.isShutDown ? BalancerError(.shutDown) : BalancerError(.saturated) }
        let request = request.at(terms.time)
        let limit = control.limit
        let slot: Slot?
        if let stripe = stripes.tryAcquire() {
            slot = stripe.value.begin(request, delta: terms.delta, limit: limit)
            stripe.unlock()
        } else {
            slot = stripes.withValue { state in state.begin(request, delta: terms.delta, limit: limit) }
        }
        guard let slot else {
            control.leave()
            throw refusal(of: request)
        }
        return Grant(slot: slot, start: terms.start)
    }

    /// Chooses a backend and counts the work in, as ``lease(for:)`` does; where there is no room, waits in line for it.
    ///
    /// First come, first served. Only a lack of room is waited for; whatever else stands in the way is thrown at once.
    ///
    /// - Parameters:
    ///   - request: the key, the time and the backends tried before, as far as they matter.
    ///   - limit: how long to wait at the most.
    /// - Returns: a lease, to be finished with the outcome of the work.
    /// - Throws: ``BalancerError``: ``BalancerError/Reason/timedOut`` when the time is over,
    ///   ``BalancerError/Reason/tooManyWaiting`` when the line is full, ``BalancerError/Reason/cancelled`` when the task was
    ///   cancelled, ``BalancerError/Reason/saturated`` if the balancer has no ``ConcurrencyLimits``.
    public nonisolated(nonsending) func lease(
        for request: PickRequest = PickRequest(), waitingUpTo limit: Duration
    ) async throws(BalancerError) -> Lease<Endpoint> {
        try await lease(for: request, waitingUntil: time.now().advanced(by: limit))
    }

    nonisolated(nonsending) func lease(
        for request: PickRequest, waitingUntil deadline: Timestamp
    ) async throws(BalancerError) -> Lease<Endpoint> {
        do throws(BalancerError) {
            return try lease(for: request)
        } catch {
            guard error.reason == .saturated, isLimited, control.line.limit > 0 else { throw error }
        }
        var request = request
        // A waiter picks later; the time of the first try is not its time.
        request.time = nil
        return Lease(
            try await control.line.wait(for: request, until: deadline, by: time) { request in
                do throws(BalancerError) {
                    return .success(try self.grant(for: request))
                } catch {
                    return .failure(error)
                }
            })
    }
}

extension Lease {
    @inlinable
    init(_ grant: Grant) {
        self.init(slot: grant.slot, start: grant.start)
    }
}

extension PickingState {
    /// Picks among those that have room, and counts the lease in.
    ///
    /// Whoever is picked and turns out to be full is marked, so that the next pick passes it over.
    @inlinable
    mutating func begin(_ request: PickRequest, delta: UInt64, limit: UInt64) -> Slot? {
        for _ in 0...pool.count {
            guard let index = picker.pick(request, from: pool) else { return nil }
            let slot = pool.slot(at: index)
            let bound = picker.leaseLimit.map { min(UInt64(max($0, 0)), limit) } ?? limit
            let inFlight = slot.begin(delta, limit: bound)
            if let inFlight, inFlight < limit { return slot }
            // Overtaken at the picker's own bound, which closes nothing.
            if inFlight == nil, bound < limit { continue }
            pool.generation.closeIfFull(index, limit: limit)
            if inFlight != nil { return slot }
        }
        return nil
    }
}
