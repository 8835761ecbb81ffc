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

    /// A planned change-over under the default rules, which else go back after a minute.
    @Test func aPromotionStandsUntilTheTierFails() {
        var failover = Failover()
        func active(_ healthy: [Int], at second: Int) -> Int? {
            let tiers = healthy.map { GroupHealth(healthy: $0, of: 4) }
            let decision = failover.decide([0: tiers[0], 1: tiers[1], 2: tiers[2]], at: Self.time(second))
            return decision?.active
        }
        #expect(active([4, 4, 4], at: 0) == 0)
        failover.promote(1)
        #expect(failover.isPromoted)
        for second in [100, 161, 10_000] { #expect(active([4, 4, 4], at: second) == 1, "at \(second) s") }
        #expect(active([4, 1, 4], at: 10_001) == 1, "held down")
        #expect(active([4, 4, 4], at: 10_002) == 1, "a dip ends no promotion")
        failover.promote(2)
        #expect(active([4, 4, 4], at: 10_003) == 2)
        // It fails: the rules decide, also when it is up again.
        #expect(active([4, 4, 0], at: 10_004) == 0)
        #expect(!failover.isPromoted)
        #expect(active([4, 4, 4], at: 20_000) == 0)
    }

    @Test func aPromotionEndsWhenSomebodySaysSo() {
        let whole = GroupHealth(healthy: 4, of: 4)
        for (failBack, after) in [(.after(.seconds(60)), 0), (.manual, 1)] as [(FailoverRules.FailBack, Int)] {
            var failover = Failover(FailoverRules(failBack: failBack))
            func decide(at second: Int) -> Int? {
                failover.decide([0: whole, 1: whole], at: Self.time(second))?.active
            }
            #expect(decide(at: 0) == 0)
            failover.promote(1)
            #expect(decide(at: 100) == 1)
            failover.endPromotion()
            #expect(decide(at: 100) == after)
        }
    }

    /// Whatever is promoted, in whatever order tiers fail and heal: nobody is left for a tier before it while it is up.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func aPromotedTierIsLeftOnlyWhenDown(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var failover = Failover(FailoverRules(holdDown: .seconds(2), failBack: .after(.seconds(3))))
        var held: Int?
        for second in 0..<200 {
            if random.next(below: 10) == 0 {
                held = Int(random.next(below: 3))
                failover.promote(held ?? 0)
            } else if random.next(below: 20) == 0 {
                held = nil
                failover.endPromotion()
            }
            var tiers: [Int: GroupHealth] = [:]
            for tier in 0..<3 { tiers[tier] = GroupHealth(healthy: random.next(below: 4) > 0 ? 4 : 1, of: 4) }
            let active = failover.decide(tiers, at: Self.time(second))?.active
            if let tier = held, active != tier {
                #expect(tiers[tier]?.healthy == 1, "seed \(seed), at \(second) s")
                held = nil
            }
            #expect(failover.isPromoted == (held != nil), "seed \(seed), at \(second) s")
        }
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
