import Testing

@testable import LoadBalancing

@Suite struct EligibleBackendsTests {
    @Test(arguments: [
        (weights: [], eligible: []),
        (weights: [0, 0], eligible: []),
        (weights: [7, 1, 3], eligible: [0, 1, 2]),
        (weights: [0, 1, 0, 3], eligible: [1, 3]),
        (weights: [2, 0], eligible: [0]),
    ])
    func thoseWithAWeightOnceEach(weights: [Int], eligible: [Int]) {
        let backends = EligibleBackends(of: ScriptedPool(weights: weights).pool())
        #expect((0..<backends.count).map { backends[$0] } == eligible)
        #expect((backends.indices == nil) == (eligible.count == weights.count))
    }

    @Test func drawsByFraction() {
        let fractions = [1, 0.01, 0.3, 0]
        let pool = ScriptedPool(weights: [9, 1, 1, 5, 0], admissions: fractions.map { Admission(fraction: $0) })
        let backends = EligibleBackends(of: pool.pool())
        var generator = SeededGenerator(seed: 1)
        var counts = [0, 0, 0, 0, 0]
        for _ in 0..<10_000 {
            if let index = backends.draw(from: pool.pool(), for: .any, using: &generator) { counts[index] += 1 }
        }
        let test = ChiSquare(of: counts, shares: [1, 0.01, 0.3, 0, 0])
        #expect(counts.reduce(0, +) == 10_000)
        #expect(test.isPassed, "\(test)")
    }
}
