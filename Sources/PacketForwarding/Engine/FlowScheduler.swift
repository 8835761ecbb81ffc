import LoadBalancing

/// Chooses backends for one worker's new flows of one service.
///
/// Policies go over those backends alone that take new flows; hashes are looked up in the service's table and passed on from
/// who does not.
struct FlowScheduler: Sendable {
    /// Backends that take new flows, by their number in the pool.
    private var takers: [UInt32] = []
    /// Round robin: whose turn it is, by their place in the configuration, so that turns go on in order when one of them is
    /// drained or fails.
    private var turn = 0
    private var places: [Int] = []
    private let takesTurns: Bool
    private var pool = ScriptedPool(count: 0)
    private var picker: AnyPicker?
    private let policy: AnyPolicy?
    private let readsLoads: Bool
    private let seed: UInt64

    init(_ scheduler: SchedulerName, seed: UInt64) {
        self.seed = seed
        switch scheduler {
        case .maglev, .sourceHash, .policy(.staticHash):
            policy = nil
            takesTurns = false
            readsLoads = false
        case .policy(.roundRobin):
            policy = nil
            takesTurns = true
            readsLoads = false
        case .policy(let name):
            policy = name.policy
            takesTurns = false
            readsLoads = ![.random, .weightedRandom, .smoothWeightedRoundRobin].contains(name)
        }
    }

    /// Whether the service's own table chooses.
    var isHash: Bool { policy == nil && !takesTurns }

    /// Goes on with the backends of another plan.
    mutating func update(_ service: ServicePlan, in plan: ForwardingPlan) {
        places = service.backends.indices.filter { plan.backends[Int(service.backends[$0])].condition == .takes }
        takers = places.map { service.backends[$0] }
        guard let policy else { return }
        let pool = ScriptedPool(
            weights: takers.map { plan.backends[Int($0)].weight }, ids: takers.map { plan.backends[Int($0)].name })
        var picker = policy.makePicker(for: pool.pool(), seed: seed)
        if let old = self.picker { picker.resume(from: old) }
        self.pool = pool
        self.picker = picker
    }

    /// Chooses the backend of the next new flow, and takes a turn.
    ///
    /// - Parameters:
    ///   - hash: the flow's, for policies that look at it.
    ///   - now: the present.
    ///   - establishedFlows: how many established flows a backend has.
    /// - Returns: the backend; `nil` if nobody takes new flows.
    mutating func next(hash: UInt64, now: Timestamp, establishedFlows: (UInt32) -> Int) -> UInt32? {
        if takesTurns {
            guard let index = places.firstIndex(where: { $0 >= turn }) ?? places.indices.first else { return nil }
            turn = places[index] + 1
            return takers[index]
        }
        if readsLoads {
            for (index, backend) in takers.enumerated() { pool.setInFlight(establishedFlows(backend), at: index) }
        }
        let index = picker?.pick(PickRequest(keyHash: hash, time: now), from: pool.pool())
        return index.map { takers[$0] }
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
        guard isCurrent, readsLoads else { return }
        pool = ScriptedPool(
            weights: takers.map { plan.backends[Int($0)].weight }, inFlight: takers.map(establishedFlows),
            ids: takers.map { plan.backends[Int($0)].name })
    }

    /// How many backends take new flows.
    var takerCount: Int { takers.count }
}
