import LoadBalancing

/// The first backend of the set that takes the work: a primary and its standbys.
struct PrimaryFirst: Picker {
    var generator: SeededGenerator

    mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        var refused: Int?
        for index in 0..<pool.count where pool.admits(index, for: request) {
            let fraction = pool.admission(at: index).fraction
            if fraction >= 1 || Double.random(in: 0..<1, using: &generator) < fraction { return index }
            refused = refused ?? index
        }
        return refused
    }

    mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

/// Primary first: ``PrimaryFirst``.
struct PrimaryFirstPolicy: Policy {
    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> PrimaryFirst {
        PrimaryFirst(generator: SeededGenerator(seed: seed))
    }
}

/// The policy in a balancer, its type known to the compiler.
func primaryFirst() throws -> Balancer<String, PrimaryFirstPolicy> {
    let balancer = try Balancer(
        policy: PrimaryFirstPolicy(), backends: [Backend("primary:5432"), Backend("standby:5432")])
    return balancer
}

/// The policy in a balancer whose policy may come from a configuration.
func primaryFirstErased() throws -> LoadBalancer<String> {
    let balancer = try LoadBalancer(
        policy: AnyPolicy(PrimaryFirstPolicy()), backends: [Backend("primary:5432"), Backend("standby:5432")])
    return balancer
}
