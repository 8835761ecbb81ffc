import Testing

@testable import LoadBalancing

@Suite struct PeakEWMATests {
    static func picker(_ pool: borrowing BackendPool, seed: UInt64 = 1) -> PeakEWMA {
        PeakEWMAPolicy().makePicker(for: pool, seed: seed)
    }

    /// Two backends are always both drawn: the cheaper one by latency × (in flight + 1) / weight is picked.
    @Test(
        arguments: [
            (weights: [1, 1], milliseconds: [10, 20], inFlight: [0, 0], picked: 0),
            (weights: [1, 1], milliseconds: [10, 20], inFlight: [2, 0], picked: 1),
            (weights: [3, 1], milliseconds: [25, 10], inFlight: [0, 0], picked: 0),
            (weights: [3, 1], milliseconds: [35, 10], inFlight: [0, 0], picked: 1),
            (weights: [1 << 31, 1], milliseconds: [1_000, 1], inFlight: [1_000_000, 0], picked: 0),
            // Nothing measured: one request when idle, and no second while that one is under way.
            (weights: [1, 1], milliseconds: [1, nil], inFlight: [0, 0], picked: 1),
            (weights: [9, 1], milliseconds: [1, nil], inFlight: [0, 0], picked: 1),
            (weights: [1, 1], milliseconds: [5_000, nil], inFlight: [1_000, 1], picked: 0),
            (weights: [1, 1], milliseconds: [nil, nil], inFlight: [1, 0], picked: 1),
            (weights: [1, 1], milliseconds: [nil, nil], inFlight: [1, 2], picked: 0),
            (weights: [0, 1], milliseconds: [1, 1_000], inFlight: [0, 99], picked: 1),
            (weights: [5], milliseconds: [nil], inFlight: [1], picked: 0),
            (weights: [0], milliseconds: [nil], inFlight: [0], picked: nil),
            (weights: [], milliseconds: [], inFlight: [], picked: nil),
        ] as [(weights: [Int], milliseconds: [Int?], inFlight: [Int], picked: Int?)])
    func theCheaperOfTwo(weights: [Int], milliseconds: [Int?], inFlight: [Int], picked: Int?) {
        let pool = ScriptedPool(
            weights: weights, inFlight: inFlight, latencies: milliseconds.map { $0.map { .milliseconds($0) } })
        var picker = Self.picker(pool.pool())
        #expect(pool.picks(20, with: &picker) == Array(repeating: picked, count: 20))
    }

    /// The short way, which passes over what has not faded, answers as a look at both averages does.
    @Test(
        arguments: [.peak(), .peak(timeConstant: .milliseconds(50)), .ewma(), .decaying()] as [LatencyEstimator])
    func averagesAreComparedAsTheyAreRead(estimator: LatencyEstimator) {
        var random = SeededGenerator(seed: 5)
        for round in 0..<2_000 {
            let pool = MeasuredPool(estimator, weights: [1, 1])
            for index in 0..<2 where random.next(below: 8) > 0 {
                let measured = Timestamp.seconds(Double(random.next(below: 100)) / 1_000)
                pool.measure(.microseconds(1_000 + Int(random.next(below: 50))), at: measured, on: index)
            }
            // Also before the last sample was taken, as another thread's clock may have it.
            let time = Timestamp.seconds([0, 0.05, 0.1, 0.5, 60, 6_000][random.nextIndex(below: 6)])
            var picker = PeakEWMA(for: pool.pool(), seed: UInt64(round))
            let costs = (0..<2).map { pool.pool().latencyCost(at: $0, time: time) }
            let picked = pool.pick(with: &picker, at: time)
            #expect(costs[0] == costs[1] || picked == (costs[1] < costs[0] ? 1 : 0), "round \(round)")
        }
    }

    /// An unmeasured idle backend wins whenever it is drawn: among four equals that is every second time.
    @Test func theUnmeasuredAreProbed() {
        let pool = ScriptedPool(count: 4)
        for index in 0..<3 { pool.setLatency(.milliseconds(1), at: index) }
        var picker = Self.picker(pool.pool())
        var test = ChiSquare(of: pool.counts(10_000, of: 4, with: &picker), shares: [1, 1, 1, 3])
        #expect(test.isPassed, "\(test)")
        pool.setInFlight(1, at: 3)
        test = ChiSquare(of: pool.counts(10_000, of: 4, with: &picker), shares: [1, 1, 1, 0])
        #expect(test.isPassed, "\(test)")
    }

