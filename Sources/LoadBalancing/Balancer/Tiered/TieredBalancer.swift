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
/// request; in the meantime work that a place refuses goes to the others in order. Requests with a key go to the place
/// that scores highest with it: a changed share moves only as many keys as it has changed by.
///
/// ``Resilience/panicThreshold`` has no say here, ``TierRules/panicThreshold`` has; limits hold for each place, the
/// retry budget for all together.
///
/// - Complexity: a lease costs a draw of the place more than ``Balancer/lease(for:)``.
public final class TieredBalancer<Endpoint: Sendable, Rule: Policy>: Sendable {
    /// How often refusals may have the work shared anew.
    private static var refusalNanoseconds: UInt64 { 100_000_000 }

    /// A place's balancer, and a number that no other has had.
    struct Member {
        let number: Int
        let balancer: Balancer<Endpoint, Rule>
    }

    struct State {
        var members: [Place: Member] = [:]
        var lastNumber = 0
        /// Balancers of places that have gone, as far as they have work in flight.
        var leaving: [Balancer<Endpoint, Rule>] = []
        var planner: TierPlanner
        var plan = TierPlan(shares: [])
        /// Whether what happens in places is handed on to readers.
        var tellsEvents = false
        var isShutDown = false
    }

    /// The rules.
    public let rules: TierRules
    let policy: Rule
    private let resilience: Resilience
    let time: TimeSource
    private let seed: UInt64
    let retries: RetryAllowance?
    /// Who probes, and wants to know when places come and go.
    let roster = ProbeRoster()
    let readers = TieredReaders()
    let state: Guarded<State>
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
        retries = resilience.retryBudget.map(RetryAllowance.init)
        self.time = time
        self.seed = seed
        state = Guarded(State(planner: TierPlanner(rules)))
        let empty = PlacesInForce<Endpoint, Rule>([])
        stripes = Stripes(limit: stripeLimit) { copy in PlaceDraw(places: empty, seed: seed, copy: copy) }
        self.stripeLimit = stripeLimit
        try update(backends)
    }

    private let stripeLimit: Int

    deinit {
        readers.finish()
    }

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
            for (place, member) in state.members where places[place] == nil {
                try member.balancer.update([])
                member.balancer.control.roster.finish()
                state.leaving.append(member.balancer)
                state.members[place] = nil
            }
            for (place, backends) in places {
                if let member = state.members[place] {
                    try member.balancer.update(backends)
                } else {
                    try add(backends, at: place, to: &state, at: now)
                }
            }
            replan(&state, at: now)
        }
        roster.setChanged()
    }

    private func add(
        _ backends: [Backend<Endpoint>], at place: Place, to state: inout State, at now: Timestamp
    ) throws(BackendSetError) {
        let balancer = try Balancer(
            policy: policy, backends: backends, resilience: resilience, time: time,
            seed: Mixing.mix(seed ^ XXH64.hash(place.description)), stripeLimit: stripeLimit, retries: retries)
        balancer.control.change { $0.imposedPanic = false }
        if state.isShutDown { _ = balancer.control.refuseAll() }
        if state.tellsEvents {
            readers.tell(.inPlace(place, .updated(version: 1, added: backends.map(\.id), removed: [])), at: now)
            balancer.control.add(PlaceReader(place: place, readers: readers))
        }
        state.lastNumber += 1
        state.members[place] = Member(number: state.lastNumber, balancer: balancer)
    }

    /// Follows a sequence of sets, such as a service discovery's, until it ends or the task is cancelled.
    ///
    /// A set that is refused is passed over: the last good one stays in force until the next comes.
    ///
    /// - Parameters:
    ///   - sets: the sets.
    ///   - onRefusal: is told why a set was refused; what it throws ends the following.
    /// - Throws: what the sequence or `onRefusal` throws.
    public nonisolated(nonsending) func follow<Sets: AsyncSequence>(
        _ sets: Sets, onRefusal: (BackendSetError) throws -> Void = { _ in }
    ) async throws where Sets.Element: Sequence<PlacedBackend<Endpoint>> {
        for try await backends in sets {
            do throws(BackendSetError) { try update(backends) } catch { try onRefusal(error) }
        }
    }

    /// Does what time asks of the rules of ``Resilience``, and shares the work anew: for callers with a loop of their
    /// own.
    ///
    /// - Complexity: O(n) for n backends.
    public func tick() {
        let now = time.now()
        state.withLock { state in
            for member in state.members.values { member.balancer.control.tick(at: now) }
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

    /// Makes a tier the active one, for a planned change-over; for ``TierRules/Order/activePassive(_:)``.
    ///
    /// It stays so, also while tiers before it are up, until it fails, another is promoted, or ``endPromotion()``.
    public func promote(_ priority: Int) {
        let now = time.now()
        state.withLock { state in
            state.planner.promote(priority)
            replan(&state, at: now)
        }
    }

    /// Lets the rules decide again which tier is active: they go back when the time has come, or at once if it has.
    public func endPromotion() {
        let now = time.now()
        state.withLock { state in
            state.planner.endPromotion()
            replan(&state, at: now)
        }
    }

    /// The shares in force, and why they are so.
    public var plan: TierPlan { state.withLock { $0.plan } }

    /// The balancer of each place: for health checks, draining, snapshots and whatever else is done to backends.
    public var balancers: [Place: Balancer<Endpoint, Rule>] { state.withLock { $0.members.mapValues(\.balancer) } }

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

    /// Shares the work anew: something was done to a backend.
    func replan() {
        let now = time.now()
        state.withLock { replan(&$0, at: now) }
    }

    func replan(_ state: inout State, at now: Timestamp) {
        state.leaving.removeAll { $0.membership.registry.inFlight(on: .everything) == 0 }
        let health = state.members.mapValues { $0.balancer.health(countsWeights: rules.countsWeights) }
        let plan = state.planner.plan(for: health, at: now)
        for share in plan.shares {
            guard let balancer = state.members[share.place]?.balancer else { continue }
            let panics = share.ignoresHealth
            guard balancer.control.inspect({ $0.imposedPanic }) != panics else { continue }
            balancer.control.change(at: now) { $0.imposedPanic = panics }
        }
        guard plan != state.plan || state.plan.shares.isEmpty else { return }
        if state.tellsEvents, !plan.isShared(as: state.plan) { readers.tell(.shared(plan), at: now) }
        state.plan = plan
        let places = PlacesInForce(
            plan.shares.compactMap { share in
                state.members[share.place].map { (share, $0.balancer) }
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
