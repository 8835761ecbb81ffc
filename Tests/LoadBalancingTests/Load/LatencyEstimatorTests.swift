import Foundation
import Testing

@testable import LoadBalancing

@Suite struct LatencyEstimatorTests {
    /// What is read after one sample more, in milliseconds and seconds.
    static func value(
        of estimator: LatencyEstimator, after old: Double, seconds: Double, sample: Double, outcome: Outcome
    ) -> Double {
        let word = LatencyWord(value: Float(old * 1e6), stamp: LatencyWord.stamp(of: .seconds(100)))
        let stamp = LatencyWord.stamp(of: .seconds(100 + seconds))
        let new = estimator.word(after: word, sample: Float(sample * 1e6), at: stamp, outcome: outcome)
        return Double(estimator.reading(of: new, at: stamp)) / 1e6
    }

    /// The half-life of τ = 10 s in seconds.
    static let half = 6.931_471_8

    /// To 2 · 10⁻⁴ for the decay, and one unit of 65.5 µs over 10 s for the time.
    @Test(
        arguments: [
            (estimator: .ewma(alpha: 0.5), old: 100, seconds: 0, sample: 200, outcome: .success, new: 150),
            (estimator: .ewma(alpha: 0.5), old: 100, seconds: 999, sample: 200, outcome: .success, new: 150),
            (estimator: .ewma(alpha: 0.25), old: 100, seconds: 1, sample: 0, outcome: .success, new: 75),
            (estimator: .ewma(), old: 100, seconds: 1, sample: 200, outcome: .success, new: 110),
            (estimator: .decaying(), old: 100, seconds: 0, sample: 200, outcome: .success, new: 100),
            (estimator: .decaying(), old: 100, seconds: half, sample: 200, outcome: .success, new: 150),
            (estimator: .decaying(), old: 100, seconds: half, sample: 20, outcome: .success, new: 60),
            (estimator: .decaying(), old: 100, seconds: 1e5, sample: 20, outcome: .success, new: 20),
            // A peak is taken over at once, and sinks as in `decaying`.
            (estimator: .peak(), old: 100, seconds: 0, sample: 200, outcome: .success, new: 200),
            (estimator: .peak(), old: 100, seconds: half, sample: 200, outcome: .success, new: 200),
            (estimator: .peak(), old: 100, seconds: half, sample: 20, outcome: .success, new: 60),
            (estimator: .peak(), old: 100, seconds: 2 * half, sample: 20, outcome: .success, new: 40),
            // A failure counts as 5 s, or as long as it took, and never lowers an average.
            (estimator: .peak(), old: 100, seconds: 0, sample: 0.1, outcome: .failure, new: 5_000),
            (estimator: .peak(), old: 100, seconds: 0, sample: 6_000, outcome: .failure, new: 6_000),
            (estimator: .peak(), old: 8_000, seconds: 0, sample: 0.1, outcome: .failure, new: 8_000),
            (estimator: .decaying(), old: 100, seconds: half, sample: 0.1, outcome: .failure, new: 2_550),
            (estimator: .decaying(), old: 8_000, seconds: half, sample: 0.1, outcome: .failure, new: 8_000),
            (estimator: .ewma(alpha: 0.5), old: 100, seconds: 0, sample: 0.1, outcome: .failure, new: 2_550),
            (estimator: .ewma(alpha: 0.5), old: 8_000, seconds: 0, sample: 0.1, outcome: .failure, new: 8_000),
            (
                estimator: .peak(failurePenalty: .milliseconds(300)), old: 100, seconds: 0, sample: 0.1,
                outcome: .failure,
                new: 300
            ),
            (
                estimator: .ewma(alpha: 0.5, failurePenalty: .zero), old: 100, seconds: 0, sample: 20,
                outcome: .failure,
                new: 60
            ),
            // Who gave up waited at least that long: it raises an average, and never lowers it.
            (estimator: .ewma(alpha: 0.5), old: 100, seconds: 0, sample: 20, outcome: .cancelled, new: 100),
            (estimator: .ewma(alpha: 0.5), old: 100, seconds: 0, sample: 200, outcome: .cancelled, new: 150),
            (estimator: .decaying(), old: 100, seconds: half, sample: 20, outcome: .cancelled, new: 100),
            (estimator: .decaying(), old: 100, seconds: half, sample: 200, outcome: .cancelled, new: 150),
            (estimator: .peak(), old: 100, seconds: 0, sample: 20, outcome: .cancelled, new: 100),
            (estimator: .peak(), old: 100, seconds: half, sample: 200, outcome: .cancelled, new: 200),
            // What a peak has sunk to by itself is not raised again by somebody who waited for less.
            (estimator: .peak(), old: 100, seconds: half, sample: 20, outcome: .cancelled, new: 50),
            (estimator: .peak(), old: 100, seconds: half, sample: 70, outcome: .cancelled, new: 70),
            // A clock that went back: no time has passed.
            (estimator: .decaying(), old: 100, seconds: -30, sample: 20, outcome: .success, new: 100),
            (estimator: .peak(), old: 100, seconds: -30, sample: 20, outcome: .success, new: 100),
            (estimator: .peak(), old: 100, seconds: -30, sample: 200, outcome: .success, new: 200),
        ]
            as [(
                estimator: LatencyEstimator, old: Double, seconds: Double, sample: Double, outcome: Outcome, new: Double
            )])
    func takesSamplesIn(
        estimator: LatencyEstimator, old: Double, seconds: Double, sample: Double, outcome: Outcome, new: Double
    ) {
        let value = Self.value(of: estimator, after: old, seconds: seconds, sample: sample, outcome: outcome)
        #expect(abs(value - new) <= 3e-4 * max(old, new))
    }

