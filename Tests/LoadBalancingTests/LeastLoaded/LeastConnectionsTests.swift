import Testing

@testable import LoadBalancing

/// The scan, which a picker does without a balancer's index of the loads.
@Suite struct LeastConnectionsTests {
    static let largest = 1 << 31

    @Test(
        arguments: [
            (weights: [1, 1, 1], inFlight: [3, 0, 3], picked: 1),
            (weights: [1, 1, 4], inFlight: [3, 4, 8], picked: 2),
            (weights: [1, 2, 3], inFlight: [1, 3, 4], picked: 0),
            (weights: [0, 1, 1], inFlight: [0, 9, 8], picked: 2),
            (weights: [0, 1, 0], inFlight: [0, 1_000_000, 0], picked: 1),
            (weights: [largest, largest], inFlight: [1_000_000, 999_999], picked: 1),
            (weights: [largest, largest - 1], inFlight: [1_000_000, 1_000_000], picked: 0),
            (weights: [1, largest], inFlight: [1, 1_000_000], picked: 1),
            (weights: [largest, 1], inFlight: [1, 0], picked: 1),
            (weights: [0, 0], inFlight: [0, 0], picked: nil),
            (weights: [], inFlight: [], picked: nil),
        ] as [(weights: [Int], inFlight: [Int], picked: Int?)])
    func picksTheLeastLoadForTheWeight(weights: [Int], inFlight: [Int], picked: Int?) {
        let pool = ScriptedPool(weights: weights, inFlight: inFlight)
        for seed in 0..<10 as Range<UInt64> {
            var picker = LeastConnectionsPolicy().makePicker(for: pool.pool(), seed: seed)
            #expect(pool.pick(with: &picker) == picked)
        }
    }

    /// Compared with load · Π of all others' weights, in wide numbers.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func picksAMinimumOfAnyPool(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = random.number(in: 1...30)
        let widths = [3, 1_000, Self.largest]
        let weights = random.numbers(count, in: 0...widths[random.number(in: 0...2)])
        let inFlight = random.numbers(count, in: 0...[4, 1_000_000][random.number(in: 0...1)])
        let admissions = weights.map { _ in
            let gate = random.number(in: 0...9) == 0 ? Gate.saturated : .open
            let fractions = [1, 1, 0.5, 0.25, 1e-9, 0]
            return Admission(gate: gate, fraction: fractions[random.number(in: 0...5)])
        }
        let pool = ScriptedPool(weights: weights, inFlight: inFlight, admissions: admissions)
        var picker = LeastConnections(seed: seed)
        let picked = pool.pick(with: &picker)
        let share = zip(weights, admissions).map { weight, admission in
            admission.gate == .open ? UInt128(weight) * UInt128(admission.fraction * 65_536) : 0
        }
        guard let picked else {
            #expect(share.allSatisfy { $0 == 0 }, "seed \(seed)")
            return
        }
        #expect(share[picked] > 0, "seed \(seed)")
        for other in weights.indices where share[other] > 0 {
            #expect(
                UInt128(inFlight[picked]) * share[other] <= UInt128(inFlight[other]) * share[picked],
                "seed \(seed): \(picked) has more load than \(other)")
        }
    }

    /// Everybody has the same load for the weight, so shares follow weight × fraction.
    @Test(arguments: [
        (weights: [1, 2, 3, 4], inFlight: [0, 0, 0, 0], fractions: [1, 1, 1, 1]),
        (weights: [1, 2, 3, 4], inFlight: [5, 10, 15, 20], fractions: [1, 1, 1, 1]),
        (weights: [3, 3, 0, 3], inFlight: [7, 7, 0, 7], fractions: [1, 1, 1, 1]),
        (weights: [2, 1, 1, 8], inFlight: [4, 1, 2, 1], fractions: [1, 0.5, 1, 0.0625]),
        (weights: [largest, largest, 1 << 30, 1], inFlight: [0, 0, 0, 0], fractions: [1, 1, 0.5, 0.5]),
    ])
    func tiesAreBrokenByWeight(weights: [Int], inFlight: [Int], fractions: [Double]) {
        let pool = ScriptedPool(
            weights: weights, inFlight: inFlight, admissions: fractions.map { Admission(fraction: $0) })
        var picker = LeastConnections(seed: 3)
        let test = ChiSquare(
            of: pool.counts(10_000, of: 4, with: &picker), shares: zip(weights, fractions).map { Double($0) * $1 })
        #expect(test.isPassed, "\(test)")
    }

    /// A fraction weighs, but it is no filter: whoever has the least load is picked, every time.
    @Test(arguments: [
        (inFlight: [1, 0], fraction: 0.001, picked: 1),
        (inFlight: [3, 1], fraction: 0.5, picked: 1),
        (inFlight: [1, 1], fraction: 0.5, picked: 0),
        (inFlight: [99, 10], fraction: 0.1, picked: 0),
        (inFlight: [100, 9], fraction: 0.1, picked: 1),
    ])
    func fractionsDivide(inFlight: [Int], fraction: Double, picked: Int) {
        let pool = ScriptedPool(
            weights: [1, 1], inFlight: inFlight, admissions: [.full, Admission(fraction: fraction)])
        var picker = LeastConnections(seed: 1)
        #expect(pool.picks(20, with: &picker) == Array(repeating: picked, count: 20))
    }

    /// Leases that stay in flight fill the backends in the proportion of weight × fraction, to within one lease.
    @Test func heldLeasesFollowWeightAndFraction() {
        let fractions = [1, 1, 0.5, 0.25]
        let weights = [4, 2, 4, 8]
        let pool = ScriptedPool(weights: weights, admissions: fractions.map { Admission(fraction: $0) })
        var picker = LeastConnections(seed: 1)
        var held = [0, 0, 0, 0]
        for _ in 0..<1_000 {
            guard let index = pool.pick(with: &picker) else { continue }
            held[index] += 1
            pool.setInFlight(held[index], at: index)
        }
        #expect(zip(held, [400, 200, 200, 200]).allSatisfy { abs($0 - $1) <= 1 }, "\(held)")
    }

    @Test func copiesDiverge() {
        let pool = ScriptedPool(count: 5)
        var one = LeastConnections(seed: 9)
        var two = one
        two.diverge(PickerSeed(copy: 1, common: 9))
        #expect(pool.picks(50, with: &one) != pool.picks(50, with: &two))
    }
}
