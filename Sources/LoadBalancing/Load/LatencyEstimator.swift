/// How a backend's latency is averaged.
///
/// - Complexity: O(1) a sample and O(1) a reading, in one atomic word for each backend.
@frozen
public struct LatencyEstimator: Hashable, Sendable {
    @usableFromInline
    @frozen
    enum Method: UInt8, Sendable {
        case ewma, decaying, peak
        /// The plain average with failures and trials beside it (``ConditionWord``).
        case condition
    }

    @usableFromInline let method: Method
    @usableFromInline let alpha: Float
    /// 1 / τ for a τ in units of ``LatencyWord`` stamps.
    @usableFromInline let decayPerUnit: Float
    /// Up to so many units nothing fades that a reading would show: τ / 4096.
    @usableFromInline let negligibleUnits: UInt32
    /// The latency in nanoseconds that a failure counts as, at the least.
    @usableFromInline let penalty: Float

    @usableFromInline static let log2e: Float = 1.442_695

    /// What a failure counts as unless said otherwise: 5 s, linkerd's default.
    public static let defaultFailurePenalty = Duration.seconds(5)

    init(_ method: Method, alpha: Double = 1, timeConstant: Duration = .seconds(10), failurePenalty: Duration) {
        self.method = method
        self.alpha = Float(alpha.clamped(to: 0...1))
        let units = Double(max(timeConstant, .milliseconds(1)).wholeNanoseconds) / Double(LatencyWord.unit)
        decayPerUnit = Float(1 / units)
        negligibleUnits = UInt32(clamping: Int64(1 / (4_096 * Double(decayPerUnit))))
        penalty = Float(failurePenalty.wholeNanoseconds)
    }

    /// The plain average: α · sample + (1 − α) · average (``EWMA``).
    ///
    /// - Parameters:
    ///   - alpha: the weight of a new sample, clamped to 0 … 1.
    ///   - failurePenalty: what a failure counts as at the least, so that a server that fails fast does not look fast;
    ///     `.zero` takes failures as they are.
    /// - Returns: the estimator.
    public static func ewma(
        alpha: Double = 0.1, failurePenalty: Duration = defaultFailurePenalty
    ) -> LatencyEstimator {
        LatencyEstimator(.ewma, alpha: alpha, failurePenalty: failurePenalty)
    }

    /// The average whose memory fades with time (``DecayingEWMA``); half-life τ · ln 2.
    ///
    /// - Parameters:
    ///   - timeConstant: τ, at least 1 ms.
    ///   - failurePenalty: what a failure counts as at the least; `.zero` takes failures as they are.
    /// - Returns: the estimator.
    public static func decaying(
        timeConstant: Duration = .seconds(10), failurePenalty: Duration = defaultFailurePenalty
    ) -> LatencyEstimator {
        LatencyEstimator(.decaying, timeConstant: timeConstant, failurePenalty: failurePenalty)
    }

    /// The peak-sensitive average of Finagle: a sample above the average replaces it, one below pulls it down as in
    /// ``decaying(timeConstant:failurePenalty:)``; while nothing is measured, a reading sinks with the same half-life, τ · ln 2.
    ///
    /// A reading is a projection and changes nothing (in Finagle and tower it moves the time of the last sample, which
    /// switches the averaging off at high pick rates; linkerd2-proxy corrected that in 2026).
    ///
    /// - Parameters:
    ///   - timeConstant: τ, at least 1 ms; Finagle's default is 10 s.
    ///   - failurePenalty: what a failure counts as at the least; `.zero` takes failures as they are.
    /// - Returns: the estimator.
    public static func peak(
        timeConstant: Duration = .seconds(10), failurePenalty: Duration = defaultFailurePenalty
    ) -> LatencyEstimator {
        LatencyEstimator(.peak, timeConstant: timeConstant, failurePenalty: failurePenalty)
    }
}

extension LatencyEstimator {
    /// The word after one more sample.
    @inlinable
    @inline(__always)
    func word(after word: LatencyWord, sample: Float, at stamp: UInt32, outcome: Outcome) -> LatencyWord {
        let old = word.value
        var sample = max(sample, 1)
        if word.isUnmeasured {
            return LatencyWord(value: outcome == .failure ? max(sample, penalty) : sample, stamp: stamp)
        }
        switch outcome {
        case .success: break
        case .failure: if penalty > 0 { sample = max(sample, penalty, old) }
        // Whoever gave up waited at least this long: a lower bound, which raises the average, or else says nothing.
        case .cancelled: guard sample > reading(of: word, at: stamp) else { return word }
        }
        let value: Float
        switch method {
        case .ewma, .condition:
            value = old + alpha * (sample - old)
        case .decaying:
            value = old + (sample - old) * Decay.lost(Float(word.units(until: stamp)) * decayPerUnit)
        case .peak:
            value =
                sample >= old || outcome == .cancelled
                ? sample : old + (sample - old) * Decay.lost(Float(word.units(until: stamp)) * decayPerUnit)
        }
        // At least 1 also where rounding took a small sample off a large average: 0 stands for no measurement.
        return LatencyWord(value: max(value, 1), stamp: word.units(until: stamp) == 0 ? word.stamp : stamp)
    }

    /// Up to so many units since its last sample an average is read as it is.
    var freshUnits: UInt32 { method == .peak ? negligibleUnits : .max }

    /// The latency in nanoseconds that `word` stands for at `stamp`.
    @inlinable
    @inline(__always)
    func reading(of word: LatencyWord, at stamp: UInt32) -> Float {
        let units = word.units(until: stamp)
        guard method == .peak, units > negligibleUnits else { return word.value }
        return word.value * Decay.exp2(minus: Float(units) * decayPerUnit * Self.log2e)
    }
}
