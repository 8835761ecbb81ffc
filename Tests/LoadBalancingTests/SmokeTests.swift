import Testing

@testable import LoadBalancing

@Test func smoke() async throws {
    for name in PolicyName.allCases {
        let balancer = try LoadBalancer(
            policy: name.policy, backends: [Backend("a", weight: 3), Backend("b"), Backend("c")], seed: 7)
        var counts: [String: Int] = [:]
        for i in 0..<1000 {
            let lease = try balancer.lease(for: PickRequest(keyHash: UInt64(i) &* 0x9E37_79B9_7F4A_7C15))
            counts[lease.id, default: 0] += 1
            lease.finish()
        }
        print(name.rawValue, counts.sorted { $0.key < $1.key })
        let held = (0..<5).map { _ in try! balancer.lease().share() }
        print(held.map(\.backend.id))
        try balancer.update([Backend("b"), Backend("d")])
        print(balancer.snapshot().draining, balancer.snapshot().backends.map { "\($0.id) \($0.picks) \($0.inFlight) \($0.successes)" })
        held.forEach { $0.finish() }
        #expect(balancer.snapshot().draining.isEmpty)
        #expect(balancer.snapshot().backends.allSatisfy { $0.inFlight == 0 })
        let x = try await balancer.withBackend(attempts: 3) { backend in backend.id } classify: { _ in .failure }
        print(x)
    }
}
