import Testing

@testable import LoadBalancing

@Suite struct LeastResponseTimeTests {
    static func picker(_ pool: borrowing BackendPool, seed: UInt64 = 1) -> LeastResponseTime {
        LeastResponseTimePolicy().makePicker(for: pool, seed: seed)
    }

    @Test(
        arguments: [
            (weights: [1, 1, 1], milliseconds: [30, 10, 20], inFlight: [0, 0, 0], picked: 1),
            (weights: [1, 1, 1], milliseconds: [30, 10, 20], inFlight: [0, 3, 0], picked: 2),
            (weights: [4, 1, 1], milliseconds: [30, 10, 20], inFlight: [0, 0, 0], picked: 0),
            (weights: [0, 1, 1], milliseconds: [1, 10, 9], inFlight: [0, 0, 0], picked: 2),
            (weights: [1, 1, 1], milliseconds: [1, nil, 1], inFlight: [0, 0, 0], picked: 1),
            (weights: [1, 1, 1], milliseconds: [1, nil, 2], inFlight: [0, 1, 0], picked: 0),
            (weights: [1, 1, 1], milliseconds: [nil, nil, nil], inFlight: [3, 1, 2], picked: 1),
            (weights: [1 << 31, 1, 1], milliseconds: [1_000, 1, 1], inFlight: [1_000_000, 0, 0], picked: 0),
            (weights: [0, 0], milliseconds: [1, 1], inFlight: [0, 0], picked: nil),
            (weights: [], milliseconds: [], inFlight: [], picked: nil),
        ] as [(weights: [Int], milliseconds: [Int?], inFlight: [Int], picked: Int?)])
    func theCheapestOfAll(weights: [Int], milliseconds: [Int?], inFlight: [Int], picked: Int?) {
        let pool = ScriptedPool(
            weights: weights, inFlight: inFlight, latencies: milliseconds.map { $0.map { .milliseconds($0) } })
        var picker = Self.picker(pool.pool())
        #expect(pool.picks(10, with: &picker) == Array(repeating: picked, count: 10))
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func picksAMinimumOfAnyPool(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = random.number(in: 1...20)
        let weights = random.numbers(count, in: 1...9)
        let inFlight = random.numbers(count, in: 0...5)
        let latencies = random.numbers(count, in: 1...50)
        let pool = ScriptedPool(
            weights: weights, inFlight: inFlight, latencies: latencies.map { .milliseconds($0) })
        var picker = Self.picker(pool.pool(), seed: seed)
        let picked = try #require(pool.pick(with: &picker))
        let cost = weights.indices.map { Double(latencies[$0] * (inFlight[$0] + 1)) / Double(weights[$0]) }
        let least = try #require(cost.min())
        // Costs are computed in single precision: 24 bits.
        #expect(cost[picked] <= least * (1 + 0x1p-20), "seed \(seed)")
    }

    @Test(arguments: [[1, 1, 1], [1, 2, 3, 4], [0, 3, 9]])
    func tiesAreBrokenByWeight(weights: [Int]) {
        let pool = ScriptedPool(weights: weights)
        var picker = Self.picker(pool.pool())
        let test = ChiSquare(
            of: pool.counts(10_000, of: weights.count, with: &picker), shares: weights.map(Double.init))
        #expect(test.isPassed, "\(test)")
    }

    /// An exponential race among idle backends of one latency: each wins with the probability of weight × fraction.
    @Test(
        arguments: [
            (weights: [1, 1, 1, 1], fractions: [1, 1, 0.1, 1], milliseconds: 10),
            (weights: [1, 2, 3, 4], fractions: [1, 0.5, 0.003, 0.1], milliseconds: 10),
            (weights: [1, 2, 3, 4], fractions: [1, 0.5, 0.003, 0.1], milliseconds: nil),
        ] as [(weights: [Int], fractions: [Double], milliseconds: Int?)])
    func smallFractionsHaveTheirShareWhenIdle(weights: [Int], fractions: [Double], milliseconds: Int?) {
        let pool = ScriptedPool(
            weights: weights, latencies: weights.map { _ in milliseconds.map { .milliseconds($0) } },
            admissions: fractions.map { Admission(fraction: $0) })
        var picker = Self.picker(pool.pool())
        let test = ChiSquare(
            of: pool.counts(20_000, of: 4, with: &picker), shares: zip(weights, fractions).map { Double($0) * $1 })
        #expect(test.isPassed, "\(test)")
    }

    /// Leases that stay in flight fill backends of one latency in the proportion of weight × fraction.
    ///
    /// The draw that stands
    /// for the request itself has a standard deviation of 1, and a backend that is a few draws ahead has to wait: 15
    /// leases are more than enough.
    @Test func heldLeasesFollowWeightAndFraction() {
        let pool = ScriptedPool(
            weights: [4, 2, 4, 8], latencies: Array(repeating: .milliseconds(10), count: 4),
            admissions: [1, 1, 0.5, 0.25].map { Admission(fraction: $0) })
        var picker = Self.picker(pool.pool())
        var held = [0, 0, 0, 0]
        for _ in 0..<1_000 {
            guard let index = pool.pick(with: &picker) else { continue }
            held[index] += 1
            pool.setInFlight(held[index], at: index)
        }
        #expect(zip(held, [400, 200, 200, 200]).allSatisfy { abs($0 - $1) <= 15 }, "\(held)")
    }

    @Test func theUnmeasuredAreProbedWhenSomebodyIsRestricted() {
        let pool = ScriptedPool(
            weights: [1, 1, 1], latencies: [.nanoseconds(1), .nanoseconds(1), nil],
            admissions: [.full, Admission(fraction: 0.5), Admission(fraction: 0.01)])
        var picker = Self.picker(pool.pool())
        #expect(pool.picks(50, with: &picker) == Array(repeating: 2, count: 50))
        pool.setInFlight(1, at: 2)
        #expect(pool.counts(50, of: 3, with: &picker)[2] == 0)
    }

    @Test func failingFastDoesNotAttract() {
        let pool = MeasuredPool(.ewma(), weights: [1, 1])
        for tick in 0..<100 {
            let time = Timestamp.seconds(Double(tick) / 100)
            pool.measure(.milliseconds(20), at: time, on: 0)
            pool.measure(.microseconds(100), at: time, on: 1, outcome: .failure)
        }
        var picker = Self.picker(pool.pool())
        for _ in 0..<20 {
            let picked = pool.pick(with: &picker, at: .seconds(1))
            #expect(picked == 0)
        }
    }

    @Test func copiesDiverge() {
        let pool = ScriptedPool(count: 5)
        var one = Self.picker(pool.pool())
        var two = one
        two.diverge(PickerSeed(copy: 1, common: 9))
        #expect(pool.picks(50, with: &one) != pool.picks(50, with: &two))
    }
}
