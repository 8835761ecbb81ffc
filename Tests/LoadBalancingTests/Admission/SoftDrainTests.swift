import Testing

@testable import LoadBalancing

@Suite struct SoftDrainTests {
    /// (2 · median / latency)², from 2 · median on, and 0.05 at the least.
    @Test(
        arguments: [
            (latency: 10, fraction: 1), (latency: 20, fraction: 1), (latency: 40, fraction: 0.25),
            (latency: 80, fraction: 0.0625), (latency: 200, fraction: 0.05), (latency: 1e9, fraction: 0.05),
            (latency: 0, fraction: 1),
        ] as [(latency: Double, fraction: Double)])
    func fractionsFallWithTheSquare(latency: Double, fraction: Double) {
        #expect(SoftDrain().fraction(latency: latency * 1e6, median: 10e6) == fraction)
    }

    @Test func belowAMillisecondNobodyIsSlow() {
        #expect(SoftDrain().fraction(latency: 1e6, median: 1e3) == 1)
        #expect(SoftDrain().fraction(latency: 2e6, median: 1e3) == 0.25)
    }

    /// One of four becomes 20 × slow, and well again: round robin, which sees nothing of it, sends it less and less.
    @Test(arguments: [PolicyName.roundRobin, .random, .smoothWeightedRoundRobin])
    func aGrayFailureIsDrained(name: PolicyName) throws {
        let time = ManualTime()
        let balancer = try LoadBalancer(
            policy: name.policy, backends: LoadBalancer<String>.named("abcd"),
            resilience: Resilience(softDrain: SoftDrain()), time: .manual(time), seed: 1, stripeLimit: 1)
        /// The share of d in so many requests, one each 10 ms.
        func share(_ count: Int, slow: Bool) throws -> Double {
            var picks = 0
            for number in 0..<count {
                let start = time.now
                let lease = try balancer.lease(for: .any.at(start))
                let milliseconds: Int64 = lease.id == "d" && slow ? 200 : 10
                if lease.id == "d" { picks += 1 }
                lease.finish(.success, at: start.advanced(by: .milliseconds(milliseconds)))
                time.advance(by: .milliseconds(10))
                if number % 100 == 99 { balancer.tick() }
            }
            return Double(picks) / Double(count)
        }
        let before = try share(1_000, slow: false)
        #expect(abs(before - 0.25) < 0.09)
        #expect(balancer.snapshot()["d"]?.admission == .full)
        _ = try share(1_000, slow: true)
        #expect(balancer.snapshot()["d"]?.proposals.objections == [.softDrain])
        // 0.05 of 3.05, with six standard deviations of a draw.
        let drained = try share(2_000, slow: true)
        #expect(drained < 0.016 + 6 * 0.0028)
        _ = try share(2_000, slow: false)
        #expect(balancer.snapshot()["d"]?.admission == .full)
        let after = try share(1_000, slow: false)
        #expect(abs(after - 0.25) < 0.09)
    }
}
