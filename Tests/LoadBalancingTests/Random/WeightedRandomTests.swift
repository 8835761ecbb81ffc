import Testing

@testable import LoadBalancing

@Suite struct WeightedRandomTests {
    static func picker(_ pool: ScriptedPool, seed: UInt64) -> WeightedRandom {
        WeightedRandomPolicy().makePicker(for: pool.pool(), seed: seed)
    }

    @Test(
        arguments: [
            [1, 1, 1], [1, 2, 3, 4], [100, 1], [0, 5, 0, 1], [2_147_483_648, 2_147_483_648, 1_073_741_824], [8],
        ],
        1..<4 as Range<UInt64>)
    func sharesFollowWeights(weights: [Int], seed: UInt64) {
        let pool = ScriptedPool(weights: weights)
        var picker = Self.picker(pool, seed: seed)
        let test = ChiSquare(
            of: pool.counts(10_000, of: weights.count, with: &picker), shares: weights.map(Double.init))
        #expect(test.isPassed, "seed \(seed): \(test)")
    }

    /// 20,000 weights of 1 beside one of 2³¹: a few of 200,000 draws.
    ///
    /// The small ones together expect 200,000 · 20,000 / (2³¹ + 20,000) = 1.86 (Poisson). More than 12 has a probability of 10⁻⁷; none at all, 0.16, so this
    /// seed was chosen to meet some.
    @Test func theSmallestWeightsAreDrawnBesideTheLargest() {
        let pool = ScriptedPool(weights: [1 << 31] + Array(repeating: 1, count: 20_000))
        var picker = Self.picker(pool, seed: 2)
        let small = pool.picks(200_000, with: &picker).count { $0 != 0 }
        #expect((1...12).contains(small), "\(small)")
    }

    @Test(arguments: [[], [0], [0, 0]])
    func nobodyWithoutAWeight(weights: [Int]) {
        let pool = ScriptedPool(weights: weights)
        var picker = Self.picker(pool, seed: 1)
        #expect(pool.pick(with: &picker) == nil)
    }

    @Test func equalSeedsEqualPicksAndCopiesDiverge() {
        let pool = ScriptedPool(weights: [3, 1, 4, 1, 5])
        var one = Self.picker(pool, seed: 9)
        var two = one
        var other = one
        other.diverge(PickerSeed(copy: 1, common: 9))
        let order = pool.picks(64, with: &one)
        #expect(pool.picks(64, with: &two) == order)
        #expect(pool.picks(64, with: &other) != order)
    }
}
