import Testing

@testable import LoadBalancing

@Suite struct CumulativeWeightsTests {
    /// The first whose end lies beyond the point.
    static func owner(of point: UInt64, weights: [Int]) -> Int? {
        var end: UInt64 = 0
        for (index, weight) in weights.enumerated() {
            end += UInt64(weight)
            if point < end { return index }
        }
        return nil
    }

    @Test(arguments: [
        (weights: [1], owners: [0]),
        (weights: [1, 1, 1], owners: [0, 1, 2]),
        (weights: [2, 0, 3], owners: [0, 0, 2, 2, 2]),
        (weights: [0, 0, 1, 0, 2, 0], owners: [2, 4, 4]),
    ])
    func sideBySide(weights: [Int], owners: [Int]) {
        let line = CumulativeWeights(of: ScriptedPool(weights: weights).pool())
        #expect(line.total == owners.count)
        #expect((0..<line.total).map(line.backend) == owners)
    }

    @Test(arguments: [[], [0], [0, 0, 0]])
    func nothingIsALineOfNoLength(weights: [Int]) {
        #expect(CumulativeWeights(of: ScriptedPool(weights: weights).pool()).total == 0)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func agreesWithALinearSearch(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let largest = [1, 5, 1_000, 1 << 31][Int(seed % 4)]
        let weights = random.numbers(random.number(in: 1...100), in: 0...largest).map { weight in
            random.number(in: 0...3) == 0 ? 0 : random.number(in: 0...3) == 0 ? 1 : weight
        }
        let line = CumulativeWeights(of: ScriptedPool(weights: weights).pool())
        #expect(line.total == weights.reduce(0) { $0 + UInt64($1) })
        guard line.total > 0 else { return }
        var points = [0, line.total - 1] + (0..<50).map { _ in random.next(below: line.total) }
        // The borders, where mistakes are made.
        var end: UInt64 = 0
        for weight in weights {
            end += UInt64(weight)
            if end < line.total { points += [end] }
            if end > 0 { points += [end - 1] }
        }
        for point in points {
            #expect(line.backend(at: point) == Self.owner(of: point, weights: weights), "seed \(seed), point \(point)")
        }
    }

    /// The guide has an entry for each of at most 2n stretches.
    @Test(arguments: [1, 3, 100, 1_000], [1, 3, 1 << 31])
    func theGuideIsShort(count: Int, weight: Int) {
        let line = CumulativeWeights(of: ScriptedPool(weights: Array(repeating: weight, count: count)).pool())
        #expect(line.guide.count <= 2 * count)
    }
}