    @Test(
        arguments: [
            (outcome: .success, sample: 20, value: 20),
            (outcome: .cancelled, sample: 20, value: 20),
            (outcome: .failure, sample: 20, value: 5_000),
            (outcome: .failure, sample: 6_000, value: 6_000),
            // Nothing is faster than a nanosecond; 0 would read as "not measured".
            (outcome: .success, sample: 0, value: 1e-6),
        ] as [(outcome: Outcome, sample: Float, value: Float)])
    func startsFromTheFirstSample(outcome: Outcome, sample: Float, value: Float) {
        for estimator in [LatencyEstimator.ewma(), .decaying(), .peak()] {
            let word = estimator.word(after: .unmeasured, sample: sample * 1e6, at: 5, outcome: outcome)
            #expect(abs(word.value - value * 1e6) <= 1e-6 * value * 1e6)
            #expect(word.stamp == 5)
        }
    }

    @Test(
        arguments: [
            (estimator: .ewma(), seconds: half, reading: 100),
            (estimator: .decaying(), seconds: half, reading: 100),
            (estimator: .peak(), seconds: 0, reading: 100),
            (estimator: .peak(), seconds: half, reading: 50),
            (estimator: .peak(), seconds: 10, reading: 36.788),
            (estimator: .peak(timeConstant: .seconds(1)), seconds: 10 * 0.693_147_18, reading: 100 / 1_024),
            (estimator: .peak(), seconds: 10_000, reading: 0),
            (estimator: .peak(), seconds: -30, reading: 100),
        ] as [(estimator: LatencyEstimator, seconds: Double, reading: Double)])
    func onlyPeaksSinkWhileNothingIsMeasured(estimator: LatencyEstimator, seconds: Double, reading: Double) {
        let word = LatencyWord(value: 100e6, stamp: LatencyWord.stamp(of: .seconds(100)))
        let value = estimator.reading(of: word, at: LatencyWord.stamp(of: .seconds(100 + seconds)))
        // Relative: the decay's 2 · 10⁻⁴, and 65.5 µs of the time constant.
        #expect(abs(Double(value) / 1e6 - reading) <= 3e-4 * reading + 1e-9)
    }