    @Test(arguments: [[1, 1, 1], [1, 2, 3, 4], [9, 1]], [nil, 7] as [Int?])
    func equalCostsFollowTheWeights(weights: [Int], milliseconds: Int?) {
        // Where latencies are measured, costs are equal when they are in proportion to the weights.
        let pool = ScriptedPool(
            weights: weights,
            latencies: weights.map { weight in milliseconds.map { Duration.microseconds($0 * 1_024 * weight) } })
        var picker = Self.picker(pool.pool())
        let test = ChiSquare(
            of: pool.counts(10_000, of: weights.count, with: &picker), shares: weights.map(Double.init))
        #expect(test.isPassed, "\(test)")
    }

    /// 1 s measured at second 0 against 200 ms at second 20, τ = 10 s: after 20 s the second is 135 ms.
    @Test(
        arguments: [
            (time: 20, picked: 0),
            (time: 30, picked: 0),
            (time: 10, picked: 1),
            (time: 0, picked: 1),
            // Without a time, averages count as of their last sample.
            (time: nil, picked: 1),
        ] as [(time: Double?, picked: Int)])
    func averagesSinkUntilTheTimeOfTheRequest(time: Double?, picked: Int) {
        let pool = MeasuredPool(.peak(), weights: [1, 1])
        pool.measure(.seconds(1), at: .seconds(0), on: 0)
        pool.measure(.milliseconds(200), at: .seconds(20), on: 1)
        var picker = Self.picker(pool.pool())
        for _ in 0..<20 { #expect(pool.pick(with: &picker, at: time.map { .seconds($0) }) == picked) }
    }

    /// Picks, however many and however late, change no measurement, and so nothing later.
    @Test func readingChangesNothing() {
        func pool() -> MeasuredPool {
            let pool = MeasuredPool(.peak(), weights: [1, 2, 3])
            for index in 0..<3 { pool.measure(.milliseconds(5 * index + 5), at: .seconds(Double(index)), on: index) }
            return pool
        }
        let (read, unread) = (pool(), pool())
        var picker = Self.picker(read.pool())
        for second in 0..<1_000 { _ = read.pick(with: &picker, at: .seconds(Double(second))) }
        #expect(read.words == unread.words)
        for index in 0..<3 {
            let view = read.pool()
            #expect(view.latency(at: index, time: .seconds(50)) == view.latency(at: index, time: .seconds(50)))
            for pool in [read, unread] { pool.measure(.milliseconds(1), at: .seconds(8), on: index) }
        }
        #expect(read.words == unread.words)
    }

    /// A server that refuses in 0.1 ms beside one that works in 20 ms: it is drawn every time, and never picked.
    @Test(arguments: [
        LatencyEstimator.peak(), .decaying(), .ewma(), .peak(failurePenalty: .milliseconds(100)),
    ])
    func failingFastDoesNotAttract(estimator: LatencyEstimator) {
        let pool = MeasuredPool(estimator, weights: [1, 1])
        for tick in 0..<100 {
            let time = Timestamp.seconds(Double(tick) / 100)
            pool.measure(.milliseconds(20), at: time, on: 0)
            pool.measure(.microseconds(100), at: time, on: 1, outcome: .failure)
        }
        var picker = Self.picker(pool.pool())
        for _ in 0..<20 { #expect(pool.pick(with: &picker, at: .seconds(1)) == 0) }
    }

    @Test func failuresTakenAsTheyAreDoAttract() {
        let pool = MeasuredPool(.peak(failurePenalty: .zero), weights: [1, 1])
        pool.measure(.milliseconds(20), at: .seconds(0), on: 0)
        pool.measure(.microseconds(100), at: .seconds(0), on: 1, outcome: .failure)
        var picker = Self.picker(pool.pool())
        #expect(pool.pick(with: &picker, at: .seconds(0)) == 1)
    }

    @Test func copiesDiverge() {
        let pool = ScriptedPool(count: 5)
        var one = Self.picker(pool.pool())
        var two = one
        two.diverge(PickerSeed(copy: 1, common: 9))
        #expect(pool.picks(50, with: &one) != pool.picks(50, with: &two))
    }
}
