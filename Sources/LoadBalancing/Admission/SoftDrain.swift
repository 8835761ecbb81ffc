/// Takes work off a backend that answers more slowly than the others, as much as it is slower: against gray failures.
///
/// A backend whose latency average is above `tolerance` times the median of all gets the fraction
/// (tolerance · median / latency)², but not less than ``leastFraction``: what it gets is measured, so that it is seen when the
/// backend recovers. Who takes part of the work away early seldom has to eject.
///
/// - Note: our own, and so are its defaults; no peer has one for all policies.
public struct SoftDrain: Hashable, Sendable {
    /// How many times the median a latency average may be: 2 unless told otherwise.
    public var tolerance: Double
    /// The least fraction: 0.05 unless told otherwise.
    public var leastFraction: Double
    /// Below this nobody is slow: 1 ms unless told otherwise.
    public var leastLatency: Duration
    /// With fewer backends that were measured, nobody is judged: 3 unless told otherwise.
    public var minimumBackends: Int
    /// How latencies are averaged if the policy does not say: over 2 s, failures as long as they take.
    public var estimator: LatencyEstimator

    /// Creates the rule.
    public init(
        tolerance: Double = 2, leastFraction: Double = 0.05, leastLatency: Duration = .milliseconds(1),
        minimumBackends: Int = 3, estimator: LatencyEstimator = Self.defaultEstimator
    ) {
        self.tolerance = tolerance
        self.leastFraction = leastFraction
        self.leastLatency = leastLatency
        self.minimumBackends = minimumBackends
        self.estimator = estimator
    }

    /// Averages over 2 s, and failures as long as they take: failures are another rule's affair.
    public static var defaultEstimator: LatencyEstimator {
        .decaying(timeConstant: .seconds(2), failurePenalty: .zero)
    }

    /// The fraction for a latency where the median is `median`; both in nanoseconds.
    func fraction(latency: Double, median: Double) -> Double {
        let tolerated = max(tolerance * median, Double(leastLatency.wholeNanoseconds))
        guard latency > tolerated else { return 1 }
        let ratio = tolerated / latency
        return max(ratio * ratio, leastFraction.clamped(to: 0...1))
    }
}

extension AdmissionLedger {
    /// Takes work off the slow, and gives it back to whoever is not slow any more.
    mutating func drainSoftly(at time: Timestamp) {
        guard let rule = rules.softDrain else { return }
        let latencies = indices.map { latency(at: $0, time: time) }
        let measured = latencies.compactMap { $0 }
        guard measured.count >= rule.minimumBackends, let median = measured.median else { return }
        for (index, latency) in latencies.enumerated() {
            let fraction = latency.map { rule.fraction(latency: $0, median: median) } ?? 1
            propose(Admission(fraction: fraction), by: .softDrain, at: index)
        }
    }
}
