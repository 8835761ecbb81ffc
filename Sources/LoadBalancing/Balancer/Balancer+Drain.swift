/// How a draining ended.
public struct DrainReport: Hashable, Sendable {
    /// Leases that were still in flight when the time was over.
    public let inFlight: Int

    /// Whether all work had ended in time.
    public var isComplete: Bool { inFlight == 0 }
}

extension Balancer {
    /// Gives a backend no new work, and waits until what is in flight has ended.
    ///
    /// The backend goes on draining afterwards, until ``resume(_:)`` or until it leaves the set. The end of the last lease wakes
    /// who waits; leases on backends that nobody waits for pay nothing for it.
    ///
    /// - Parameters:
    ///   - id: the backend.
    ///   - limit: how long to wait at the most.
    /// - Returns: what was left in flight; `nil` if the set has no such backend.
    @discardableResult
    public nonisolated(nonsending) func drain(_ id: String, within limit: Duration) async -> DrainReport? {
        guard let slotID = membership.propose(Admission(gate: .draining), by: .drain, for: id) else { return nil }
        let left = await inFlight(on: .slot(id: slotID, identity: id), within: limit)
        control.tell(.drained(id: id, inFlight: left))
        return DrainReport(inFlight: left)
    }

    /// Gives a backend new work again that was drained; it comes back through slow start, if there is such a rule.
    ///
    /// - Returns: whether the set has such a backend.
    @discardableResult
    public func resume(_ id: String) -> Bool {
        membership.resume(id)
    }

    /// Takes a backend out of the set, and waits until what is in flight on it has ended.
    ///
    /// It gets no new work from the start, and leaves the set when it has nothing in flight or the time is over. Leases that are
    /// left stay valid. An update in the meantime that has it in its set does not save it.
    ///
    /// - Parameters:
    ///   - id: the backend.
    ///   - limit: how long to wait at the most.
    /// - Returns: what was left in flight; `nil` if the set has no such backend.
    /// - Throws: ``BackendSetError`` if the policy cannot work without the backend, which then goes on draining.
    @discardableResult
    public nonisolated(nonsending) func remove(
        _ id: String, within limit: Duration
    ) async throws(BackendSetError) -> DrainReport? {
        guard let report = await drain(id, within: limit) else { return nil }
        try change { backends in backends.removeAll { $0.id == id } }
        return report
    }

    /// Refuses all new work, and waits until what is in flight has ended, also on backends that have left the set.
    ///
    /// Whoever waits in line is sent home with ``BalancerError/Reason/shutDown``. There is no way back.
    ///
    /// - Parameter limit: how long to wait at the most.
    /// - Returns: what was left in flight.
    @discardableResult
    public nonisolated(nonsending) func shutdown(within limit: Duration) async -> DrainReport {
        let isFirst = control.refuseAll()
        let left = await inFlight(on: .everything, within: limit)
        if isFirst { control.tell(.shutDown(inFlight: left)) }
        return DrainReport(inFlight: left)
    }

    /// Waits until nothing is in flight or the time is over; gives what is left.
    private nonisolated(nonsending) func inFlight(on scope: DrainScope, within limit: Duration) async -> Int {
        let registry = membership.registry
        let deadline = time.now().advanced(by: limit)
        while true {
            let left = registry.inFlight(on: scope)
            guard left > 0, time.now() < deadline, !Task.isCancelled else { return left }
            await registry.waitForEnds(on: scope, until: deadline)
        }
    }
}
