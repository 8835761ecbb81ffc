import Synchronization

extension Balancer {
    /// Replaces the set of backends, while others go on picking.
    ///
    /// Backends that stay keep their counts, averages and admissions; a backend is the same if its id is, and its
    /// endpoint is equal as ``Backend/endpoint`` says. One with another endpoint is new. One that was removed and comes
    /// back while work on it is still in flight goes on where it was. When this returns, no pick that begins later
    /// gives a backend that is not in the set; leases already given stay valid.
    ///
    /// - Throws: ``BackendSetError`` if two backends have the same id, or a weight is out of range; the set in force then
    ///   stays in force.
    /// - Complexity: O(n) for n backends, and what the policy needs for its tables. Updates wait for each other. Picks
    ///   do not wait, save one that meets a copy of the picker which an update has found in use.
    public func update(_ backends: some Sequence<Backend<Endpoint>>) throws(BackendSetError) {
        let backends = Array(backends)
        try change { $0 = backends }
    }

    /// Replaces the set by one that is made from it.
    func change(_ edit: (inout [Backend<Endpoint>]) -> Void) throws(BackendSetError) {
        try membership.update { backends in
            var backends = backends
            edit(&backends)
            return backends
        } publish: { make, install, version in
            stripes.update(make: make, install: install)
            self.version.store(version, ordering: .releasing)
        }
        control.roster.setChanged()
        control.line.serve()
    }

    /// Follows a sequence of sets, such as a service discovery's, until it ends or the task is cancelled.
    ///
    ///     try await balancer.follow(discovered) { error in logger.warning("a set was refused: \(error)") }
    ///
    /// A set that is refused, such as one with the same id twice, is passed over: the last good one stays in force until
    /// the next comes.
    ///
    /// - Parameters:
    ///   - sets: the sets.
    ///   - onRefusal: is told why a set was refused; what it throws ends the following.
    /// - Throws: what the sequence or `onRefusal` throws.
    public nonisolated(nonsending) func follow<Sets: AsyncSequence>(
        _ sets: Sets, onRefusal: (BackendSetError) throws -> Void = { _ in }
    ) async throws where Sets.Element: Sequence<Backend<Endpoint>> {
        for try await backends in sets {
            do throws(BackendSetError) { try update(backends) } catch { try onRefusal(error) }
        }
    }

    /// Sets the gate and the fraction of a backend: whether new work may come to it, and how much of its share.
    ///
    /// They stay until they are set again, or the backend leaves the set. The rules of ``Resilience`` have their say besides:
    /// ``AdmissionProposals``.
    ///
    /// - Returns: whether the set in force has a backend of that name.
    /// - Complexity: O(1).
    @discardableResult
    public func setAdmission(_ admission: Admission, for id: String) -> Bool {
        membership.propose(admission, by: .manual, for: id) != nil
    }
}
