import LoadBalancing

/// Chooses backends for one worker's new flows of one service.
///
/// Policies go over those backends alone that take new flows. Where a hash is to say who, the service's table is asked instead,
/// which passes on from those that take none.
struct FlowScheduler: Sendable {
    /// Backends that take new flows, by their number in the pool.
    private var takers: [UInt32] = []
    /// Round robin: whose turn it is, by their place in the configuration, so that turns go on in order when one of them is
    /// drained or fails.
    private var turn = 0
    private var places: [Int] = []
    private let takesTurns: Bool
    /// Whether the policy's picker takes turns, which a choice that comes to nothing gives back; others have none to lose.
    private let pickerTakesTurns: Bool
    private var weights: [Int] = []
    private var pool = ScriptedPool(count: 0)
    private var picker: AnyPicker?
    private let policy: AnyPolicy?
    /// Whether the policy goes by loads.
    let readsLoads: Bool
    /// Whether the policy knows all loads.
    private var knowsLoads = false
    private let seed: UInt64
    /// What was asked for.
    let name: SchedulerName

    init(_ scheduler: SchedulerName, seed: UInt64) {
        self.seed = seed
        name = scheduler
        pickerTakesTurns = scheduler == .policy(.smoothWeightedRoundRobin)
        switch scheduler {
        case .policy(.roundRobin):
            policy = nil
            takesTurns = true
            readsLoads = false
        case .policy(let name) where !name.isKeyed:
            policy = name.policy
            takesTurns = false
            readsLoads = ![.random, .weightedRandom, .smoothWeightedRoundRobin].contains(name)
        case .maglev, .sourceHash, .policy:
            policy = nil
            takesTurns = false
            readsLoads = false
        }
    }

    /// Whether the service's own table chooses.
    var isHash: Bool { policy == nil && !takesTurns }

    /// Goes on with the backends of another plan; as it is, if it is the same ones that take new flows.
    mutating func update(_ service: ServicePlan, in plan: ForwardingPlan) {
        places = service.backends.indices.filter { plan.backends[Int(service.backends[$0])].condition == .takes }
        let takers = places.map { service.backends[$0] }
        let weights = takers.map { plan.backends[Int($0)].weight }
        let isSame = picker != nil && takers == self.takers && weights == self.weights
        (self.takers, self.weights) = (takers, weights)
        guard let policy, !isSame else { return }
        let pool = ScriptedPool(weights: weights)
        var picker = policy.makePicker(for: pool.pool(), seed: seed)
        if let old = self.picker { picker.resume(from: old) }
        self.pool = pool
        self.picker = picker
        knowsLoads = false
    }

    /// Tells the policy how many established flows all backends have, if it has not been told yet.
    ///
    /// - Complexity: O(n) for n backends, once for each set of them.
    mutating func learnLoads(_ establishedFlows: (UInt32) -> Int) {
        guard readsLoads, !knowsLoads else { return }
        for (index, backend) in takers.enumerated() { pool.setInFlight(establishedFlows(backend), at: index) }
        knowsLoads = true
    }

    /// Has the policy told anew how many flows all backends have, when it is asked next.
    mutating func forgetLoads() {
        knowsLoads = false
    }

    /// Tells the policy how many established flows a backend has.
    ///
    /// - Parameters:
    ///   - establishedFlows: how many.
    ///   - backend: the backend's number.
    ///   - place: its place in the configuration.
    /// - Complexity: O(log n) for n backends.
    func setLoad(_ establishedFlows: Int, of backend: UInt32, atPlace place: Int) {
        let index = firstIndex(from: place)
        guard readsLoads, knowsLoads, index < takers.count, takers[index] == backend else { return }
        pool.setInFlight(establishedFlows, at: index)
    }

    /// Chooses the backend of the next new flow, and takes a turn.
    ///
    /// - Parameter now: the present.
    /// - Returns: the backend; `nil` if nobody takes new flows.
    mutating func next(now: Timestamp) -> UInt32? {
        if takesTurns {
            guard !places.isEmpty else { return nil }
            let found = firstIndex(from: turn)
            let index = found < places.count ? found : 0
            turn = places[index] + 1
            return takers[index]
        }
        let index = picker?.pick(PickRequest(time: now), from: pool.pool())
        return index.map { takers[$0] }
    }

    /// The first of those that take new flows, from a place in the configuration on; their number if there is none.
    private func firstIndex(from place: Int) -> Int {
        var range = 0..<places.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = places[middle] < place ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    /// Parts with what the scheduler that this one was copied from shares with it: choices are then without effect there.
    ///
    /// - Parameters:
    ///   - service: the service.
    ///   - plan: the plan in force.
    ///   - isCurrent: whether the other one goes by that plan already.
    ///   - establishedFlows: how many established flows a backend has.
    mutating func separate(
        _ service: ServicePlan, in plan: ForwardingPlan, isCurrent: Bool, establishedFlows: (UInt32) -> Int
    ) {
        if !isCurrent { update(service, in: plan) }
        if readsLoads {
            pool = ScriptedPool(weights: weights)
            knowsLoads = false
        }
        learnLoads(establishedFlows)
    }

    /// Whose turn it is; to be put back if a choice comes to nothing.
    ///
    /// - Complexity: O(1), no allocation: pickers that keep backends in order are not copied.
    var turns: Turns {
        get { Turns(turn: turn, picker: pickerTakesTurns ? picker : nil) }
        set {
            turn = newValue.turn
            if pickerTakesTurns { picker = newValue.picker }
        }
    }

    struct Turns: Sendable {
        fileprivate let turn: Int
        fileprivate let picker: AnyPicker?
    }

    /// How many backends take new flows.
    var takerCount: Int { takers.count }
}
