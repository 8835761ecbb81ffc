import LoadBalancing

/// A balancer whose every pick can be repeated: time stands still until it is moved, and chance follows from a seed.
func repeatable(time: ManualTime, seed: UInt64) throws -> LoadBalancer<String> {
    let balancer = try LoadBalancer(
        policy: .peakEWMA, backends: [Backend("a"), Backend("b"), Backend("c")],
        time: .manual(time), seed: seed, stripeLimit: 1)
    return balancer
}

/// Picks without leases, from several threads.
func sharedPicks(count: Int) -> [Int?] {
    let scripted = ScriptedPool(count: 3)
    let shared = SharedPicker(RoundRobinPolicy(start: 0), pool: scripted.pool())
    return (0..<count).map { _ in shared.pick() }
}
