import Testing

@testable import LoadBalancing

@Suite struct TopologyTieredBalancerTests {
    typealias Tiered = TieredBalancer<String, AnyPolicy>

    private static func backends(_ names: String, priority: Int = 0, zone: String = "") -> [PlacedBackend<String>] {
        names.map { Backend(String($0)).at(priority: priority, zone: zone) }
    }

    private static func balancer(
        _ backends: [PlacedBackend<String>], by policy: AnyPolicy = .roundRobin, rules: TierRules = TierRules(),
        time: ManualTime = ManualTime()
    ) throws -> Tiered {
        try Tiered(policy: policy, backends: backends, rules: rules, time: .manual(time), seed: 7, stripeLimit: 1)
    }

    private static func setDown(_ names: String, in balancer: Tiered) {
        for name in names {
            balancer.balancer(of: String(name))?.setAdmission(Admission(gate: .down), for: String(name))
        }
        balancer.tick()
    }

    private static func counts(_ balancer: Tiered, _ picks: Int) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for _ in 0..<picks {
            let lease = try balancer.lease()
            counts[lease.id, default: 0] += 1
            lease.finish()
        }
        return counts
    }

    @Test(arguments: PolicyName.allCases)
    func sharesAreThoseOfThePlanWhateverThePolicy(name: PolicyName) throws {
        let balancer = try Self.balancer(
            Self.backends("abcd") + Self.backends("xy", priority: 1), by: name.policy)
        #expect(balancer.plan[priority: 0] == 1)
        Self.setDown("ab", in: balancer)
        #expect(balancer.plan[priority: 0] == 0.7)
        let counts = try Self.counts(balancer, 1_000)
        let spilled = counts["x", default: 0] + counts["y", default: 0]
        // Steps by the golden ratio: at most a handful of picks from the exact share.
        #expect(abs(spilled - 300) <= 5)
        #expect(counts["a"] == nil && counts["b"] == nil)
    }

    @Test func standbysAreAskedBeforeThePlanIsMadeAnew() throws {
        let balancer = try Self.balancer(Self.backends("a") + Self.backends("x", priority: 1))
        balancer.balancer(of: "a")?.setAdmission(Admission(gate: .down), for: "a")
        let lease = try balancer.lease()
        #expect(lease.id == "x")
        #expect(lease.place == Place(priority: 1))
        lease.finish()
    }

    @Test func aPanicIgnoresHealthButNoGate() throws {
        let balancer = try Self.balancer(Self.backends("abc"))
        let place = try #require(balancer.balancers[Place()])
        place.control.change { ledger in
            for index in 0..<3 { ledger.propose(Admission(fraction: 0), by: .health, at: index) }
        }
        #expect(throws: BalancerError.self) { try balancer.lease().finish() }
        place.setAdmission(Admission(gate: .down), for: "c")
        balancer.tick()
        #expect(balancer.plan.shares[0].ignoresHealth)
        #expect(Set(try Self.counts(balancer, 100).keys) == ["a", "b"])
        place.control.change { ledger in
            for index in 0..<3 { ledger.propose(.full, by: .health, at: index) }
        }
        balancer.tick()
        #expect(!balancer.plan.shares[0].ignoresHealth)
    }

    @Test func aKeyMovesOnlyWithItsShare() throws {
        let zones = Self.backends("ab", zone: "1") + Self.backends("cd", zone: "2") + Self.backends("ef", zone: "3")
        let balancer = try Self.balancer(zones, by: .rendezvous, rules: TierRules(zones: .byWeight([:])))
        func homes() throws -> [String] {
            try (0..<3_000).map { key in
                let lease = try balancer.lease(for: .key(UInt64(key)))
                let id = lease.id
                lease.finish()
                return id
            }
        }
        let before = try homes()
        #expect(try homes() == before)
        // 40 % of a zone are left, times 1.4: 0.7 of its share.
        Self.setDown("a", in: balancer)
        let after = try homes()
        for (old, new) in zip(before, after) where old != "a" && old != "b" { #expect(new == old) }
        let left = after.count { $0 == "b" }
        // A weight of 0.7 beside 1 and 1; three standard deviations are 73.
        #expect(abs(Double(left) - 3_000 * 0.7 / 2.7) < 73)
    }

    @Test func allTrafficGoesToTheActiveTier() throws {
        let time = ManualTime()
        let rules = TierRules(order: .activePassive(FailoverRules(holdDown: .seconds(5), failBack: .manual)))
        let balancer = try Self.balancer(
            Self.backends("abc") + Self.backends("x", priority: 1), rules: rules, time: time)
        Self.setDown("ab", in: balancer)
        #expect(Set(try Self.counts(balancer, 20).keys) == ["c"])
        time.advance(by: .seconds(5))
        balancer.tick()
        #expect(Set(try Self.counts(balancer, 20).keys) == ["x"])
        #expect(balancer.plan.description.contains("promoted: tier 0 is down"))
        balancer.promote(0)
        #expect(Set(try Self.counts(balancer, 20).keys) == ["c"])
    }

    /// By the default rules, which go back to a tier that has been up for a minute.
    @Test func aChangeOverByHandStands() throws {
        let time = ManualTime()
        let rules = TierRules(order: .activePassive(FailoverRules()))
        let balancer = try Self.balancer(
            Self.backends("abc") + Self.backends("xy", priority: 1), rules: rules, time: time)
        for _ in 0..<200 {
            time.advance(by: .seconds(1))
            balancer.tick()
        }
        balancer.promote(1)
        for _ in 0..<200 {
            #expect(balancer.plan[priority: 1] == 1)
            #expect(Set(try Self.counts(balancer, 2).keys) == ["x", "y"])
            time.advance(by: .seconds(1))
            balancer.tick()
        }
        #expect(balancer.plan.description.contains("promoted by hand"))
        balancer.endPromotion()
        #expect(balancer.plan[priority: 0] == 1)
        balancer.promote(1)
        Self.setDown("xy", in: balancer)
        #expect(balancer.plan[priority: 0] == 1)
    }

    @Test func retriesGoToEveryBackendOnceAcrossPlaces() throws {
        let balancer = try Self.balancer(Self.backends("ab") + Self.backends("cd", zone: "2"))
        var asked: [String] = []
        #expect(throws: Refused.self) {
            try balancer.withBackend(attempts: 9) { backend in
                asked.append(backend.id)
                throw Refused()
            }
        }
        #expect(asked.sorted() == ["a", "b", "c", "d"])
    }

    private struct Refused: Error {}

    @Test func whatAPlaceRefusesIsSharedAnewAtOnce() throws {
        let time = ManualTime()
        let zones = Self.backends("ab", zone: "1") + Self.backends("cd", zone: "2") + Self.backends("ef", zone: "3")
        let routing = ZoneAwareRouting(
            localZone: "1", callers: ["1": 1, "2": 1, "3": 1], minimumClusterSize: 1)
        let rules = TierRules(zones: .zoneAware(routing))
        let balancer = try Self.balancer(zones, rules: rules, time: time)
        let home = try #require(balancer.balancers[Place(zone: "1")])
        for id in ["a", "b"] { home.setAdmission(Admission(gate: .down), for: id) }
        #expect(balancer.plan[Place(zone: "1")] == 1, "nobody has looked yet")
        #expect(Set(try Self.counts(balancer, 1).keys).isDisjoint(with: ["a", "b"]))
        #expect(balancer.plan[Place(zone: "2")] == 0.5 && balancer.plan[Place(zone: "3")] == 0.5)
        let counts = try Self.counts(balancer, 100)
        #expect(counts.keys.sorted() == ["c", "d", "e", "f"] && counts.values.allSatisfy { abs($0 - 25) <= 3 })
        for id in ["a", "b"] { home.setAdmission(.full, for: id) }
        balancer.tick()
        for id in ["a", "b"] { home.setAdmission(Admission(gate: .down), for: id) }
        _ = try Self.counts(balancer, 1)
        #expect(balancer.plan[Place(zone: "1")] == 1, "it was shared anew less than 0.1 s ago")
        time.advance(by: .milliseconds(100))
        _ = try Self.counts(balancer, 1)
        #expect(balancer.plan[Place(zone: "1")] == 0)
    }

    @Test func aSetIsTakenAsAWholeOrNotAtAll() throws {
        let balancer = try Self.balancer(Self.backends("ab") + Self.backends("x", priority: 1))
        #expect(throws: BackendSetError(.duplicateIdentity, id: "a")) {
            try balancer.update(Self.backends("a") + Self.backends("a", priority: 1))
        }
        #expect(balancer.balancers.count == 2)
        try balancer.update(Self.backends("y", priority: 1))
        #expect(Set(try Self.counts(balancer, 10).keys) == ["y"])
        try balancer.update([])
        #expect(throws: BalancerError(.noBackends)) { try balancer.lease().finish() }
    }

    @Test func aSnapshotShowsAllPlaces() throws {
        let balancer = try Self.balancer(Self.backends("bcd", zone: "n") + Self.backends("x", priority: 1))
        let leases = try (0..<4).map { _ in try balancer.lease().share() }
        let whole = balancer.snapshot()
        #expect(whole.places.map(\.place) == [Place(zone: "n"), Place(priority: 1)])
        #expect(whole.places.map(\.share) == [1, 0])
        #expect(whole.plan == balancer.plan)
        let counts = ["b", "c", "d", "x", "y"].map { whole[$0]?.inFlight }
        #expect(counts[..<3].reduce(0) { $0 + ($1 ?? 0) } == 4 && counts[3...] == [0, nil])
        #expect(whole[Place(priority: 1)]?.balancer.backends.map(\.id) == ["x"])
        #expect(whole[Place(priority: 2)] == nil)
        #expect(whole.inFlight == 4 && whole.draining.isEmpty)
        // A backend that leaves, and a place that does.
        try balancer.update(Self.backends("bc", zone: "n"))
        #expect(balancer.snapshot().draining.map(\.id) == ["d"])
        try balancer.update(Self.backends("x", priority: 1))
        let rest = balancer.snapshot()
        #expect(
            rest.draining.map(\.id) == ["b", "c", "d"]
                && rest.draining.map(\.inFlight) == counts[..<3].compactMap(\.self))
        #expect(rest.inFlight == 4 && rest.places.count == 1)
        for lease in leases { lease.finish() }
        #expect(balancer.snapshot().inFlight == 0)
    }

    @Test func weightsAreSetWhereverBackendsStand() throws {
        let rules = TierRules(countsWeights: true)
        let balancer = try Self.balancer(Self.backends("ab", zone: "1") + Self.backends("cd", zone: "2"), rules: rules)
        #expect(balancer.plan[Place(zone: "1")] == 0.5)
        try balancer.setWeights(["a": 5, "c": 3, "nobody": 7])
        let weights = ["a", "b", "c", "d"].map { balancer.snapshot()[$0]?.weight }
        #expect(weights == [5, 1, 3, 1])
        #expect(balancer.plan[Place(zone: "1")] == 0.6)
        // All or none.
        #expect(throws: BackendSetError(.weightOutOfRange(-1), id: "c")) {
            try balancer.setWeights(["a": 1, "c": -1])
        }
        #expect(balancer.snapshot()["a"]?.weight == 5)
        try balancer.setWeights(["a": 0, "b": 0])
        #expect(Set(try Self.counts(balancer, 20).keys) == ["c", "d"])
    }
}
