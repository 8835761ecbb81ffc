import Testing

@testable import LoadBalancing

@Suite struct GenerationTests {
    /// The pool counts whoever is not admitted in full, through every kind of change.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func isUnrestrictedExactlyWhenEverybodyIsAdmittedInFull(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let kinds = [
            Admission.full, .full, .full, Admission(fraction: 0.5), Admission(gate: .down), Admission(fraction: 0),
        ]
        var admissions = (0..<4).map { _ in kinds[random.number(in: 0...5)] }
        let pool = ScriptedPool(weights: [1, 1, 1, 1], admissions: admissions)
        for step in 0..<100 {
            let index = random.number(in: 0...3)
            admissions[index] = kinds[random.number(in: 0...5)]
            pool.setAdmission(admissions[index], at: index)
            #expect(
                pool.isUnrestricted == admissions.allSatisfy { $0 == .full }, "seed \(seed), step \(step)")
            #expect((0..<4).map { pool.pool().admission(at: $0) } == admissions, "seed \(seed), step \(step)")
        }
    }

    @Test(
        arguments: [
            (weights: [], total: 0, equal: true),
            (weights: [0, 0], total: 0, equal: true),
            (weights: [3, 3, 3], total: 9, equal: true),
            (weights: [3, 3, 0], total: 6, equal: false),
            (weights: [1 << 31, 1 << 31], total: 1 << 32, equal: true),
        ] as [(weights: [Int], total: UInt64, equal: Bool)])
    func sumsUpItsWeights(weights: [Int], total: UInt64, equal: Bool) {
        let pool = ScriptedPool(weights: weights).pool()
        #expect(pool.totalWeight == total)
        #expect(pool.hasEqualWeights == equal)
        #expect(pool.count == weights.count)
    }
}
