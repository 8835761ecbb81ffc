import Synchronization

/// Spreads work over tiers and zones, and within each place over its backends, by any policy.
///
///     let balancer = try TieredBalancer(
///         policy: AnyPolicy.leastConnections,
///         backends: [
///             Backend("10.0.0.1:80").at(zone: "a"), Backend("10.0.1.1:80").at(zone: "b"),
///             Backend("10.9.0.1:80").at(priority: 1),
///         ],
///         rules: TierRules(zones: .byWeight(["a": 2, "b": 1])))
///     async let running: Void = balancer.run()
///
/// Each place has a ``Balancer`` of its own, so that a policy is among its own kind there, and shares are exact
/// whatever the policy. The shares follow the health of the places (``TierPlan``), and are made anew at every
/// ``tick()`` and ``update(_:)``, and ten times a second at the most when a place with a share has nobody left for a
/// request; in the meantime work that a place refuses goes to the others in order. Requests with a key go to the place that scores highest with it: a changed share moves only as many keys as it has changed by.
///
/// ``Resilience/panicThreshold`` has no say here, ``TierRules/panicThreshold`` has; limits and budgets hold for each
/// place.
///
/// - Complexity: a lease costs a draw of the place more than ``Balancer/lease(for:)``.
public final class TieredBalancer<Endpoint: Sendable, Rule: Policy>: Sendable {
    /// How often refusals may have the work shared anew.
    private static var refusalNanoseconds: UInt64 { 100_000_000 }

    private struct State {
        var balancers: [Place: Balancer<Endpoint, Rule>] = [:]
        var planner: TierPlanner
        var plan = TierPlan(shares: [])
    }

    /// The rules.
    public let rules: TierRules
    private let policy: Rule
    private let resilience: Resilience
    let time: TimeSource
    private let seed: UInt64
    private let state: Guarded<State>
    private let stripes: Stripes<PlaceDraw<Endpoint, Rule>>
    /// When the work may be shared anew because of a refusal.
    private let nextReplan = Atomic<UInt64>(0)

    /// Creates a balancer.
    ///
    /// - Parameters:
    ///   - policy: how to choose within a place.
    ///   - backends: the set to begin with; it may be empty.
    ///   - rules: how places share the work.
    ///   - resilience: what to do about backends that are new, slow or sick, in each place.
    ///   - time: the clock.
    ///   - seed: what all random choices follow from.
    ///   - stripeLimit: the most copies of the draw, and of each picker; 1 means one exact order across all threads.
    /// - Throws: ``BackendSetError`` if two backends have the same id, or a weight is out of range.
    public init(
        policy: Rule, backends: some Sequence<PlacedBackend<Endpoint>>, rules: TierRules = TierRules(),
        resilience: Resilience = Resilience(), time: TimeSource = .system,
        seed: UInt64 = .random(in: .min ... .max), stripeLimit: Int = SharedPicker<Rule.P>.defaultStripeLimit
    ) throws(BackendSetError) {
        self.policy = policy
        self.rules = rules
        self.resilience = resilience
        self.time = time
        self.seed = seed
        state = Guarded(State(planner: TierPlanner(rules)))
        let empty = PlacesInForce<Endpoint, Rule>([])
        stripes = Stripes(limit: stripeLimit) { copy in PlaceDraw(places: empty, seed: seed, copy: copy) }
        self.stripeLimit = stripeLimit
        try update(backends)
    }

    private let stripeLimit: Int

    /// Replaces the set of backends, while others go on picking.
    ///
    /// Backends that stay in their place keep what is known of them; one that goes to another place begins there as a
    /// newcomer.
    ///
    /// - Throws: ``BackendSetError`` if two backends have the same id, or a weight is out of range; the set in force
    ///   then stays in force.
    public func update(_ backends: some Sequence<PlacedBackend<Endpoint>>) throws(BackendSetError) {
        let all = Array(backends)
        try BackendSetError.check(all.map { WeightedName($0.id, weight: $0.backend.weight) })
        let places = Dictionary(grouping: all, by: \.place).mapValues { $0.map(\.backend) }
        for backends in places.values { try policy.check(backends.map { WeightedName($0.id, weight: $0.weight) }) }
        let now = time.now()
        try state.withLock { state throws(BackendSetError) in
            for (place, balancer) in state.balancers where places[place] == nil { try balancer.update([]) }
            state.balancers = state.balancers.filter { places[$0.key] != nil }
            for (place, backends) in places {
                if let balancer = state.balancers[place] {
                    try balancer.update(backends)
                } else {
                    state.balancers[place] = try makeBalancer(backends, at: place)
                }
            }
            replan(&state, at: now)
        }
    }

