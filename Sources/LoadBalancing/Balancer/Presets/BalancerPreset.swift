/// A policy with rules, named after the service of a cloud that behaves like it.
///
///     let preset = BalancerPreset.awsALB(.leastOutstandingRequests, slowStart: .seconds(60))
///     let balancer = try LoadBalancer(policy: preset.policy, backends: backends, resilience: preset.resilience)
///     // …
///     await balancer.drain(id, within: preset.drainTime)
///
/// Presets follow what the services document; what they do inside is theirs. Where a setting has no counterpart, the
/// preset's documentation says so.
public struct BalancerPreset: Sendable {
    /// How backends are chosen.
    public var policy: AnyPolicy
    /// What is done about backends that are new, slow or sick.
    public var resilience: Resilience
    /// How long a backend drains before it is taken away.
    public var drainTime: Duration
    /// How long a session stays with its backend, where there are sessions.
    public var sessions: SessionLifetime?
    /// What of a flow is hashed, for balancers of packets.
    public var distribution: FlowTuple.Distribution?

    /// Creates a preset of your own.
    public init(
        policy: AnyPolicy, resilience: Resilience = Resilience(), drainTime: Duration = .seconds(300),
        sessions: SessionLifetime? = nil, distribution: FlowTuple.Distribution? = nil
    ) {
        self.policy = policy
        self.resilience = resilience
        self.drainTime = drainTime
        self.sessions = sessions
        self.distribution = distribution
    }

    /// The panic threshold of those who fail open only when nobody is healthy: of any number of backends, less than
    /// one.
    static let nobodyHealthy = 1e-9
}
