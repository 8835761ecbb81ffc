import Testing

@testable import LoadBalancing

@Suite struct PowerOfTwoChoicesTests {
    static func picker(_ pool: ScriptedPool, seed: UInt64 = 1) -> PowerOfTwoChoices {
        PowerOfTwoChoicesPolicy().makePicker(for: pool.pool(), seed: seed)
    }

    /// Of two or more candidates, the one whose load for its weight is strictly the greatest is never picked.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func theGreatestLoadIsNeverPicked(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = random.number(in: 2...8)
        let equal = random.number(in: 0...2) == 0
        let weights = equal ? Array(repeating: 5, count: count) : random.numbers(count, in: 0...20)
        let inFlight = random.numbers(count, in: 0...30)
        let restricted = random.number(in: 0...1) == 0
        let admissions = weights.map { _ in
            restricted
                ? Admission(
                    gate: Gate.allCases[max(0, random.number(in: -6...3))],
                    fraction: [1, 0.5, 0.003][random.number(in: 0...2)])
                : .full
        }
        let pool = ScriptedPool(weights: weights, inFlight: inFlight, admissions: admissions)
        let request = pool.request(tried: random.numbers(random.number(in: 0...2), in: 0...count - 1))
        let admitted = weights.indices.filter { pool.admits($0, for: request) }
        let greatest = admitted.first { one in
            admitted.allSatisfy { $0 == one || inFlight[one] * weights[$0] > inFlight[$0] * weights[one] }
        }
        var picker = Self.picker(pool, seed: seed)
        for _ in 0..<30 {
            guard let picked = pool.pick(with: &picker, for: request) else {
                #expect(admitted.isEmpty, "seed \(seed)")
                continue
            }
            #expect(admitted.contains(picked), "seed \(seed)")
            #expect(admitted.count == 1 || picked != greatest, "seed \(seed)")
        }
    }

    /// Two backends are always both drawn.
    @Test(
        arguments: [
            (weights: [1, 1], inFlight: [0, 1], picked: 0),
            (weights: [1, 1], inFlight: [6, 5], picked: 1),
            (weights: [3, 1], inFlight: [5, 2], picked: 0),
            (weights: [3, 1], inFlight: [7, 2], picked: 1),
            (weights: [1 << 31, 1], inFlight: [1_000_000, 1], picked: 0),
            (weights: [1 << 31, (1 << 31) - 1], inFlight: [1_000_000, 1_000_000], picked: 0),
            (weights: [0, 1], inFlight: [0, 1_000_000], picked: 1),
            (weights: [0, 0], inFlight: [0, 0], picked: nil),
            (weights: [], inFlight: [], picked: nil),
            (weights: [7], inFlight: [3], picked: 0),
        ] as [(weights: [Int], inFlight: [Int], picked: Int?)])
    func theLessLoadedOfTwo(weights: [Int], inFlight: [Int], picked: Int?) {
        let pool = ScriptedPool(weights: weights, inFlight: inFlight)
        var picker = Self.picker(pool)
        #expect(pool.picks(20, with: &picker) == Array(repeating: picked, count: 20))
    }

    /// The first is drawn by weight and wins every tie, so shares are the weights', idle or evenly loaded.
    @Test(arguments: [
        (weights: [1, 1, 1, 1], inFlight: []),
        (weights: [1, 2, 3, 4], inFlight: []),
        (weights: [1, 9], inFlight: []),
        (weights: [1, 2, 3, 4], inFlight: [2, 4, 6, 8]),
        (weights: [0, 90, 5, 5], inFlight: [0, 18, 1, 1]),
    ])
    func tiesGoToTheFirstDrawn(weights: [Int], inFlight: [Int]) {
        let pool = ScriptedPool(weights: weights, inFlight: inFlight)
        var picker = Self.picker(pool)
        let test = ChiSquare(
            of: pool.counts(10_000, of: weights.count, with: &picker), shares: weights.map(Double.init))
        #expect(test.isPassed, "\(test)")
    }

    /// With loads 0 < 1 < 2 < 3 of equal weights, the backend of rank r wins against the n − 1 − r that have more: shares
    /// of 3, 2, 1 and 0 sixths.
    @Test func sharesFallWithTheRank() {
        let pool = ScriptedPool(weights: [1, 1, 1, 1], inFlight: [2, 0, 3, 1])
        var picker = Self.picker(pool)
        let test = ChiSquare(of: pool.counts(10_000, of: 4, with: &picker), shares: [1, 3, 0, 2])
        #expect(test.isPassed, "\(test)")
    }

    @Test func copiesDiverge() {
        let pool = ScriptedPool(count: 5)
        var one = Self.picker(pool)
        var two = one
        two.diverge(PickerSeed(copy: 1, common: 9))
        #expect(pool.picks(50, with: &one) != pool.picks(50, with: &two))
    }
}
