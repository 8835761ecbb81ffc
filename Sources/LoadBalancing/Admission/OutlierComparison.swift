/// Why a backend was ejected.
public enum EjectionReason: String, Hashable, Sendable, CaseIterable {
    /// So many failures in a row: ``OutlierDetection/consecutiveFailures``.
    case consecutiveFailures
    /// ``OutlierDetection/SuccessRate``
    case successRate
    /// ``OutlierDetection/FailurePercentage``
    case failurePercentage
    /// ``OutlierDetection/SlowBackends``
    case latency
}

/// What one backend did in an interval.
struct OutlierSample {
    var index: Int
    var successes: UInt64 = 0
    var failures: UInt64 = 0
    /// The latency average in nanoseconds; `nil` if nothing was measured.
    var latency: Double?

    var volume: UInt64 { successes + failures }
    var successRate: Double { volume > 0 ? Double(successes) / Double(volume) : 1 }
}

/// Finds the outliers of an interval.
///
/// - Note: gRFC A50, *Success Rate Algorithm* and *Failure Percentage Algorithm*; the standard deviation is that of the
///   whole population, as in Envoy. A failure percentage that is equal to the threshold ejects: A50's text has it both ways, Envoy
///   does.
extension OutlierDetection {
    /// The backends to eject, the rules one after another, each in the order of the samples.
    func outliers(
        among samples: [OutlierSample], of count: Int, using generator: inout SeededGenerator
    ) -> [(index: Int, reason: EjectionReason)] {
        var outliers: [(index: Int, reason: EjectionReason)] = []
        func judge(
            _ samples: [OutlierSample], _ reason: EjectionReason, _ enforcement: Double,
            _ isOutlier: (OutlierSample) -> Bool
        ) {
            for sample in samples where isOutlier(sample) && draws(enforcement, &generator) {
                outliers.append((sample.index, reason))
            }
        }
        if let rule = successRate {
            let judged = samples.filter { $0.volume >= UInt64(clamping: rule.minimumVolume) && $0.volume > 0 }
            if judged.count >= rule.minimumBackends, let threshold = rule.threshold(judged.map(\.successRate)) {
                judge(judged, .successRate, rule.enforcement) { $0.successRate < threshold }
            }
        }
        if let rule = failurePercentage, count >= rule.minimumBackends {
            let judged = samples.filter { $0.volume >= UInt64(clamping: rule.minimumVolume) && $0.volume > 0 }
            judge(judged, .failurePercentage, rule.enforcement) {
                Double($0.failures) >= rule.threshold * Double($0.volume)
            }
        }
        if let rule = latency {
            let judged = samples.filter { $0.volume >= UInt64(clamping: rule.minimumVolume) && $0.latency != nil }
            if judged.count >= rule.minimumBackends, let median = judged.compactMap(\.latency).median {
                let limit = max(rule.factor * median, Double(rule.leastLatency.wholeNanoseconds))
                judge(judged, .latency, 1) { $0.latency.map { $0 > limit } ?? false }
            }
        }
        return outliers
    }

    private func draws(_ probability: Double, _ generator: inout SeededGenerator) -> Bool {
        probability >= 1 || Double.random(in: 0..<1, using: &generator) < probability
    }
}

extension OutlierDetection.SuccessRate {
    /// Below this a success rate is an outlier; `nil` without rates.
    func threshold(_ rates: [Double]) -> Double? {
        guard !rates.isEmpty else { return nil }
        let mean = rates.reduce(0, +) / Double(rates.count)
        let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count)
        return mean - deviationFactor * variance.squareRoot()
    }
}

extension [Double] {
    /// The value in the middle; the lower of two.
    var median: Double? {
        isEmpty ? nil : sorted()[(count - 1) / 2]
    }
}
