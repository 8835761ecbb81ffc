/// The policy to begin with: good on ordinary days, and not bad on any of the bad ones.
///
/// It looks at every lease's start, end and outcome, and at what servers report of their load if they do
/// (``Lease/finish(_:report:at:)``). A server that becomes slow, fails, is cold or comes back is recognised within some requests; nothing
/// has to be configured. <doc:WhyAdaptive> explains it, with what was measured.
public struct AdaptivePolicy: Policy, Hashable, Codable {
    /// The weight of a new latency in a backend's average.
    public var alpha: Double
    /// After this time without an answer a backend's average is forgotten, and the fleet's stands for it.
    public var fading: Duration
    /// So many times the fleet's latency get a backend suspended.
    public var latencyFactor: Double
    /// The shortest time between two trials of a suspended backend; the longest is twice that.
    public var trialInterval: Duration
    /// Up to so many backends all are looked at.
    public var scanLimit: Int
    /// How many are drawn where there are more.
    public var draws: Int

    /// Creates the policy.
    ///
    /// The defaults were searched for in simulations with seeds other than those that the documentation reports.
    ///
    /// - Parameters:
    ///   - alpha: the weight of a new latency, clamped to 0 … 1.
    ///   - fading: after this time without an answer an average is forgotten; at least 1 ms.
    ///   - latencyFactor: so many times the fleet's latency get a backend suspended; at least 1.
    ///   - trialInterval: the shortest time between two trials of a suspended backend.
    ///   - scanLimit: up to so many backends all are looked at.
    ///   - draws: how many are drawn where there are more, at least 2.
    public init(
        alpha: Double = 0.06, fading: Duration = .seconds(4), latencyFactor: Double = 2.5,
        trialInterval: Duration = .seconds(1), scanLimit: Int = 128, draws: Int = 4
    ) {
        self.alpha = alpha
        self.fading = fading
        self.latencyFactor = latencyFactor
        self.trialInterval = trialInterval
        self.scanLimit = scanLimit
        self.draws = draws
    }

    /// Latencies, ages, reports, and the time.
    public var requirements: PolicyRequirements {
        var requirements = PolicyRequirements(latency: .condition(alpha: alpha, fading: fading), needsTime: true)
        requirements.sumsAges = true
        requirements.reports = .others
        return requirements
    }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> Adaptive {
        Adaptive(for: pool, limits: AdaptiveLimits(self), seed: seed)
    }
}

/// An ``AdaptivePolicy``'s parameters in the units of a pick.
@frozen
@usableFromInline
struct AdaptiveLimits: Hashable, Sendable {
    /// What a latency loses in a unit of stamps.
    @usableFromInline let fading: Float
    /// Up to so many units nothing fades that would show: a hundredth.
    @usableFromInline let freshUnits: UInt32
    @usableFromInline let latencyFactor: Float
    /// The shortest time between two trials, in units of stamps.
    @usableFromInline let trialUnits: Float
    @usableFromInline let scanLimit: Int
    @usableFromInline let draws: Int

    init(_ policy: AdaptivePolicy) {
        let unit = Float(ConditionWord.unit)
        fading = unit / Float(max(policy.fading, .milliseconds(1)).wholeNanoseconds)
        freshUnits = UInt32(min(0.01 / fading, Float(ConditionWord.stampMask)))
        latencyFactor = Float(policy.latencyFactor.clamped(to: 1...1e6))
        trialUnits = Float(policy.trialInterval.wholeNanoseconds) / unit
        draws = max(policy.draws, 2)
        scanLimit = max(policy.scanLimit, draws)
    }
}
