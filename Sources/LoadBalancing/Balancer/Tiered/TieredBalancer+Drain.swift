extension TieredBalancer {
    /// Gives a backend no new work, wherever it stands, and waits until what is in flight has ended.
    ///
    /// As ``Balancer/drain(_:within:)``; what it carried is shared among the others at once.
    ///
    /// - Parameters:
    ///   - id: the backend.
    ///   - limit: how long to wait at the most.
    /// - Returns: what was left in flight; `nil` if no place has such a backend.
    @discardableResult
    public nonisolated(nonsending) func drain(_ id: String, within limit: Duration) async -> DrainReport? {
        guard let balancer = balancer(of: id) else { return nil }
        // Before it is waited for: the others are to know of it.
        _ = balancer.membership.propose(Admission(gate: .draining), by: .drain, for: id)
        replan()
        return await balancer.drain(id, within: limit)
    }

    /// Gives a backend new work again that was drained.
    ///
    /// - Returns: whether any place has such a backend.
    @discardableResult
    public func resume(_ id: String) -> Bool {
        guard let balancer = balancer(of: id), balancer.resume(id) else { return false }
        replan()
        return true
    }

    /// Takes a backend out of the set, wherever it stands, and waits until what is in flight on it has ended.
    ///
    /// As ``Balancer/remove(_:within:)``.
    ///
    /// - Parameters:
    ///   - id: the backend.
    ///   - limit: how long to wait at the most.
    /// - Returns: what was left in flight; `nil` if no place has such a backend.
    /// - Throws: ``BackendSetError`` if the policy cannot work without the backend, which then goes on draining.
    @discardableResult
    public nonisolated(nonsending) func remove(
        _ id: String, within limit: Duration
    ) async throws(BackendSetError) -> DrainReport? {
        guard let report = await drain(id, within: limit) else { return nil }
        try balancer(of: id)?.change { backends in backends.removeAll { $0.id == id } }
        replan()
        return report
    }

    /// Refuses all new work in all places, and waits until what is in flight has ended, also in places that have gone.
    ///
    /// Whoever waits in line is sent home with ``BalancerError/Reason/shutDown``. There is no way back: places that come
    /// later are shut too.
    ///
    /// - Parameter limit: how long to wait at the most, all places together.
    /// - Returns: what was left in flight.
    @discardableResult
    public nonisolated(nonsending) func shutdown(within limit: Duration) async -> DrainReport {
        let (isFirst, all) = state.withLock { state in
            let isFirst = !state.isShutDown
            state.isShutDown = true
            let all = state.members.values.map(\.balancer) + state.leaving
            // No place before the others: nobody is to be sent from one that is shut to one that is not.
            for balancer in all { _ = balancer.control.refuseAll() }
            return (isFirst, all)
        }
        let left = await withTaskGroup(of: Int.self) { group in
            for balancer in all { group.addTask { await balancer.shutdown(within: limit).inFlight } }
            return await group.reduce(0, +)
        }
        if isFirst { readers.tell(.shutDown(inFlight: left), at: time.now()) }
        return DrainReport(inFlight: left)
    }

    /// Whether there is to be no more work.
    var isShutDown: Bool { state.withLock { $0.isShutDown } }
}
