extension Balancer {
    /// What a backend is up to.
    ///
    /// - Complexity: O(1), under the lock of the set.
    public func presence(of id: String) -> BackendPresence {
        membership.withIndex(of: id) { generation, index in Self.presence(generation.admission(at: index)) } ?? .gone
    }

    private static func presence(_ admission: Admission) -> BackendPresence {
        switch admission.gate {
        case .open: admission.fraction > 0 ? .present : .down
        case .draining: .draining
        case .saturated: .saturated
        case .down: .down
        }
    }

    /// Counts work in on one backend, if that may be, without asking the policy: the override host.
    ///
    /// `mayBegin` runs under the lock of the set, so that the backend cannot change between the question and the lease:
    /// it has to be short, and may not call the balancer.
    ///
    /// - Parameters:
    ///   - id: the backend.
    ///   - time: the present, if the caller has it.
    ///   - mayBegin: whether a backend that is as said gets the work.
    /// - Returns: the lease, or what the backend is up to.
    public func lease(
        on id: String, at time: Timestamp? = nil, where mayBegin: (BackendPresence) -> Bool = { $0 == .present }
    ) -> BoundLease<Endpoint> {
        guard !control.isShutDown else { return .refused(.draining) }
        let terms = terms(for: PickRequest(time: time))
        let measurement = measurement
        let found: (BackendPresence, Slot?)? = membership.withIndex(of: id) { generation, index in
            let presence = Self.presence(generation.admission(at: index))
            guard mayBegin(presence) else { return (presence, nil) }
            let slot = generation.slot(at: index)
            let begins = measurement.isLimited ? slot.beginLimited(terms.delta) : slot.begin(terms.delta)
            return begins ? (presence, slot) : (.saturated, nil)
        }
        guard let (presence, slot) = found else { return .refused(.gone) }
        guard let slot else { return .refused(presence) }
        return .granted(Lease(slot: slot, start: terms.start))
    }

    /// Counts work of a session in: on its own backend or, where the rules say so, on one that the policy chooses.
    ///
    /// - Parameters:
    ///   - id: the session's backend; `nil` if it has none.
    ///   - rules: when the session leaves its backend.
    ///   - request: for the policy. A backend that was tried is as one that is down.
    /// - Returns: the lease, and what became of the session. To be told to the client unless it is bound as it was.
    /// - Throws: ``BalancerError``, if there is nobody to choose or, with ``RebindingRules/isStrict``, the session's
    ///   backend will not do.
    public func lease(
        boundTo id: String?, rules: RebindingRules = RebindingRules(), for request: PickRequest = PickRequest()
    ) throws(BalancerError) -> SessionLease<Endpoint> {
        guard let id else { return SessionLease(try lease(for: request), .unbound(nil)) }
        switch try homeLease(of: id, rules: rules, for: request) {
        case .bound(let lease): return SessionLease(lease, .bound)
        case .leaving(let binding): return SessionLease(try lease(for: request), binding)
        }
    }

    /// A lease on a session's own backend, unless the session leaves it.
    func homeLease(
        of id: String, rules: RebindingRules, for request: PickRequest
    ) throws(BalancerError) -> HomeLease<Endpoint> {
        let isTried = !request.tried.isEmpty && membership.slotID(of: id).map(request.tried.contains) ?? false
        guard !isTried else { return .leaving(try rules.leaving(.down)) }
        switch lease(on: id, at: request.time, where: { rules.binding(for: $0) == .bound }) {
        case .granted(let lease): return .bound(lease)
        case .refused(let presence): return .leaving(try rules.leaving(presence))
        }
    }
}

extension RebindingRules {
    /// What becomes of a session whose backend is as said and did not get its request.
    func leaving(_ presence: BackendPresence) throws(BalancerError) -> SessionBinding {
        let binding = binding(for: presence)
        switch binding {
        // It would have been taken, and yet there was no room for it.
        case .bound: throw BalancerError(.saturated)
        case .refused(let presence): throw BalancerError(presence == .saturated ? .saturated : .noneAdmitted)
        default: return binding
        }
    }
}

/// What came of asking a session's own backend.
enum HomeLease<Endpoint: Sendable>: ~Copyable, Sendable {
    /// It has the work.
    case bound(Lease<Endpoint>)
    /// Another is to have it, and this is what becomes of the session.
    case leaving(SessionBinding)
}

/// What came of asking for one backend.
public enum BoundLease<Endpoint: Sendable>: ~Copyable, Sendable {
    /// The work was counted in.
    case granted(Lease<Endpoint>)
    /// It was not, because the backend is as said.
    case refused(BackendPresence)
}

/// A lease for a session's request, and what became of the session.
public struct SessionLease<Endpoint: Sendable>: ~Copyable, Sendable {
    /// The lease.
    public var lease: Lease<Endpoint>
    /// What became of the session.
    public let binding: SessionBinding

    init(_ lease: consuming Lease<Endpoint>, _ binding: SessionBinding) {
        self.lease = lease
        self.binding = binding
    }

    /// The identity of the backend.
    public var id: String { lease.id }

    /// How to reach the backend.
    public var endpoint: Endpoint { lease.endpoint }

    /// Ends the work, and tells how it went.
    public consuming func finish(_ outcome: Outcome = .success, at time: Timestamp? = nil) {
        lease.finish(outcome, at: time)
    }
}

extension Membership {
    /// The number of a backend's slot.
    func slotID(of id: String) -> UInt32? {
        withIndex(of: id) { generation, index in generation.slot(at: index).id }
    }
}