    private func makeBalancer(
        _ backends: [Backend<Endpoint>], at place: Place
    ) throws(BackendSetError) -> Balancer<Endpoint, Rule> {
        let balancer = try Balancer(
            policy: policy, backends: backends, resilience: resilience, time: time,
            seed: Mixing.mix(seed ^ XXH64.hash(place.description)), stripeLimit: stripeLimit)
        balancer.control.change { $0.imposedPanic = false }
        return balancer
    }

    /// Does what time asks of the rules of ``Resilience``, and shares the work anew: for callers with a loop of their
    /// own.
    ///
    /// - Complexity: O(n) for n backends.
    public func tick() {
        let now = time.now()
        state.withLock { state in
            for balancer in state.balancers.values { balancer.control.tick(at: now) }
            replan(&state, at: now)
        }
    }

    /// Calls ``tick()`` again and again until the task is cancelled.
    public nonisolated(nonsending) func run() async {
        while !Task.isCancelled {
            tick()
            let next = time.now().advanced(by: resilience.tickInterval)
            do { try await time.sleep(until: next) } catch { return }
        }
    }

    /// Probes the backends of all places, as ``Balancer/runHealthChecks(_:)`` does, until the task is cancelled.
    ///
    /// - Parameter probe: asks one backend. It runs in a child task of this call.
    public nonisolated(nonsending) func runHealthChecks(
        _ probe: @escaping @Sendable (Endpoint) async throws -> HealthReport
    ) async {
        await withDiscardingTaskGroup { group in
            var known: Set<ObjectIdentifier> = []
            while !Task.isCancelled {
                for balancer in balancers.values where known.insert(ObjectIdentifier(balancer)).inserted {
                    group.addTask { await balancer.runHealthChecks(probe) }
                }
                let next = time.now().advanced(by: resilience.tickInterval)
                do { try await time.sleep(until: next) } catch { break }
            }
            group.cancelAll()
        }
    }

    /// Makes a tier the active one; for ``TierRules/Order/activePassive(_:)``.
    public func promote(_ priority: Int) {
        let now = time.now()
        state.withLock { state in
            state.planner.promote(priority)
            replan(&state, at: now)
        }
    }

    /// The shares in force, and why they are so.
    public var plan: TierPlan { state.withLock { $0.plan } }

    /// The balancer of each place: for health checks, draining, snapshots and whatever else is done to backends.
    public var balancers: [Place: Balancer<Endpoint, Rule>] { state.withLock { $0.balancers } }

    /// The balancer that has a backend; `nil` if none has.
    public func balancer(of id: String) -> Balancer<Endpoint, Rule>? {
        balancers.values.first { $0.presence(of: id) != .gone }
    }

    /// Shares the work anew, unless that was done a moment ago: a place that had a share has nobody left.
    func replanIfDue(at time: Timestamp?) {
        let now = time ?? self.time.now()
        let due = nextReplan.load(ordering: .relaxed)
        guard now.nanoseconds >= due else { return }
        let (isOurs, _) = nextReplan.compareExchange(
            expected: due, desired: now.nanoseconds &+ Self.refusalNanoseconds, ordering: .relaxed)
        guard isOurs else { return }
        state.withLock { replan(&$0, at: now) }
    }

    private func replan(_ state: inout State, at now: Timestamp) {
        let health = state.balancers.mapValues { $0.health(countsWeights: rules.countsWeights) }
        let plan = state.planner.plan(for: health, at: now)
        for share in plan.shares {
            guard let balancer = state.balancers[share.place] else { continue }
            let panics = share.ignoresHealth
            guard balancer.control.inspect({ $0.imposedPanic }) != panics else { continue }
            balancer.control.change(at: now) { $0.imposedPanic = panics }
        }
        guard plan != state.plan || state.plan.shares.isEmpty else { return }
        state.plan = plan
        let places = PlacesInForce(
            plan.shares.compactMap { share in
                state.balancers[share.place].map { (share, $0) }
            })
        let seed = seed
        stripes.update(
            make: { copy in PlaceDraw(places: places, seed: seed, copy: copy) },
            install: { draw, _ in
                let old = draw
                draw.places = places
                return old
            })
    }

    /// The places in force, and the one drawn for a request.
    func draw(for request: PickRequest) -> (places: PlacesInForce<Endpoint, Rule>, index: Int?) {
        guard let stripe = stripes.tryAcquire() else { return stripes.withValue { $0.draw(for: request) } }
        let drawn = stripe.value.draw(for: request)
        stripe.unlock()
        return drawn
    }
}

extension Balancer {
    /// How many backends can work: their gates are open, or shut only because they are full, and no rule takes them for
    /// broken.
    func health(countsWeights: Bool) -> GroupHealth {
        var (healthy, total) = (0, 0)
        for backend in snapshot().backends where backend.weight > 0 {
            let size = countsWeights ? backend.weight : 1
            total += size
            let gate = backend.proposals.gate
            if (gate == .open || gate == .saturated) && !backend.proposals.isUnhealthy { healthy += size }
        }
        return GroupHealth(healthy: healthy, of: total)
    }
}
