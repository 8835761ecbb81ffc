import Testing

@testable import LoadBalancing

/// What is kept of answers, one after another.
@Suite struct ConditionWordTests {
    static let estimator = LatencyEstimator.condition(alpha: 0.1, fading: .seconds(4))

    /// The word after an answer that took `milliseconds` and came at `seconds`.
    static func after(
        _ word: ConditionWord, _ milliseconds: Float, _ outcome: Outcome = .success, at seconds: Double
    ) -> ConditionWord {
        ConditionWord(
            estimator.condition(
                after: word.word, sample: milliseconds * 1e6, at: LatencyWord.stamp(of: .seconds(seconds)),
                outcome: outcome))
    }

    static func word(
        _ milliseconds: Float, failure: UInt32 = 0, isOnTrial: Bool = false, at seconds: Double = 0
    ) -> ConditionWord {
        ConditionWord(
            latency: milliseconds * 1e6, failure: failure, isOnTrial: isOnTrial,
            stamp: ConditionWord.stamp(of: .seconds(seconds)))
    }

    @Test func allPartsFit() {
        let word = ConditionWord(latency: 7, failure: 511, isOnTrial: true, stamp: 1 << 22 - 1)
        #expect(word.latency == 7 && word.failure == 511 && word.isOnTrial && word.stamp == 1 << 22 - 1)
        #expect(ConditionWord(.unmeasured).failure == 0 && !ConditionWord(.unmeasured).isOnTrial)
        #expect(word.units(until: 9) == 10, "stamps come round")
        #expect(word.units(until: 1 << 22 - 2) == 0, "another thread's clock was ahead")
    }

    /// Latencies in milliseconds before and after.
    @Test(
        arguments: [
            (before: 0, sample: 20, outcome: .success, after: 20),
            (before: 10, sample: 20, outcome: .success, after: 11),
            (before: 10, sample: 20, outcome: .failure, after: 11),
            (before: 10, sample: 1, outcome: .failure, after: 10),
            (before: 10, sample: 20, outcome: .cancelled, after: 11),
            (before: 10, sample: 1, outcome: .cancelled, after: 10),
            (before: 0, sample: 20, outcome: .failure, after: 0),
            (before: 0, sample: 20, outcome: .cancelled, after: 0),
        ] as [(before: Float, sample: Float, outcome: Outcome, after: Float)])
    func latenciesAreAveraged(before: Float, sample: Float, outcome: Outcome, after: Float) {
        let word = Self.after(Self.word(before), sample, outcome, at: 0)
        #expect(abs(word.latency - after * 1e6) < 1e3)
        #expect((word.failure > 0) == (outcome == .failure))
    }

    /// After half of the fading time an old average has half of its weight left, after all of it none.
    @Test(arguments: [(0, 11), (2, 10 + 10 * (1 - 0.9 / 2)), (4, 20), (1_000, 20)] as [(Double, Float)])
    func oldAveragesWeighLess(seconds: Double, latency: Float) {
        #expect(abs(Self.after(Self.word(10), 20, at: seconds).latency - latency * 1e6) < 1e4)
    }

    @Test func failuresAreAveragedAndForgotten() {
        var word = Self.word(10)
        for expected in [128, 224, 296, 350] as [UInt32] {
            word = Self.after(word, 1, .failure, at: 0)
            #expect(word.failure == expected)
        }
        for _ in 0..<20 { word = Self.after(word, 10, at: 0) }
        #expect(word.failure == 0, "nothing is left for ever")
        for _ in 0..<100 { word = Self.after(word, 1, .failure, at: 0) }
        #expect(word.failure == ConditionWord.allFailures)
    }

    /// A trial was sent at 10 s, when the fleet took 10 ms.
    @Test(
        arguments: [
            // Good: the failures are forgotten, and the average begins at the fleet's.
            (sample: 5, outcome: .success, at: 10.005, latency: 9.5, failure: 0, isOver: true),
            // Slow: what it is now.
            (sample: 200, outcome: .success, at: 10.2, latency: 200, failure: 0, isOver: true),
            (sample: 1, outcome: .failure, at: 10.001, latency: 10, failure: 428, isOver: true),
            (sample: 900, outcome: .failure, at: 10.9, latency: 900, failure: 428, isOver: true),
            (sample: 900, outcome: .cancelled, at: 10.9, latency: 900, failure: 400, isOver: true),
            // Sent before the trial.
            (sample: 500, outcome: .success, at: 10.2, latency: 81, failure: 300, isOver: false),
            (sample: 500, outcome: .failure, at: 10.2, latency: 59, failure: 428, isOver: false),
        ] as [(sample: Float, outcome: Outcome, at: Double, latency: Float, failure: UInt32, isOver: Bool)])
    func aTrialIsAnsweredByWhatCameAfterIt(
        sample: Float, outcome: Outcome, at: Double, latency: Float, failure: UInt32, isOver: Bool
    ) {
        let word = Self.after(Self.word(10, failure: 400, isOnTrial: true, at: 10), sample, outcome, at: at)
        #expect(abs(word.latency - latency * 1e6) < latency * 2e4)
        #expect(word.failure == failure)
        #expect(word.isOnTrial == !isOver)
        if !isOver { #expect(word.stamp == ConditionWord.stamp(of: .seconds(10)), "the trial goes on") }
    }
}
