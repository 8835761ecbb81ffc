/// The exponentially weighted moving average, as the literature gives it: EWMA_t = α · sample + (1 − α) · EWMA_{t−1}.
///
/// Every sample weighs the same, however much time lies between two. After k samples the first has a weight of
/// (1 − α)ᵏ; half is left after ln 2 / −ln(1 − α) samples (6.6 for α = 0.1).
///
/// - Note: Roberts, *Control Chart Tests Based on Geometric Moving Averages*, 1959.
public struct EWMA: Hashable, Sendable {
    /// The weight of a new sample, from 0 (nothing is learned) to 1 (nothing is remembered).
    public let alpha: Double
    /// The average; `nil` before the first sample, which it starts from.
    public private(set) var value: Double?

    /// Creates an average without samples; `alpha` is clamped to 0 … 1.
    public init(alpha: Double) {
        self.alpha = alpha.clamped(to: 0...1)
    }

    /// Takes a sample in; NaN is ignored.
    public mutating func add(_ sample: Double) {
        guard !sample.isNaN else { return }
        value = value.map { alpha * sample + (1 - alpha) * $0 } ?? sample
    }
}

/// A moving average whose memory fades with time, not with the number of samples.
///
/// A sample that comes Δ after the one before has the weight 1 − e^(−Δ/τ), so bursts of samples count together as much as
/// the time they cover. τ is the *time constant*; the half-life is τ · ln 2 (6.9 s for τ = 10 s).
///
/// - Note: the filter of the Unix load average; Finagle's and linkerd's latency average without the peak rule.
public struct DecayingEWMA: Hashable, Sendable {
    /// τ: after this time, 1/e of an old value is left.
    public let timeConstant: Duration
    /// The average; `nil` before the first sample.
    public private(set) var value: Double?
    private var last = Timestamp(nanoseconds: 0)

    /// The time in which an old value loses half of its weight: τ · ln 2.
    public var halfLife: Duration {
        timeConstant * 0.693_147_180_559_945_3
    }

    /// Creates an average without samples; a time constant below 1 ns counts as 1 ns.
    public init(timeConstant: Duration) {
        self.timeConstant = max(timeConstant, .nanoseconds(1))
    }

    /// Takes in a sample that was measured at `time`; NaN is ignored, and time that goes back counts as no time.
    public mutating func add(_ sample: Double, at time: Timestamp) {
        guard !sample.isNaN else { return }
        guard let old = value else {
            value = sample
            last = time
            return
        }
        let elapsed = Double(time.nanoseconds(since: last))
        let lost = Double(Decay.lost(Float(elapsed / Double(timeConstant.wholeNanoseconds))))
        value = old + (sample - old) * lost
        last = max(last, time)
    }
}

extension Double {
    /// The nearest value in `range`; its lower end for NaN.
    @usableFromInline
    func clamped(to range: ClosedRange<Double>) -> Double {
        self >= range.lowerBound ? Swift.min(self, range.upperBound) : range.lowerBound
    }
}
