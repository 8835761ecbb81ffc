import Testing

@testable import LoadBalancing

@Suite struct SmoothCycleTests {
    /// Weights of all sorts whose cycle is short enough to be laid out.
    static func weights(seed: UInt64) -> [Int] {
        var random = SeededGenerator(seed: seed)
        return switch seed % 4 {
        case 0: random.numbers(random.number(in: 1...8), in: 0...100)
        case 1: random.numbers(random.number(in: 1...300), in: 0...3)
        case 2: random.numbers(random.number(in: 1...40), in: 1...30).map { $0 * 1_000_003 }
        default: random.numbers(random.number(in: 100...300), in: 1...2) + [random.number(in: 1...200)]
        }
    }

    @Test(arguments: 0..<80 as Range<UInt64>)
    func agreesWithTheModelOfNginx(seed: UInt64) throws {
        let weights = Self.weights(seed: seed)
        let order = try #require(SmoothCycle.order(of: weights.map { UInt32($0) }), "seed \(seed)")
        var model = NginxModel(weights: weights)
        let expected = order.compactMap { _ in model.pick().map { UInt32($0) } }
        #expect(order == expected, "seed \(seed), weights \(weights)")
        #expect(model.scores.allSatisfy { $0 == 0 }, "the cycle must end where it began; seed \(seed)")
    }

    /// Nobody is ever ahead by more than 1 − 1/n picks, or behind by more than 1/2 + 1/3 + … + 1/n.
    ///
    /// After t picks the score of a backend is t · w − k · W. The winner has at least the mean, W / n, before W is taken
    /// off it, so no score falls below −(1 − 1/n) · W: nobody is ever ahead by more than 1 − 1/n picks.
    ///
    /// Behind: let A(j) be the greatest mean of any j scores after a pick, in units of W; A(n) = 0. If the winner is among the
    /// j that are greatest afterwards, they have gained at most W and lost W. If not, it was at least as great as each of them
    /// before, so j + 1 scores had a mean not less than theirs, less at most 1 / (j + 1) that they gained with this pick.
    /// Hence A(j) ≤ A(j + 1) + 1 / (j + 1), and A(1) ≤ 1/2 + 1/3 + … + 1/n: nobody is ever behind by more picks than that.
    @Test(arguments: 0..<80 as Range<UInt64>)
    func everyPrefixIsFair(seed: UInt64) throws {
        let weights = Self.weights(seed: seed)
        let order = try #require(SmoothCycle.order(of: weights.map { UInt32($0) }), "seed \(seed)")
        let total = weights.reduce(0, +)
        let backends = weights.count { $0 > 0 }
        let behind = stride(from: 2, through: backends, by: 1).reduce(0.0) { $0 + 1 / Double($1) }
        var scores = weights.map { _ in 0 }
        for winner in order {
            for index in weights.indices { scores[index] += weights[index] }
            scores[Int(winner)] -= total
            #expect(scores[Int(winner)] * backends >= -(backends - 1) * total, "ahead; seed \(seed)")
            let most = scores.max() ?? 0
            #expect(Double(most) <= (behind + 1e-9) * Double(total), "behind; seed \(seed)")
        }
    }

    @Test(
        arguments: [
            (weights: [], length: 0),
            (weights: [0, 0], length: 0),
            (weights: [7], length: 1),
            (weights: [4, 0, 6], length: 5),
            (weights: [1 << 31, 1 << 31], length: 2),
            (weights: [1, 65_535], length: 65_536),
            (weights: [1, 65_536], length: nil),
            (weights: [1 << 31, 1], length: nil),
        ] as [(weights: [UInt32], length: Int?)])
    func lengthIsTheSumOverTheDivisor(weights: [UInt32], length: Int?) {
        #expect(SmoothCycle.order(of: weights)?.count == length)
    }

    /// Distinct weights 1 … 361 sum up to 65,341: short enough, but each pick compares 361 records.
    @Test func tooMuchWorkIsNotBegun() {
        let weights = (1...361).map { UInt32($0) }
        #expect(weights.reduce(0, +) <= SmoothCycle.maximumLength)
        #expect(SmoothCycle.order(of: weights) == nil)
    }

    @Test func manyBackendsOfOneWeightAreACycleHoweverLong() throws {
        let order = try #require(SmoothCycle.order(of: Array(repeating: 3, count: 70_000)))
        #expect(order == (0..<70_000).map { UInt32($0) })
    }
}
