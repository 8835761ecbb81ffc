import LoadBalancing
import Testing

@Suite struct EWMATests {
    /// α · sample + (1 − α) · average, worked by hand.
    @Test(
        arguments: [
            (alpha: 0.5, samples: [], average: nil),
            (alpha: 0.5, samples: [10], average: 10),
            (alpha: 0.5, samples: [10, 20], average: 15),
            (alpha: 0.5, samples: [10, 20, 40], average: 27.5),
            (alpha: 0.25, samples: [100, 0, 0], average: 56.25),
            (alpha: 0.25, samples: [100, 0, .nan, 0], average: 56.25),
            (alpha: 0.25, samples: [.nan], average: nil),
            (alpha: 0, samples: [10, 20, 40], average: 10),
            (alpha: 1, samples: [10, 20, 40], average: 40),
            // Clamped; NaN learns nothing.
            (alpha: 7, samples: [10, 20], average: 20),
            (alpha: -1, samples: [10, 20], average: 10),
            (alpha: .nan, samples: [10, 20], average: 10),
        ] as [(alpha: Double, samples: [Double], average: Double?)])
    func averages(alpha: Double, samples: [Double], average: Double?) {
        var ewma = EWMA(alpha: alpha)
        for sample in samples { ewma.add(sample) }
        #expect(ewma.value == average)
    }

    /// ln 2 / −ln 0.9 = 6.6 samples.
    @Test func halfIsForgottenBetweenTheSixthAndTheSeventhSample() {
        var ewma = EWMA(alpha: 0.1)
        ewma.add(1)
        var values: [Double] = []
        for _ in 0..<7 {
            ewma.add(0)
            values.append(ewma.value ?? 1)
        }
        #expect(values[5] > 0.5 && values[6] < 0.5, "\(values)")
    }
}

@Suite struct DecayingEWMATests {
    /// After Δ the old value keeps e^(−Δ/τ), a half after τ · ln 2 = 6.931 s for τ = 10 s.
    ///
    /// What is lost is good to 5 · 10⁻³, in this range to 2 · 10⁻⁴.
    @Test(
        arguments: [
            (seconds: 0, sample: 50, average: 100),
            (seconds: 6.931_471_8, sample: 0, average: 50),
            (seconds: 13.862_943_6, sample: 0, average: 25),
            (seconds: 6.931_471_8, sample: 60, average: 80),
            (seconds: 6.931_471_8, sample: 300, average: 200),
            (seconds: 10, sample: 0, average: 36.787_944),
            (seconds: 1_000_000, sample: 7, average: 7),
            (seconds: -5, sample: 50, average: 100),
            (seconds: 3, sample: .nan, average: 100),
        ] as [(seconds: Double, sample: Double, average: Double)])
    func fadesWithTime(seconds: Double, sample: Double, average: Double) throws {
        var ewma = DecayingEWMA(timeConstant: .seconds(10))
        ewma.add(100, at: .seconds(100))
        ewma.add(sample, at: .seconds(100 + seconds))
        #expect(abs(try #require(ewma.value) - average) <= 2e-4 * max(100, abs(sample.isNaN ? 0 : sample)))
    }

    @Test func isNothingWithoutASample() {
        var ewma = DecayingEWMA(timeConstant: .seconds(1))
        #expect(ewma.value == nil)
        ewma.add(.nan, at: .seconds(1))
        #expect(ewma.value == nil)
        ewma.add(3, at: .seconds(2))
        #expect(ewma.value == 3)
    }

    /// Time that went back and comes again is not counted twice.
    @Test func timeThatGoesBackCountsAsNoTime() throws {
        var ewma = DecayingEWMA(timeConstant: .seconds(10))
        ewma.add(100, at: .seconds(100))
        ewma.add(0, at: .seconds(90))
        #expect(ewma.value == 100)
        ewma.add(0, at: .seconds(100))
        #expect(ewma.value == 100)
        ewma.add(0, at: .seconds(106.931_471_8))
        #expect(abs(try #require(ewma.value) - 50) <= 0.02)
    }

    /// Ten thousand samples within the half-life weigh as much together as one that covers it.
    @Test func manySamplesWeighAsMuchAsTheirTime() throws {
        var many = DecayingEWMA(timeConstant: .seconds(10))
        many.add(100, at: .seconds(0))
        for step in 1...10_000 { many.add(0, at: .seconds(6.931_471_8 * Double(step) / 10_000)) }
        // Each step's relative error is below 2 · 10⁻⁴ of the step's own decay, 7 · 10⁻⁵, or of rounding near 1.
        #expect(abs(try #require(many.value) - 50) < 0.5)
    }

    @Test(
        arguments: [
            (timeConstant: .seconds(10), halfLife: 6.931_471_805_6),
            (timeConstant: .milliseconds(100), halfLife: 0.069_314_718),
            (timeConstant: .zero, halfLife: 0.693e-9),
            (timeConstant: .seconds(-3), halfLife: 0.693e-9),
        ] as [(timeConstant: Duration, halfLife: Double)])
    func halfLifeIsTheTimeConstantTimesLogarithmOfTwo(timeConstant: Duration, halfLife: Double) {
        let ewma = DecayingEWMA(timeConstant: timeConstant)
        #expect(ewma.timeConstant >= .nanoseconds(1))
        #expect(abs(ewma.halfLife / .seconds(1) - halfLife) <= 1e-3 * halfLife)
    }
}
