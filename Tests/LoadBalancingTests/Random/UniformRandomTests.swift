import Testing

@testable import LoadBalancing

@Suite struct UniformRandomTests {
    static func picker(_ pool: ScriptedPool, seed: UInt64) -> UniformRandom {
        UniformRandomPolicy().makePicker(for: pool.pool(), seed: seed)
    }

    @Test(arguments: [[1, 1, 1], [1, 2_147_483_648, 30], [0, 7, 1, 0, 1], [4]], 1..<4 as Range<UInt64>)
    func everybodyWithAWeightIsAsLikely(weights: [Int], seed: UInt64) {
        let pool = ScriptedPool(weights: weights)
        var picker = Self.picker(pool, seed: seed)
        let test = ChiSquare(
            of: pool.counts(10_000, of: weights.count, with: &picker), shares: weights.map { $0 > 0 ? 1 : 0 })
        #expect(test.isPassed, "seed \(seed): \(test)")
    }

    /// Pairs of consecutive picks are as likely as each other, 24 degrees of freedom: the order has no memory.
    @Test func picksAreIndependent() {
        let pool = ScriptedPool(count: 5)
        var picker = Self.picker(pool, seed: 4)
        let picks = pool.picks(20_001, with: &picker).compactMap { $0 }
        var counts = Array(repeating: 0, count: 25)
        for (first, second) in zip(picks, picks.dropFirst()) { counts[first * 5 + second] += 1 }
        let test = ChiSquare(of: counts, shares: Array(repeating: 1, count: 25))
        #expect(test.isPassed, "\(test)")
    }

    @Test(arguments: [[], [0], [0, 0]])
    func nobodyWithoutAWeight(weights: [Int]) {
        let pool = ScriptedPool(weights: weights)
        var picker = Self.picker(pool, seed: 1)
        #expect(pool.pick(with: &picker) == nil)
    }

    @Test func equalSeedsEqualPicksAndCopiesDiverge() {
        let pool = ScriptedPool(count: 5)
        var one = Self.picker(pool, seed: 9)
        var two = one
        var other = one
        other.diverge(PickerSeed(copy: 1, common: 9))
        let order = pool.picks(64, with: &one)
        #expect(pool.picks(64, with: &two) == order)
        #expect(pool.picks(64, with: &other) != order)
    }
}
