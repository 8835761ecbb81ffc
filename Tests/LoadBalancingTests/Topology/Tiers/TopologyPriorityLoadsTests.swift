import Testing

@testable import LoadBalancing

/// Envoy's documented tables, percents of healthy backends in and percents of traffic out
/// (docs/root/intro/arch_overview/upstream/load_balancing/priority.rst, panic_threshold.rst, locality_weight.rst).
@Suite struct TopologyPriorityLoadsTests {
    @Test(arguments: [
        (healthy: [100, 100], traffic: [100, 0]), ([72, 100], [100, 0]), ([71, 100], [99, 1]), ([50, 100], [70, 30]),
        ([25, 100], [35, 65]), ([0, 100], [0, 100]), ([72, 72], [100, 0]), ([71, 71], [99, 1]), ([50, 50], [70, 30]),
        ([25, 25], [50, 50]),
        ([100, 100, 100], [100, 0, 0]), ([72, 72, 100], [100, 0, 0]), ([71, 71, 100], [99, 1, 0]),
        ([50, 50, 100], [70, 30, 0]), ([25, 100, 100], [35, 65, 0]), ([25, 25, 100], [35, 35, 30]),
        ([25, 25, 20], [36, 36, 28]),
    ])
    func spillsOver(healthy: [Int], traffic: [Int]) {
        // The tables do not panic: threshold 0.
        let loads = PriorityLoads(of: healthy.map { GroupHealth(healthy: $0, of: 100) }, panicThreshold: 0)
        #expect(loads.percents == traffic)
    }

    @Test(arguments: [
        (healthy: [72, 72], traffic: [100, 0], panic: [false, false], health: 100),
        ([71, 71], [99, 1], [false, false], 100), ([25, 100], [35, 65], [false, false], 100),
        ([25, 25], [50, 50], [true, true], 70), ([5, 65], [7, 93], [true, false], 98),
        ([0, 0], [50, 50], [true, true], 0),
    ])
    func panicsOnlyWhereNothingElseHelps(healthy: [Int], traffic: [Int], panic: [Bool], health: Int) {
        let loads = PriorityLoads(of: healthy.map { GroupHealth(healthy: $0, of: 100) })
        #expect(loads.percents == traffic)
        #expect(loads.isPanicking == panic)
        #expect(loads.normalizedHealth == health)
    }

    @Test func withoutAPanicThereMayBeNobody() {
        #expect(PriorityLoads(of: [GroupHealth(healthy: 0, of: 3)], panicThreshold: 0).percents == [0])
        #expect(PriorityLoads(of: []).percents == [])
        #expect(PriorityLoads(of: [.none, .none]).percents == [0, 0])
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func loadsAddUpAndNobodyCarriesMoreThanItCan(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let tiers = (0..<Int(random.next(below: 6) + 1)).map { _ in
            let total = Int(random.next(below: 50)) + 1
            return GroupHealth(healthy: Int(random.next(below: UInt64(total + 1))), of: total)
        }
        let loads = PriorityLoads(of: tiers, panicThreshold: 0)
        let carried = loads.percents.reduce(0, +)
        #expect(carried == (tiers.contains { $0.capacity(overprovisioning: 1.4) > 0 } ? 100 : 0), "seed \(seed)")
        guard loads.normalizedHealth == 100 else { return }
        for (load, tier) in zip(loads.percents, tiers) {
            #expect(load <= tier.capacity(overprovisioning: 1.4), "seed \(seed)")
        }
    }

    @Test(arguments: [
        (healthy: 100, x: 33, y: 67), (70, 33, 67), (69, 32, 68), (50, 26, 74), (25, 15, 85), (0, 0, 100),
    ])
    func zonesKeepTheirWeightAsLongAsTheyCarryIt(healthy: Int, x: Int, y: Int) {
        let zones = ["x": GroupHealth(healthy: healthy, of: 100), "y": GroupHealth(healthy: 100, of: 100)]
        let shares = ZoneSharing.byWeight(["x": 1, "y": 2]).shares(of: zones).shares
        // The table's percents are rounded, some up and some down.
        #expect(abs(shares["x", default: 0] * 100 - Double(x)) < 0.6)
        #expect(abs(shares["y", default: 0] * 100 - Double(y)) < 0.6)
    }
}
