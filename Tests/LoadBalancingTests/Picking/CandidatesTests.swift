import Testing

@testable import LoadBalancing

@Suite struct CandidatesTests {
    @Test(
        arguments: [
            (weight: 1, admission: .full, tried: false, admitted: true),
            (weight: 0, admission: .full, tried: false, admitted: false),
            (weight: 1, admission: .full, tried: true, admitted: false),
            (weight: 1, admission: Admission(fraction: 1e-9), tried: false, admitted: true),
            (weight: 1, admission: Admission(fraction: 0), tried: false, admitted: false),
            (weight: 1, admission: Admission(gate: .draining), tried: false, admitted: false),
            (weight: 1, admission: Admission(gate: .saturated), tried: false, admitted: false),
            (weight: 1, admission: Admission(gate: .down), tried: false, admitted: false),
        ] as [(weight: Int, admission: Admission, tried: Bool, admitted: Bool)])
    func whoMayBeChosen(weight: Int, admission: Admission, tried: Bool, admitted: Bool) {
        let pool = ScriptedPool(weights: [weight, 1], admissions: [admission])
        #expect(pool.admits(0, for: pool.request(tried: tried ? [0] : [])) == admitted)
        #expect(pool.admits(1, for: pool.request(tried: tried ? [0] : [])))
    }

    /// 20,000 draws of a probability p: four standard deviations, √(20,000 · p · (1 − p)).
    @Test(arguments: [1, 0.9, 0.5, 0.1, 0.003])
    func drawsAreAcceptedAsTheFractionSays(fraction: Double) {
        let pool = ScriptedPool(weights: [1], admissions: [Admission(fraction: fraction)])
        var generator = SeededGenerator(seed: 6)
        let accepted = (0..<20_000).count { _ in pool.pool().accepts(0, for: .any, using: &generator) }
        let bound = 4 * (20_000 * fraction * (1 - fraction)).squareRoot()
        #expect(abs(Double(accepted) - 20_000 * fraction) <= bound)
    }

    @Test(
        arguments: [
            (evenly: false, excluded: nil, shares: [4, 0.5, 0, 0, 0]),
            (evenly: true, excluded: nil, shares: [1, 0.25, 0, 0, 0]),
            (evenly: false, excluded: 0, shares: [0, 1, 0, 0, 0]),
            (evenly: true, excluded: 1, shares: [1, 0, 0, 0, 0]),
        ] as [(evenly: Bool, excluded: Int?, shares: [Double])])
    func drawsAmongTheAdmitted(evenly: Bool, excluded: Int?, shares: [Double]) {
        let pool = ScriptedPool(
            weights: [4, 2, 9, 0, 9],
            admissions: [.full, Admission(fraction: 0.25), Admission(gate: .down), .full, .full])
        let request = pool.request(tried: [4])
        var generator = SeededGenerator(seed: 3)
        var counts = [0, 0, 0, 0, 0]
        for _ in 0..<5_000 {
            let index = pool.pool().drawAmongAdmitted(
                for: request, evenly: evenly, excluding: excluded, using: &generator)
            if let index { counts[index] += 1 }
        }
        #expect(counts.reduce(0, +) == 5_000)
        let test = ChiSquare(of: counts, shares: shares)
        #expect(test.isPassed, "\(test)")
    }

    /// 2¹⁷ + 2 weights of 2³¹, times 2¹⁶ for the fraction, are more than a word holds.
    @Test func sumsOfTheLargestWeightsFitAWord() {
        let count = 1 << 17 + 2
        let pool = ScriptedPool(
            weights: [1] + Array(repeating: 1 << 31, count: count), admissions: [.full, Admission(gate: .down)])
        var generator = SeededGenerator(seed: 3)
        let drawn = (0..<8).map { _ in
            pool.pool().drawAmongAdmitted(for: .any, evenly: false, using: &generator) ?? 0
        }
        // All below a quarter: 2⁻¹⁶.
        #expect(drawn.contains { $0 > count / 4 }, "\(drawn)")
        var picker = LeastConnections(seed: 1)
        let picked = pool.picks(8, with: &picker).map { $0 ?? 0 }
        #expect(picked.contains { $0 > count / 4 }, "\(picked)")
    }

    @Test func nobodyIsDrawnWhereNobodyIsAdmitted() {
        let pool = ScriptedPool(weights: [1, 0], admissions: [.full, .full])
        var generator = SeededGenerator(seed: 3)
        #expect(pool.pool().drawAmongAdmitted(for: .any, evenly: true, excluding: 0, using: &generator) == nil)
    }

    @Test func everybodyIsAdmittedOnlyWithoutRestrictionsAndTries() {
        let pool = ScriptedPool(weights: [1, 1])
        let asked = [PickRequest.any, pool.request(tried: [1])]
        #expect(asked.map { pool.pool().admitsAll(for: $0) } == [true, false])
        pool.setAdmission(Admission(fraction: 0.999), at: 0)
        #expect(asked.map { pool.pool().admitsAll(for: $0) } == [false, false])
    }
}
