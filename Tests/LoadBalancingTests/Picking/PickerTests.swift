import Testing

@testable import LoadBalancing

/// What every policy promises about admission, each in the way of its kind.
@Suite struct PickerTests {
    /// Whom the shares of an idle pool follow.
    enum Shares {
        /// The fraction; weights do not matter.
        case fraction
        /// Weight × fraction.
        case weightTimesFraction
        /// The weight, among the backends that take the key: each with the probability of its fraction.
        case weightAmongTakers
    }

    static func shares(of name: PolicyName) -> Shares {
        switch name {
        case .roundRobin, .random: .fraction
        case .smoothWeightedRoundRobin, .weightedRandom, .leastConnections, .leastResponseTime, .powerOfTwoChoices,
            .peakEWMA, .adaptive, .c3, .prequal:
            .weightTimesFraction
        case .staticHash, .rendezvous, .jumpHash, .multiProbe, .memento, .ringHash, .maglev: .weightAmongTakers
        }
    }

    /// The shares that `name` owes to backends of a pool of which at least one has a fraction of 1.
    static func shares(of name: PolicyName, weights: [Int], fractions: [Double]) -> [Double] {
        switch shares(of: name) {
        case .fraction: return zip(weights, fractions).map { $0 > 0 ? $1 : 0 }
        case .weightTimesFraction: return zip(weights, fractions).map { Double($0) * $1 }
        case .weightAmongTakers:
            let weights = effectiveWeights(of: name, weights)
            var shares = weights.map { _ in 0.0 }
            for takers in 0..<1 << weights.count {
                let takes = weights.indices.map { takers >> $0 & 1 == 1 }
                let probability = weights.indices.reduce(1) { $0 * (takes[$1] ? fractions[$1] : 1 - fractions[$1]) }
                let total = weights.indices.reduce(0) { $0 + (takes[$1] ? weights[$1] : 0) }
                for index in weights.indices where takes[index] && total > 0 {
                    shares[index] += probability * weights[index] / total
                }
            }
            return shares
        }
    }

    /// The weights, or what an uneven construction makes of them where all are admitted.
    static func effectiveWeights(of name: PolicyName, _ weights: [Int]) -> [Double] {
        guard unevenness(of: name) > 0 else { return weights.map(Double.init) }
        var picks = Picks(name, ScriptedPool(weights: weights), keySeed: 5)
        return picks.counts(20_000).map(Double.init)
    }

    /// By how much of itself a share may differ beyond chance where a construction is uneven.
    static func unevenness(of name: PolicyName) -> Double {
        switch name {
        case .multiProbe: 0.05
        // Of 160 points a backend, the third that goes to each of three others is uneven by its standard deviation, 0.14 of it.
        case .ringHash: 0.15
        default: 0
        }
    }