    /// Every 0.1 ms somebody gives up after 1 ms: a peak of 100 ms sinks all the same, to 1 ms and no further.
    @Test func whoGivesUpDoesNotKeepAPeakUp() {
        let estimator = LatencyEstimator.peak(timeConstant: .milliseconds(100))
        var word = LatencyWord(value: 100e6, stamp: LatencyWord.stamp(of: .seconds(0)))
        for step in 1...10_000 {
            let time = Timestamp.seconds(0).advanced(by: .microseconds(100 * step))
            let stamp = LatencyWord.stamp(of: time)
            word = estimator.word(after: word, sample: 1e6, at: stamp, outcome: .cancelled)
            let reading = Double(estimator.reading(of: word, at: stamp))
            // The decay, and one unit of 65.5 µs of it.
            let expected = max(1e6, 100e6 * exp(-Double(step) / 1_000))
            #expect(abs(reading / expected - 1) < 2e-3, "after \(step) steps")
        }
    }

    /// A stamp that comes round between two samples does not stop the clock.
    @Test func stampsMayComeRound() {
        let estimator = LatencyEstimator.peak()
        let units = UInt32(Self.half * 1e9 / 65_536)
        let word = LatencyWord(value: 100e6, stamp: .max - 10)
        let stamp = (UInt32.max - 10) &+ units
        #expect(abs(estimator.reading(of: word, at: stamp) / 50e6 - 1) < 3e-4)
        let next = estimator.word(after: word, sample: 20e6, at: stamp, outcome: .success)
        #expect(abs(next.value / 60e6 - 1) < 3e-4)
        #expect(next.stamp == stamp)
    }

    /// Samples that come faster than the stamps count weigh as much as the time they cover: the stamp waits for the time.
    @Test func manySamplesWithinAStampAreNotLost() {
        let estimator = LatencyEstimator.decaying(timeConstant: .seconds(1))
        var word = LatencyWord(value: 100e6, stamp: LatencyWord.stamp(of: .seconds(0)))
        // Every 10 µs for ln 2 seconds.
        for step in 1...69_315 {
            let time = Timestamp.seconds(0).advanced(by: .microseconds(10 * step))
            word = estimator.word(after: word, sample: 1, at: LatencyWord.stamp(of: time), outcome: .success)
        }
        #expect(abs(word.value / 50e6 - 1) < 0.02, "\(word.value)")
    }

    /// Whatever is measured, a backend does not become unmeasured again.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func onceMeasuredAlwaysMeasured(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let estimators = [
            LatencyEstimator.ewma(alpha: 1), .ewma(), .decaying(timeConstant: .zero), .peak(timeConstant: .zero),
        ]
        for estimator in estimators {
            var word = LatencyWord.unmeasured
            var stamp: UInt32 = 0
            for _ in 0..<100 {
                stamp &+= UInt32(random.number(in: 0...200_000))
                let sample = Float(sign: .plus, exponent: random.number(in: -2...40), significand: 1)
                let outcome = [Outcome.success, .failure, .cancelled][random.number(in: 0...2)]
                word = estimator.word(after: word, sample: sample, at: stamp, outcome: outcome)
                #expect(!word.isUnmeasured && word.value >= 1 && word.value.isFinite, "seed \(seed)")
            }
        }
    }

    @Test func parametersAreClamped() {
        #expect(LatencyEstimator.ewma(alpha: 7) == .ewma(alpha: 1))
        #expect(LatencyEstimator.ewma(alpha: -7) == .ewma(alpha: 0))
        #expect(LatencyEstimator.ewma(alpha: .nan) == .ewma(alpha: 0))
        #expect(LatencyEstimator.peak(timeConstant: .zero) == .peak(timeConstant: .milliseconds(1)))
        #expect(LatencyEstimator.decaying(timeConstant: .seconds(-1)) == .decaying(timeConstant: .milliseconds(1)))
        #expect(LatencyEstimator.peak() == .peak(timeConstant: .seconds(10), failurePenalty: .seconds(5)))
        #expect(LatencyEstimator.peak() != .decaying())
    }
}
