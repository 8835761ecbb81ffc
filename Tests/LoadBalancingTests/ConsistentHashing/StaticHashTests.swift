import Testing

@testable import LoadBalancing

@Suite struct StaticHashTests {
    static func picker(_ pool: ScriptedPool, seed: UInt64 = 1) -> ConsistentHashPicker<StaticHash> {
        StaticHashPolicy().makePicker(for: pool.pool(), seed: seed)
    }

    static let keys = keyHashes(5_000)

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