    /// Expects that counts follow the shares that `name` owes.
    static func expect(
        _ counts: [Int], of name: PolicyName, weights: [Int], fractions: [Double], _ comment: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let shares = shares(of: name, weights: weights, fractions: fractions)
        let unevenness = unevenness(of: name)
        guard unevenness > 0 else {
            let test = ChiSquare(of: counts, shares: shares)
            #expect(test.isPassed, "\(name) \(comment): \(test)", sourceLocation: sourceLocation)
            return
        }
        let unit = Double(counts.reduce(0, +)) / shares.reduce(0, +)
        for (count, share) in zip(counts, shares) {
            let mean = share * unit
            #expect(
                abs(Double(count) - mean) <= unevenness * mean + 4 * mean.squareRoot(),
                "\(name) \(comment): \(counts) against \(shares)", sourceLocation: sourceLocation)
        }
    }

    /// Picks for requests with keys of their own.
    struct Picks {
        let pool: ScriptedPool
        var picker: AnyPicker
        var keys: SeededGenerator

        init(_ name: PolicyName, _ pool: ScriptedPool, seed: UInt64 = 1, keySeed: UInt64 = 42) {
            self.pool = pool
            keys = SeededGenerator(seed: keySeed)
            picker = name.policy.makePicker(for: pool.pool(), seed: seed)
        }

        mutating func next() -> Int? {
            pool.pick(with: &picker, for: PickRequest(keyHash: keys.next()))
        }

        mutating func next(_ count: Int) -> [Int?] {
            (0..<count).map { _ in next() }
        }

        mutating func counts(_ picks: Int) -> [Int] {
            var counts = Array(repeating: 0, count: pool.pool().count)
            for _ in 0..<picks {
                if let index = next() { counts[index] += 1 }
            }
            return counts
        }
    }

    @Test(arguments: PolicyName.allCases, [[1, 1, 1, 1], [4, 1, 2, 3], [0, 5, 1, 2]])
    func sharesFollowWeights(name: PolicyName, weights: [Int]) {
        var picks = Picks(name, ScriptedPool(weights: weights))
        Self.expect(picks.counts(10_000), of: name, weights: weights, fractions: [1, 1, 1, 1])
    }

    /// Fractions from the whole to a three-hundredth, 20,000 picks.
    @Test(arguments: PolicyName.allCases, [[1, 1, 1, 1], [4, 1, 2, 3], [1, 20, 30, 5]])
    func sharesFollowFractions(name: PolicyName, weights: [Int]) {
        for fractions in [[1, 0.5, 0.1, 0.003], [0.003, 0.1, 1, 1]] {
            let admissions = fractions.map { Admission(fraction: $0) }
            var picks = Picks(name, ScriptedPool(weights: weights, admissions: admissions))
            let counts = picks.counts(20_000)
            #expect(counts.reduce(0, +) == 20_000, "\(name) must find somebody every time")
            Self.expect(
                counts, of: name, weights: weights, fractions: admissions.map(\.fraction), "fractions \(fractions)")
        }
    }

    /// Where everybody has a small fraction, the fractions say how the work is shared, not how much there is.
    @Test(arguments: PolicyName.allCases)
    func smallFractionsRefuseNoRequest(name: PolicyName) {
        let admission = Admission(fraction: 0.001)
        var picks = Picks(name, ScriptedPool(weights: [1, 1, 1], admissions: [admission, admission, admission]))
        let counts = picks.counts(3_000)
        #expect(counts.reduce(0, +) == 3_000)
        Self.expect(counts, of: name, weights: [1, 1, 1], fractions: [1, 1, 1])
    }

    /// Nobody is picked behind a shut gate, and what would have been his goes to all others alike: his neighbour in the list
    /// gets no more than they.
    @Test(arguments: PolicyName.allCases, [Gate.draining, .saturated, .down])
    func shutGatesShareOutTheirPart(name: PolicyName, gate: Gate) {
        let weights = [1, 3, 1, 1, 1, 2]
        let pool = ScriptedPool(weights: weights)
        pool.setAdmission(Admission(gate: gate), at: 1)
        var picks = Picks(name, pool)
        Self.expect(
            picks.counts(10_000), of: name, weights: weights, fractions: [1, 0, 1, 1, 1, 1], "\(gate)")
    }

    @Test(arguments: PolicyName.allCases)
    func nobodyIsPickedWhereNobodyMayBe(name: PolicyName) {
        let shut = Admission(gate: .saturated)
        let pools = [
            ScriptedPool(weights: []),
            ScriptedPool(weights: [0, 0]),
            ScriptedPool(weights: [1, 2], admissions: [shut, shut]),
            ScriptedPool(weights: [1, 0], admissions: [shut, .full]),
            ScriptedPool(weights: [1], admissions: [Admission(fraction: 0)]),
        ]
        for (index, pool) in pools.enumerated() {
            var picks = Picks(name, pool)
            #expect(picks.next(5) == Array(repeating: nil, count: 5), "\(name), pool \(index)")
        }
    }

    /// Retries go to other backends until all that are admitted were tried; then nobody is left.
    @Test(arguments: PolicyName.allCases, 0..<10 as Range<UInt64>)
    func retriesGoElsewhere(name: PolicyName, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let weights = random.numbers(random.number(in: 1...8), in: 0...9)
        let admissions = weights.map { _ in
            [Admission.full, Admission(fraction: 0.01), Admission(gate: .down)][max(0, random.number(in: -2...2))]
        }
        let pool = ScriptedPool(weights: weights, admissions: admissions)
        var picker = name.policy.makePicker(for: pool.pool(), seed: seed)
        var request = PickRequest(keyHash: random.next())
        var walk: [Int] = []
        while let index = pool.pick(with: &picker, for: request), walk.count <= 8 {
            walk.append(index)
            request.tried.insert(pool.slotID(at: index))
        }
        let admitted = weights.indices.filter { weights[$0] > 0 && admissions[$0].isOpen }
        #expect(walk.sorted() == admitted, "\(name), seed \(seed), walked \(walk)")
    }

    /// Of ten backends nine were tried: the first of them is forgotten, the tenth and it are all there is.
    @Test(arguments: PolicyName.allCases)
    func theNinthTriedLetsTheFirstBackIn(name: PolicyName) {
        let pool = ScriptedPool(count: 10)
        var picker = name.policy.makePicker(for: pool.pool(), seed: 1)
        var keys = SeededGenerator(seed: 2)
        var picked: Set<Int?> = []
        for _ in 0..<200 {
            picked.insert(pool.pick(with: &picker, for: pool.request(tried: Array(0..<9), keyHash: keys.next())))
        }
        #expect(picked == [0, 9], "\(name)")
    }

    /// Restrictions that come and go leave no trace: not between two picks, and none in the shares afterwards.
    @Test(arguments: PolicyName.allCases)
    func allIsAsBeforeWhenRestrictionsEnd(name: PolicyName) {
        let weights = [4, 1, 2, 3]
        let (pool, untouched) = (ScriptedPool(weights: weights), ScriptedPool(weights: weights))
        var picks = Picks(name, pool)
        var others = Picks(name, untouched)
        for index in 0..<4 {
            pool.setAdmission(Admission(gate: .down), at: index)
            pool.setAdmission(Admission(fraction: 0.2), at: index)
            pool.setAdmission(.full, at: index)
        }
        #expect(pool.isUnrestricted)
        #expect(picks.next(100) == others.next(100), "\(name)")

        pool.setAdmission(Admission(gate: .draining), at: 0)
        pool.setAdmission(Admission(fraction: 0.1), at: 3)
        #expect(!pool.isUnrestricted)
        #expect(!picks.next(500).contains(0), "\(name)")
        pool.setAdmission(.full, at: 0)
        pool.setAdmission(.full, at: 3)
        #expect(pool.isUnrestricted)
        Self.expect(picks.counts(10_000), of: name, weights: weights, fractions: [1, 1, 1, 1])
    }

    @Test(arguments: PolicyName.allCases, [true, false])
    func equalSeedsGiveEqualPicks(name: PolicyName, restricted: Bool) {
        let pool = ScriptedPool(
            weights: [4, 1, 2, 3, 5], admissions: restricted ? [Admission(fraction: 0.3), Admission(gate: .down)] : [])
        var one = Picks(name, pool, seed: 8)
        var two = Picks(name, pool, seed: 8)
        #expect(one.next(200) == two.next(200), "\(name)")
    }

    /// The short way picks what the long one does, or leaves everything as it is.
    @Test(arguments: PolicyName.allCases, [[1, 1, 1], [3, 1, 2], [0, 1, 1], [1], [0, 0], []])
    func theShortWayLeadsToTheSamePlace(name: PolicyName, weights: [Int]) {
        let pool = ScriptedPool(weights: weights, inFlight: [2, 1], latencies: [.milliseconds(2), .milliseconds(3)])
        var short = name.policy.makePicker(for: pool.pool(), seed: 5)
        var long = short
        var keys = SeededGenerator(seed: 1)
        for _ in 0..<100 {
            let request = PickRequest(keyHash: keys.next())
            let index = short.pickUnrestricted(request, from: pool.pool()) ?? short.pick(request, from: pool.pool())
            #expect(index == pool.pick(with: &long, for: request), "\(name)")
        }
    }

    /// A picker of one's own: the first that is admitted.
    struct First: Picker {
        mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
            for index in 0..<pool.count where pool.admits(index, for: request) { return index }
            return nil
        }
    }

    @Test func divergingAndResumingDoNothingUnlessAsked() {
        let pool = ScriptedPool(weights: [0, 1, 1], admissions: [.full, Admission(gate: .down), .full])
        var picker = First()
        picker.diverge(PickerSeed(copy: 3, common: 1))
        picker.resume(from: First())
        #expect(pool.letters(3, with: &picker) == "ccc")
    }

    @Test func seedsOfCopiesDiffer() {
        let seeds = (0..<1_000).map { PickerSeed(copy: $0, common: 5) }
        #expect(seeds.map(\.copy) == Array(0..<1_000))
        #expect(Set(seeds.map(\.value)).count == 1_000)
        #expect(PickerSeed(copy: 1, common: 5) == seeds[1])
        #expect(PickerSeed(copy: 1, common: 6) != seeds[1])
    }
}
