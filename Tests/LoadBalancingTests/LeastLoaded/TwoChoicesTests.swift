import Testing

@testable import LoadBalancing

@Suite struct TwoChoicesTests {
    static let weights: [[Int]] = [
        [1, 1], [1, 1, 1, 1], [1, 2, 3], [0, 2, 0, 2], [5, 1, 1, 1], [1, 100, 1], [1, 1, 2], [3, 0, 3, 1],
        [1 << 31, 1, 1 << 31, 1 << 30],
    ]

    /// The short way is for equal weights.
    enum Draw {
        case general, short
    }

    @Test(
        arguments: [
            (difference: -1, lesser: 7), (difference: 0, lesser: 3), (difference: 1, lesser: 3),
            (difference: .min, lesser: 7),
            (difference: .max, lesser: 3),
        ] as [(difference: Int64, lesser: Int)])
    func theSignChooses(difference: Int64, lesser: Int) {
        #expect(TwoChoices.lesser(first: 3, second: 7, difference: difference) == lesser)
    }

    @Test(arguments: [
        ([1, 1], true), ([0, 0], false), ([5], false), ([2, 2, 2], true), ([1, 2], false), ([], false),
    ])
    func equalWeightsOfTwoOrMoreAreUniform(weights: [Int], isUniform: Bool) {
        #expect(TwoChoices(for: ScriptedPool(weights: weights).pool(), seed: 1).isUniform == isUniform)
    }

    /// The first by weight, the second by weight among the others: χ² over all ordered pairs.
    @Test(arguments: weights.indices, [Draw.general, .short])
    func pairsHaveTheProbabilitiesOfDrawingWithoutReplacement(index: Int, draw: Draw) {
        let weights = Self.weights[index].map(Double.init)
        let pool = ScriptedPool(weights: Self.weights[index])
        var choices = TwoChoices(for: pool.pool(), seed: 1)
        if draw == .short, !choices.isUniform { return }
        let count = weights.count
        let total = weights.reduce(0, +)
        var counts = Array(repeating: 0, count: count * count)
        for _ in 0..<10_000 {
            let pair =
                draw == .short ? choices.drawUniformly(from: pool.pool()) : choices.draw(for: .any, from: pool.pool())
            if let (first, second) = pair { counts[first * count + second] += 1 }
        }
        let shares = (0..<count * count).map { pair in
            let (first, second) = (pair / count, pair % count)
            return first == second ? 0 : weights[first] * weights[second] / (total - weights[first])
        }
        #expect(counts.reduce(0, +) == 10_000)
        let test = ChiSquare(of: counts, shares: shares)
        #expect(test.isPassed, "weights \(weights): \(test)")
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func choicesAreDistinctAndAdmitted(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = random.number(in: 1...12)
        let weights = random.numbers(count, in: 0...random.number(in: 1...50))
        let admissions = weights.map { _ in
            Admission(
                gate: random.number(in: 0...3) == 0 ? .down : .open, fraction: [1, 0.01][random.number(in: 0...1)])
        }
        let pool = ScriptedPool(weights: weights, admissions: admissions)
        let request = pool.request(tried: random.numbers(2, in: 0...count - 1))
        let admitted = weights.indices.filter { pool.admits($0, for: request) }
        var choices = TwoChoices(for: pool.pool(), seed: seed)
        for _ in 0..<20 {
            guard let (first, second) = choices.draw(for: request, from: pool.pool()) else {
                #expect(admitted.isEmpty, "seed \(seed)")
                continue
            }
            #expect(admitted.contains(first) && admitted.contains(second), "seed \(seed)")
            #expect(first != second || admitted.count == 1, "seed \(seed)")
        }
    }

    /// The second is not looked for where nobody else has a weight: one random number does.
    @Test(arguments: [[1], [0, 7], [0, 0, 3, 0]])
    func oneBackendTakesOneDraw(weights: [Int]) throws {
        let pool = ScriptedPool(weights: weights)
        var choices = TwoChoices(for: pool.pool(), seed: 1)
        var generator = choices.generator
        let pair = choices.draw(for: .any, from: pool.pool())
        let only = try #require(weights.firstIndex { $0 > 0 })
        #expect(pair?.first == only && pair?.second == only)
        _ = generator.next()
        #expect(choices.generator.next() == generator.next())
    }

    @Test(arguments: [
        (weights: [1, 1, 1], heaviest: -1),
        (weights: [3, 1, 1], heaviest: 0),
        (weights: [1, 2, 1], heaviest: 1),
        (weights: [2, 3, 2], heaviest: -1),
    ])
    func halfOfTheWeightHasATableOfTheOthers(weights: [Int], heaviest: Int) {
        #expect(TwoChoices(for: ScriptedPool(weights: weights).pool(), seed: 1).heaviest == heaviest)
    }
}
