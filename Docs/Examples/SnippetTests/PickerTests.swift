import LoadBalancing
import Testing

@testable import Snippets

/// Tests of a picker without a balancer.
@Suite struct PickerTests {
    @Test func theStandbyServesWhileThePrimaryIsDown() {
        let pool = ScriptedPool(count: 2)
        var picker = PrimaryFirst(generator: SeededGenerator(seed: 1))
        #expect(pool.pick(with: &picker) == 0)

        pool.setAdmission(Admission(gate: .down), at: 0)
        #expect(pool.pick(with: &picker) == 1)

        pool.setAdmission(Admission(gate: .down), at: 1)
        #expect(pool.pick(with: &picker) == nil)
    }

    @Test func aRetryGoesElsewhere() {
        let pool = ScriptedPool(count: 2)
        var picker = PrimaryFirst(generator: SeededGenerator(seed: 1))
        var request = PickRequest()
        request.tried.insert(pool.slotID(at: 0))
        #expect(pool.pick(with: &picker, for: request) == 1)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func aFractionIsAShare(seed: UInt64) {
        let pool = ScriptedPool(weights: [1, 1], admissions: [Admission(fraction: 0.25)])
        var picker = PrimaryFirst(generator: SeededGenerator(seed: seed))
        let picks = (0..<10_000).map { _ in pool.pick(with: &picker) }
        // 2500 of 10,000; six standard deviations are 260.
        #expect(abs(picks.count { $0 == 0 } - 2500) < 260, "seed \(seed)")
    }

    @Test func latenciesCount() {
        let pool = ScriptedPool(
            weights: [1, 1, 1], inFlight: [0, 3, 0],
            latencies: [.milliseconds(9), .milliseconds(2), nil])
        var picker = Quickest()
        #expect(pool.pick(with: &picker) == 2, "not measured yet")

        pool.setLatency(.milliseconds(10), at: 2)
        #expect(pool.pick(with: &picker) == 1, "2 ms × 4 is less than 9 ms × 1")

        pool.setInFlight(4, at: 1)
        #expect(pool.pick(with: &picker) == 0, "2 ms × 5 is more")
    }
}
