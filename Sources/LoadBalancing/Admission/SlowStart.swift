/// How a backend that is new, or was away, comes to its whole share.
///
/// The fraction grows as max(least, (t / window)^(1 / aggression)): in a line for an aggression of 1, quickly at first for
/// more, slowly at first for less. The first set of a balancer needs none, nor does a set of which nobody stays: where
/// all are cold, nobody can take the others' share.
///
/// - Note: Envoy's *slow start mode*; its formula, its 10 % and its aggression of 1. Envoy knows no default window; 60 s is
///   what HAProxy's manual shows for `slowstart`. Here it works with every policy, Envoy's with two of them.
public struct SlowStart: Hashable, Sendable {
    /// How long it takes to the whole share: 60 s unless told otherwise.
    public var window: Duration
    /// The fraction to begin with: 0.1 unless told otherwise.
    public var leastFraction: Double
    /// How steeply the fraction grows at first: 1, a line, unless told otherwise.
    public var aggression: Double

    /// Creates the rule.
    public init(window: Duration = .seconds(60), leastFraction: Double = 0.1, aggression: Double = 1) {
        self.window = window
        self.leastFraction = leastFraction
        self.aggression = aggression
    }

    /// The fraction after a time; `nil` when the window is over.
    func fraction(after elapsed: Duration) -> Double? {
        guard window > .zero, window > elapsed else { return nil }
        let part = elapsed / window
        let least = leastFraction.clamped(to: 0...1)
        guard aggression > 0, aggression != 1, part > 1e-30 else { return max(least, part) }
        let exponent = -NaturalLogarithm.of(Float(part)) * LatencyEstimator.log2e / Float(aggression)
        return max(least, min(Double(Decay.exp2(minus: exponent)), 1))
    }
}
