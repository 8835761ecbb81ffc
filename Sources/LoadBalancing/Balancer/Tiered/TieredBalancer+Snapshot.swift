/// What a balancer of several places knew at one moment.
///
/// As with ``BalancerSnapshot``, each number is right, but they need not be of the same instant.
public struct TieredSnapshot: Sendable {
    /// What was known of one place.
    public struct PlaceSnapshot: Sendable {
        /// The place.
        public let place: Place
        /// Its part of all traffic, from 0 to 1.
        public let share: Double
        /// Its backends.
        public let balancer: BalancerSnapshot
    }

    /// The places, in order.
    public let places: [PlaceSnapshot]
    /// The shares in force, and why they are so.
    public let plan: TierPlan
    /// Backends that were removed and still have work in flight, also of places that have gone.
    public let draining: [DrainingBackend]

    /// What was known of one place; `nil` if it is not there.
    public subscript(place: Place) -> PlaceSnapshot? { places.first { $0.place == place } }

    /// What was known of a backend, wherever it stands; `nil` if no place has it.
    public subscript(id: String) -> BackendSnapshot? {
        for place in places {
            if let backend = place.balancer.backends.first(where: { $0.id == id }) { return backend }
        }
        return nil
    }

    /// How many leases are in flight in all places.
    public var inFlight: Int {
        places.reduce(0) { sum, place in place.balancer.backends.reduce(sum) { $0 + $1.inFlight } }
            + draining.reduce(0) { $0 + $1.inFlight }
    }
}

extension TieredBalancer {
    /// What is known of all places and their backends now.
    ///
    /// - Complexity: O(n) for n backends; picks do not wait for it.
    public func snapshot() -> TieredSnapshot {
        let (members, leaving, plan) = state.withLock { ($0.members, $0.leaving, $0.plan) }
        let places = members.sorted { $0.key < $1.key }.map { place, member in
            TieredSnapshot.PlaceSnapshot(place: place, share: plan[place], balancer: member.balancer.snapshot())
        }
        let draining = places.flatMap(\.balancer.draining) + leaving.flatMap { $0.snapshot().draining }
        return TieredSnapshot(places: places, plan: plan, draining: draining.sorted { $0.id < $1.id })
    }

    /// Gives backends other weights, wherever they stand, and leaves everything else as it is.
    ///
    /// - Parameter weights: by identity; backends that are not named keep theirs.
    /// - Throws: ``BackendSetError`` if a weight is out of range, or the policy cannot work with the weights; then
    ///   nothing changes in any place.
    /// - Complexity: that of ``update(_:)`` for the places concerned.
    public func setWeights(_ weights: [String: Int]) throws(BackendSetError) {
        let now = time.now()
        try state.withLock { state throws(BackendSetError) in
            var concerned: [Balancer<Endpoint, Rule>] = []
            for member in state.members.values {
                let backends = member.balancer.snapshot().backends
                guard backends.contains(where: { weights[$0.id] != nil }) else { continue }
                let names = backends.map { WeightedName($0.id, weight: weights[$0.id] ?? $0.weight) }
                try BackendSetError.check(names)
                try policy.check(names)
                concerned.append(member.balancer)
            }
            for balancer in concerned { try balancer.setWeights(weights) }
            replan(&state, at: now)
        }
    }
}
