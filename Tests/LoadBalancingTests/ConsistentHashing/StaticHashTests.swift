import Testing

@testable import LoadBalancing

@Suite struct StaticHashTests {
    static func picker(_ pool: ScriptedPool, seed: UInt64 = 1) -> ConsistentHashPicker<StaticHash> {
        StaticHashPolicy().makePicker(for: pool.pool(), seed: seed)
    }

    static let keys: [UInt64] = {
        var random = SeededGenerator(seed: 77)
        return (0..<5_000).map { _ in random.next() }
    }()

    static func owners(_ pool: ScriptedPool, tried: [Int] = []) -> [Int?] {
        var picker = picker(pool)
        let request = pool.request(tried: tried)
        return keys.map { key in
            var request = request
            request.keyHash = key
            return pool.pick(with: &picker, for: request)
        }
    }

    static func counts(_ owners: [Int?], of count: Int) -> [Int] {
        (0..<count).map { index in owners.count { $0 == index } }
    }

    /// The key modulo the sum of the weights, and on whose stretch of the line that lies.
    @Test(
        arguments: [
            (weights: [1, 1, 1], key: 0, picked: 0),
            (weights: [1, 1, 1], key: 5, picked: 2),
            (weights: [2, 3], key: 1, picked: 0),
            (weights: [2, 3], key: 2, picked: 1),
            (weights: [2, 3], key: 9, picked: 1),
            (weights: [2, 3], key: 10, picked: 0),
            (weights: [0, 1, 0], key: 12, picked: 1),
            (weights: [1 << 31, 1], key: 1 << 31, picked: 1),
            (weights: [1 << 31, 1], key: 1 << 31 + 1, picked: 0),
            (weights: [0, 0], key: 1, picked: nil),
            (weights: [], key: 1, picked: nil),
        ] as [(weights: [Int], key: UInt64, picked: Int?)])
    func keyModuloWeights(weights: [Int], key: UInt64, picked: Int?) {
        let pool = ScriptedPool(weights: weights)
        var picker = Self.picker(pool)
        #expect(pool.pick(with: &picker, for: PickRequest(keyHash: key)) == picked)
    }

    @Test(arguments: [[1, 1, 1], [4, 1, 2, 3], [1 << 31, 1 << 30, 1 << 29]])
    func keysAndKeylessRequestsFollowTheWeights(weights: [Int]) {
        let pool = ScriptedPool(weights: weights)
        var picker = Self.picker(pool)
        let shares = weights.map(Double.init)
        for counts in [
            Self.counts(Self.owners(pool), of: weights.count),
            pool.counts(5_000, of: weights.count, with: &picker),
        ] {
            let test = ChiSquare(of: counts, shares: shares)
            #expect(test.isPassed, "\(test)")
        }
    }

    /// Neither the picker's seed, nor its copy, nor what it has picked so far matters to a key.
    @Test func aKeyStaysWhereItIs() {
        let pool = ScriptedPool(weights: [3, 1, 2], admissions: [Admission(fraction: 0.3), .full, .full])
        let owners = Self.owners(pool)
        var other = Self.picker(pool, seed: 99)
        other.diverge(PickerSeed(copy: 5, common: 4))
        _ = pool.picks(10, with: &other)
        let again = Self.keys.map { pool.pick(with: &other, for: PickRequest(keyHash: $0)) }
        #expect(again == owners)
    }

    /// A dead backend's keys go to the others by weight, nobody else's move, and they come back exactly.
    @Test(arguments: [Gate.draining, .saturated, .down])
    func onlyTheKeysOfAShutBackendMove(gate: Gate) {
        let weights = [2, 4, 1, 3]
        let pool = ScriptedPool(weights: weights)
        let before = Self.owners(pool)
        pool.setAdmission(Admission(gate: gate), at: 1)
        let during = Self.owners(pool)
        let orphans = zip(before, during).filter { $0.0 == 1 }.map(\.1)
        #expect(zip(before, during).allSatisfy { $0 == 1 ? $1 != 1 : $0 == $1 })
        let test = ChiSquare(of: Self.counts(orphans, of: 4), shares: [2, 0, 1, 3])
        #expect(test.isPassed, "\(test)")
        pool.setAdmission(.full, at: 1)
        #expect(Self.owners(pool) == before)
    }

    /// A backend that warms up gets f of its keys, and keeps those it has while f grows; nobody else's keys move to anybody
    /// but it.
    @Test func aGrowingFractionHoldsAGrowingSetOfKeys() {
        let weights = [2, 4, 1, 3]
        let pool = ScriptedPool(weights: weights)
        let full = Set(zip(Self.keys, Self.owners(pool)).filter { $0.1 == 1 }.map(\.0))
        var held: Set<UInt64> = []
        for fraction in [0.003, 0.05, 0.2, 0.5, 0.9, 1] {
            pool.setAdmission(Admission(fraction: fraction), at: 1)
            let owners = Self.owners(pool)
            let now = Set(zip(Self.keys, owners).filter { $0.1 == 1 }.map(\.0))
            #expect(now.isSuperset(of: held), "fraction \(fraction)")
            #expect(now.isSubset(of: full), "fraction \(fraction)")
            // Binomial: four standard deviations.
            let mean = Double(full.count) * fraction
            #expect(abs(Double(now.count) - mean) <= 4 * (mean * (1 - fraction)).squareRoot() + 1e-9, "\(fraction)")
            held = now
        }
        #expect(held == full)
    }

    /// Excluding each candidate in turn walks over all admitted backends, each once, the same way every time.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func candidatesAreDistinctAndCoverTheAdmitted(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let weights = random.numbers(random.number(in: 1...8), in: 0...[1, 1_000][random.number(in: 0...1)])
        let admissions = weights.map { _ in
            Admission(
                gate: random.number(in: 0...4) == 0 ? .down : .open, fraction: [1, 0.2, 0][random.number(in: 0...2)])
        }
        let pool = ScriptedPool(weights: weights, admissions: admissions)
        let key = random.next()
        var walks: [[Int]] = []
        for seed in 0..<2 as Range<UInt64> {
            var picker = Self.picker(pool, seed: seed)
            var walk: [Int] = []
            while let index = pool.pick(with: &picker, for: pool.request(tried: walk, keyHash: key)) {
                walk.append(index)
                guard walk.count <= 8 else { break }
            }
            walks.append(walk)
        }
        #expect(walks[0] == walks[1], "seed \(seed)")
        let admitted = weights.indices.filter { weights[$0] > 0 && admissions[$0].isOpen }
        #expect(walks[0].sorted() == admitted, "seed \(seed)")
    }

    /// Second candidates follow the weights of the others, too: retries of many keys do not fall on one neighbour.
    @Test func secondCandidatesSpread() {
        let pool = ScriptedPool(weights: [2, 4, 1, 3])
        let test = ChiSquare(
            of: Self.counts(
                zip(Self.owners(pool), Self.owners(pool, tried: [0])).filter { $0.0 == 0 }.map(\.1), of: 4),
            shares: [0, 4, 1, 3])
        #expect(test.isPassed, "\(test)")
    }
}
