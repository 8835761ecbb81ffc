import Testing

@testable import LoadBalancing

extension PolicyName {
    /// The policies that send equal keys to the same backend.
    static let keyed: [PolicyName] = allCases.filter(\.isKeyed)

    /// Those whose keys stay where they are when the list is given in another order, or when others join.
    static let keyedByName: [PolicyName] = [.rendezvous, .multiProbe, .memento, .ringHash]
}

extension PolicyName {
    /// The policy, with a small table if it has one of slots: for tests that make many.
    var withSmallTables: AnyPolicy {
        self == .maglev ? AnyPolicy(MaglevPolicy(dialect: .standard(size: 509))) : policy
    }
}

/// What every policy by key promises about admission, on keys one by one.
@Suite struct ConsistentHashPolicyTests {
    static let keys = keyHashes(3_000)

    static func owners(_ name: PolicyName, _ pool: ScriptedPool, seed: UInt64 = 1) -> [Int?] {
        var picker = name.policy.makePicker(for: pool.pool(), seed: seed)
        return keys.map { pool.pick(with: &picker, for: PickRequest(keyHash: $0)) }
    }

    @Test func policiesByKeyAreThese() {
        #expect(
            PolicyName.keyed == [.staticHash, .rendezvous, .jumpHash, .multiProbe, .memento, .ringHash, .maglev])
    }

    /// Neither the picker's seed, nor its copy, nor what it has picked so far matters to a key.
    @Test(arguments: PolicyName.keyed)
    func aKeyStaysWhereItIs(name: PolicyName) {
        let pool = ScriptedPool(weights: [3, 1, 2], admissions: [Admission(fraction: 0.3), .full, .full])
        var other = name.policy.makePicker(for: pool.pool(), seed: 99)
        other.diverge(PickerSeed(copy: 5, common: 4))
        _ = pool.picks(10, with: &other)
        let again = Self.keys.map { pool.pick(with: &other, for: PickRequest(keyHash: $0)) }
        #expect(again == Self.owners(name, pool))
    }

    /// The keys of a backend behind a shut gate, or that was tried, go to others; nobody else's move, and they come back exactly.
    @Test(arguments: PolicyName.keyed, [Gate.draining, .saturated, .down])
    func onlyTheKeysOfAShutBackendMove(name: PolicyName, gate: Gate) {
        let pool = ScriptedPool(weights: [2, 4, 1, 3])
        let before = Self.owners(name, pool)
        pool.setAdmission(Admission(gate: gate), at: 1)
        let during = Self.owners(name, pool)
        #expect(before.contains(1))
        #expect(zip(before, during).allSatisfy { $0 == 1 ? [0, 2, 3].contains($1) : $0 == $1 })
        #expect(Set(zip(before, during).filter { $0.0 == 1 }.map(\.1)).count == 3, "to all others")
        var picker = name.policy.makePicker(for: pool.pool(), seed: 1)
        pool.setAdmission(.full, at: 1)
        let tried = Self.keys.map { pool.pick(with: &picker, for: pool.request(tried: [1], keyHash: $0)) }
        #expect(tried == during, "a retry goes where the key goes without it")
        #expect(Self.owners(name, pool) == before)
    }

    /// A backend that warms up holds f of its keys, keeps those it has while f grows, and takes none from another.
    @Test(arguments: PolicyName.keyed)
    func aGrowingFractionHoldsAGrowingSetOfKeys(name: PolicyName) {
        let pool = ScriptedPool(weights: [2, 4, 1, 3])
        let before = Self.owners(name, pool)
        let full = Set(zip(Self.keys, before).filter { $0.1 == 1 }.map(\.0))
        var held: Set<UInt64> = []
        for fraction in [0.003, 0.05, 0.2, 0.5, 0.9, 1] {
            pool.setAdmission(Admission(fraction: fraction), at: 1)
            let owners = Self.owners(name, pool)
            let now = Set(zip(Self.keys, owners).filter { $0.1 == 1 }.map(\.0))
            #expect(now.isSuperset(of: held) && now.isSubset(of: full), "fraction \(fraction)")
            #expect(zip(before, owners).allSatisfy { $0 == 1 || $0 == $1 }, "fraction \(fraction)")
            // Binomial: four standard deviations.
            let mean = Double(full.count) * fraction
            #expect(abs(Double(now.count) - mean) <= 4 * (mean * (1 - fraction)).squareRoot() + 1e-9, "\(fraction)")
            held = now
        }
        #expect(held == full)
    }

    /// Each attempt goes to another backend, the same way every time, until all that are admitted were tried: also beyond what a
    /// request remembers.
    @Test(arguments: PolicyName.keyed, 0..<20 as Range<UInt64>)
    func retriesWalkOverAllThatAreAdmitted(name: PolicyName, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let weights = random.numbers(random.number(in: 1...25), in: 0...[1, 30][random.number(in: 0...1)])
        let admissions = weights.map { _ in
            Admission(
                gate: random.number(in: 0...4) == 0 ? .down : .open, fraction: [1, 0.2, 0][random.number(in: 0...2)])
        }
        let pool = ScriptedPool(weights: weights, admissions: admissions)
        let key = random.next()
        let walks = (0..<2 as Range<UInt64>).map { seed in
            var picker = name.policy.makePicker(for: pool.pool(), seed: seed)
            return pool.walk(with: &picker, key: key)
        }
        #expect(walks[0] == walks[1], "seed \(seed)")
        #expect(
            walks[0].sorted() == weights.indices.filter { weights[$0] > 0 && admissions[$0].isOpen }, "seed \(seed)")
    }

    /// By name, over live updates: another order of the list moves nothing, a newcomer takes keys and moves none between the
    /// others; a backend that warms up meanwhile keeps what it holds, but for what the newcomer takes.
    @Test(arguments: PolicyName.keyedByName)
    func updatesMoveNoMoreThanNeedBe(name: PolicyName) throws {
        let backends = WeightedName.servers([2, 1, 3, 2]).map { Backend($0.name, weight: $0.weight) }
        let balancer = try LoadBalancer(policy: name.policy, backends: backends, seed: 1)
        let warming = backends[2].id
        balancer.setAdmission(Admission(fraction: 0.4), for: warming)
        func owners() throws -> [String] {
            try Self.keys.map { key in try balancer.picks(for: key) }
        }
        let before = try owners()
        try balancer.update(backends.reversed())
        #expect(try owners() == before)
        try balancer.update([Backend("newcomer", weight: 2)] + backends)
        let after = try owners()
        #expect(zip(before, after).allSatisfy { $0 == $1 || $1 == "newcomer" })
        #expect(after.count { $0 == "newcomer" } > 100)
        balancer.setAdmission(.full, for: warming)
        #expect(zip(after, try owners()).allSatisfy { $0 == $1 || $1 == warming })
    }
}

extension Balancer where Endpoint == String {
    /// The name of the backend that a key goes to.
    fileprivate func picks(for key: UInt64) throws(BalancerError) -> String {
        let lease = try lease(for: PickRequest(keyHash: key))
        return lease.id
    }
}
