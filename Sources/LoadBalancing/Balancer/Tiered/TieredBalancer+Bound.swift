extension TieredBalancer {
    /// Counts work in on one backend, if that may be, wherever it stands: the override host.
    ///
    /// As ``Balancer/lease(on:at:where:)``.
    ///
    /// - Parameters:
    ///   - id: the backend.
    ///   - time: the present, if the caller has it.
    ///   - mayBegin: whether a backend that is as said gets the work.
    /// - Returns: the lease, or what the backend is up to.
    /// - Complexity: O(p) for p places.
    public func lease(
        on id: String, at time: Timestamp? = nil, where mayBegin: (BackendPresence) -> Bool = { $0 == .present }
    ) -> BoundLease<Endpoint> {
        balancer(of: id)?.lease(on: id, at: time, where: mayBegin) ?? .refused(isShutDown ? .draining : .gone)
    }

    /// Counts work of a session in: on its own backend, wherever it stands, or, where the rules say so, on one that the
    /// places' shares and the policy choose.
    ///
    /// A session stays with its backend whatever share its place has, also in a tier on standby: nobody is moved because
    /// the first tier is well again.
    ///
    /// - Parameters:
    ///   - id: the session's backend; `nil` if it has none.
    ///   - rules: when the session leaves its backend.
    ///   - request: the key and the time, as far as they matter.
    ///   - tried: where the request has failed already. A backend that was tried is as one that is down.
    /// - Returns: the lease, and what became of the session. To be told to the client unless it is bound as it was.
    /// - Throws: ``BalancerError``, if there is nobody to choose or, with ``RebindingRules/isStrict``, the session's
    ///   backend will not do.
    /// - Complexity: O(p) for p places.
    public func lease(
        boundTo id: String?, rules: RebindingRules = RebindingRules(), for request: PickRequest = PickRequest(),
        avoiding tried: TriedPlaces = TriedPlaces()
    ) throws(BalancerError) -> PlacedSessionLease<Endpoint> {
        guard let id else { return PlacedSessionLease(try lease(for: request, avoiding: tried), .unbound(nil)) }
        let home = balancers.first { $0.value.presence(of: id) != .gone }
        var binding = SessionBinding.bound
        if let (place, balancer) = home {
            var request = request
            request.tried = tried[place]
            switch try balancer.homeLease(of: id, rules: rules, for: request) {
            case .bound(let lease): return PlacedSessionLease(PlacedLease(lease, at: place), .bound)
            case .leaving(let other): binding = other
            }
        } else {
            binding = try rules.leaving(.gone)
        }
        return PlacedSessionLease(try lease(for: request, avoiding: tried), binding)
    }
}

/// A lease for a session's request with the place of its backend, and what became of the session.
public struct PlacedSessionLease<Endpoint: Sendable>: ~Copyable, Sendable {
    /// The lease.
    public var lease: PlacedLease<Endpoint>
    /// What became of the session.
    public let binding: SessionBinding

    init(_ lease: consuming PlacedLease<Endpoint>, _ binding: SessionBinding) {
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
