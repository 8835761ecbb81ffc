/// A policy that is chosen while the program runs: by value, or by name from a configuration.
///
///     let fixed: AnyPolicy = .leastConnections
///     let configured = try AnyPolicy(named: "peak-ewma")
///     let own = AnyPolicy(MyPolicy())
///
/// It decodes from a name, `"round-robin"`, or from an object with the policy's parameters:
/// `{"name": "peak-ewma", "estimator": {"method": "peak", "timeConstantSeconds": 5}}`. A policy by key may have a
/// `"loadFactor"` besides, which bounds loads: ``BoundedLoadPolicy``.
public struct AnyPolicy: Policy {
    /// The policy inside.
    public let base: any Policy

    /// Hides the type of a policy.
    public init(_ base: some Policy) {
        self.base = (base as? AnyPolicy)?.base ?? base
    }

    /// What the policy inside looks at.
    public var requirements: PolicyRequirements { base.requirements }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> AnyPicker {
        Self.picker(of: base, for: pool, seed: seed)
    }

    /// A picker for `pool`, for which the policy inside may have use for its old one.
    public func makePicker(for pool: borrowing BackendPool, replacing old: AnyPicker, seed: UInt64) -> AnyPicker {
        Self.picker(of: base, for: pool, replacing: old.base, seed: seed)
    }

    /// Whether the policy inside can work with a set.
    ///
    /// - Throws: ``BackendSetError``, if it cannot.
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {
        try base.check(backends)
    }

    private static func picker(of policy: some Policy, for pool: borrowing BackendPool, seed: UInt64) -> AnyPicker {
        AnyPicker(policy.makePicker(for: pool, seed: seed))
    }

    private static func picker<Chosen: Policy>(
        of policy: Chosen, for pool: borrowing BackendPool, replacing old: (any Picker)?, seed: UInt64
    ) -> AnyPicker {
        guard let old = old as? Chosen.P else { return picker(of: policy, for: pool, seed: seed) }
        return AnyPicker(policy.makePicker(for: pool, replacing: old, seed: seed))
    }
}

extension AnyPolicy {
    /// Everybody in turn: ``RoundRobin``.
    public static var roundRobin: AnyPolicy { AnyPolicy(RoundRobinPolicy()) }
    /// Everybody in turn, the heavier more often: ``SmoothWeightedRoundRobin``.
    public static var smoothWeightedRoundRobin: AnyPolicy { AnyPolicy(SmoothWeightedRoundRobinPolicy()) }
    /// Anybody: ``UniformRandom``.
    public static var random: AnyPolicy { AnyPolicy(UniformRandomPolicy()) }
    /// Anybody, by weight: ``WeightedRandom``.
    public static var weightedRandom: AnyPolicy { AnyPolicy(WeightedRandomPolicy()) }
    /// The fewest leases in flight for the weight: ``LeastConnections``.
    public static var leastConnections: AnyPolicy { AnyPolicy(LeastConnectionsPolicy()) }
    /// The least latency × (in flight + 1) / weight of all: ``LeastResponseTime``.
    public static var leastResponseTime: AnyPolicy { AnyPolicy(LeastResponseTimePolicy()) }
    /// The less loaded of two: ``PowerOfTwoChoices``.
    public static var powerOfTwoChoices: AnyPolicy { AnyPolicy(PowerOfTwoChoicesPolicy()) }
    /// The cheaper of two by latency: ``PeakEWMA``.
    public static var peakEWMA: AnyPolicy { AnyPolicy(PeakEWMAPolicy()) }
    /// The least cost by all that leases tell, and the policy to begin with: ``Adaptive``.
    public static var adaptive: AnyPolicy { AnyPolicy(AdaptivePolicy()) }
    /// The least score of C3's replica ranking: ``C3``.
    public static var c3: AnyPolicy { AnyPolicy(C3Policy()) }
    /// The best of those asked lately, by the loads that servers report: ``Prequal``.
    public static var prequal: AnyPolicy { AnyPolicy(PrequalPolicy()) }
    /// The key's hash modulo the weights: ``StaticHash``.
    public static var staticHash: AnyPolicy { AnyPolicy(StaticHashPolicy()) }
    /// nginx's plain `hash`: ``NginxHash``.
    public static var nginxHash: AnyPolicy { AnyPolicy(NginxHashPolicy()) }
    /// The backend that scores highest with the key: ``Rendezvous``.
    public static var rendezvous: AnyPolicy { AnyPolicy(RendezvousPolicy()) }
    /// The shard that the key jumps to: ``JumpHash``.
    public static var jumpHash: AnyPolicy { AnyPolicy(JumpHashPolicy()) }
    /// The backend nearest to one of several probes of the key: ``MultiProbeHash``.
    public static var multiProbe: AnyPolicy { AnyPolicy(MultiProbePolicy()) }
    /// Jump hash with a memory of who has gone: ``MementoHash``.
    public static var memento: AnyPolicy { AnyPolicy(MementoPolicy()) }
    /// The backend whose point on a ring comes next: ``HashRing``.
    public static var ringHash: AnyPolicy { AnyPolicy(RingHashPolicy()) }
    /// The owner of the key's slot in a table of exact shares: ``MaglevTable``.
    public static var maglev: AnyPolicy { AnyPolicy(MaglevPolicy()) }
}
