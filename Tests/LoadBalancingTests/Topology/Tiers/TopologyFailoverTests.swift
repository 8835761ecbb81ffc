import Testing

@testable import LoadBalancing

@Suite struct TopologyFailoverTests {
    private static func time(_ seconds: Int) -> Timestamp {
        Timestamp(nanoseconds: UInt64(seconds + 1) * 1_000_000_000)
    }

    /// One day of two tiers of four: what is healthy when, and who is active then.
    @Test func holdsDownAndGoesBack() {
        var failover = Failover()
        let day: [(second: Int, healthy: [Int], active: Int)] = [
            (0, [4, 4], 0),
            (10, [1, 4], 0),  // down, held
            (19, [1, 4], 0),
            (20, [1, 4], 1),  // promoted
            (30, [4, 4], 1),  // up, but only just
            (60, [1, 4], 1),  // down again: the waiting begins anew
            (70, [4, 4], 1),
            (129, [4, 4], 1),
            (130, [4, 4], 0),  // gone back
            (140, [0, 4], 1),  // nobody healthy: at once
            (150, [0, 0], 1),  // nobody anywhere: stays
            (160, [2, 0], 0),  // the active one is dead, another is up
        ]
        for (second, healthy, active) in day {
            let tiers = [0: GroupHealth(healthy: healthy[0], of: 4), 1: GroupHealth(healthy: healthy[1], of: 4)]
            #expect(failover.decide(tiers, at: Self.time(second))?.active == active, "at \(second) s")
        }
    }

    @Test func goesBackByHandOnly() {
        var failover = Failover(FailoverRules(failBack: .manual))
        let whole = GroupHealth(healthy: 4, of: 4)
        _ = failover.decide([0: GroupHealth(healthy: 0, of: 4), 1: whole], at: Self.time(0))
        #expect(failover.decide([0: whole, 1: whole], at: Self.time(10_000))?.active == 1)
        failover.promote(0)
        #expect(failover.decide([0: whole, 1: whole], at: Self.time(10_001))?.active == 0)
    }

    @Test func tiersThatLeaveAreNotActive() {
        var failover = Failover()
        let whole = GroupHealth(healthy: 1, of: 1)
        #expect(failover.decide([3: whole, 5: whole], at: Self.time(0))?.active == 3)
        #expect(failover.decide([5: whole], at: Self.time(1))?.active == 5)
        #expect(failover.decide([:], at: Self.time(2)) == nil)
        #expect(failover.active == nil)
    }

    @Test func fallbacksGiveAnOrder() throws {
        let regions = ["eu": ["uk", "us"], "uk": ["us", "asia"], "us": [], "asia": []]
        #expect(try FallbackOrder.order(from: "eu", fallbacks: regions) == ["eu", "uk", "us", "asia"])
        #expect(throws: TopologyError(.cycle(["uk", "us", "uk"]))) {
            try FallbackOrder.order(from: "eu", fallbacks: ["eu": ["uk"], "uk": ["us"], "us": ["uk"]])
        }
        #expect(throws: TopologyError(.unknownName("mars"))) {
            try FallbackOrder.order(from: "eu", fallbacks: ["eu": ["mars"]])
        }
    }
}
