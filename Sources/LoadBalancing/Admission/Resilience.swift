/// What a balancer does about backends that are new, slow or sick: one value, given when it is created.
///
///     var resilience = Resilience()
///     resilience.slowStart = SlowStart(window: .seconds(30))
///     let balancer = try LoadBalancer(policy: .roundRobin, backends: backends, resilience: resilience)
///     let task = Task { await balancer.run() }
///
/// Each rule works with every policy. What is left at its default of `nil` is off, and off costs nothing; only the panic
/// threshold is always there, and without rules nobody is ever unhealthy. ``AdmissionProposals`` says how the rules go together.
public struct Resilience: Hashable, Sendable {
    /// The part of the backends that has to be healthy, or else health, ejections and all other fractions are ignored, so that
    /// the few that are left are not overloaded: 0.5 unless told otherwise; 0 means never.
    ///
    /// Counted as backends, of those that have a weight and whose gates are open.
    ///
    /// - Note: Envoy's `healthy_panic_threshold`, 50 %.
    public var panicThreshold: Double
    /// How newcomers, and whoever comes back, get to their whole share.
    public var slowStart: SlowStart?

    /// Creates a configuration in which everything is off but the panic threshold.
    public init(panicThreshold: Double = 0.5, slowStart: SlowStart? = nil) {
        self.panicThreshold = panicThreshold
        self.slowStart = slowStart
    }

    /// Whether any rule may propose anything.
    var isActive: Bool { slowStart != nil }

    /// Whether any rule moves with time.
    var isTimed: Bool { slowStart != nil }

    /// How long nothing changes that anybody would notice: a second, or a fiftieth of the slow start.
    var tickInterval: Duration {
        let window = slowStart.map { $0.window / 50 } ?? .seconds(1)
        return max(.milliseconds(1), min(.seconds(1), window))
    }

    /// Whether so few are healthy that fractions are ignored.
    func panics(healthy: Int, of candidates: Int) -> Bool {
        candidates > 0 && Double(healthy) < panicThreshold * Double(candidates)
    }
}
