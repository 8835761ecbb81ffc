/// What a balancer does about backends that are new, slow or sick, and about too much work: one value, given when it is
/// created.
///
///     var resilience = Resilience.recommended
///     resilience.limits = ConcurrencyLimits(perBackend: 100)
///     let balancer = try LoadBalancer(policy: .roundRobin, backends: backends, resilience: resilience)
///     async let running: Void = balancer.run()
///
/// Each rule works with every policy. What is `nil` is off, and off costs nothing; only the panic threshold is always
/// there, and without rules nobody is ever unhealthy. ``AdmissionProposals`` says how the rules go together.
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
    /// When a backend that does worse than the others is ejected.
    public var outliers: OutlierDetection?
    /// How work is taken off backends that are slower than the others.
    public var softDrain: SoftDrain?
    /// How ``Balancer/runHealthChecks(_:)`` probes; nothing is probed without that call.
    public var healthChecks: HealthChecks
    /// How much work may be in flight.
    public var limits: ConcurrencyLimits?
    /// How many retries `withBackend` may make.
    public var retryBudget: RetryBudget?
    /// Whether latencies are kept in a histogram for each backend: ``BackendSnapshot/latencies``.
    ///
    /// 2 KB a backend, and two atomic additions and, with policies that look at no latencies, two readings of the clock for
    /// each lease.
    public var keepsHistograms: Bool

    /// Creates a configuration in which everything that is not given is off but the panic threshold.
    public init(
        panicThreshold: Double = 0.5, slowStart: SlowStart? = nil, outliers: OutlierDetection? = nil,
        softDrain: SoftDrain? = nil, healthChecks: HealthChecks = HealthChecks(), limits: ConcurrencyLimits? = nil,
        retryBudget: RetryBudget? = nil, keepsHistograms: Bool = false
    ) {
        self.panicThreshold = panicThreshold
        self.slowStart = slowStart
        self.outliers = outliers
        self.softDrain = softDrain
        self.healthChecks = healthChecks
        self.limits = limits
        self.retryBudget = retryBudget
        self.keepsHistograms = keepsHistograms
    }

    /// What suits most services: slow start, outlier detection and a retry budget with the defaults, and nothing that reads a
    /// clock for each lease.
    public static var recommended: Resilience {
        Resilience(slowStart: SlowStart(), outliers: OutlierDetection(), retryBudget: .share())
    }
}

extension Resilience {
    /// Whether any rule may propose anything without being asked to.
    var isActive: Bool { slowStart != nil || outliers != nil || softDrain != nil }

    /// Whether any rule moves with time.
    var isTimed: Bool { isActive }

    /// How long nothing changes that anybody would notice: a second, or a fiftieth of the slow start.
    var tickInterval: Duration {
        var interval = Duration.seconds(1)
        if let slowStart { interval = min(interval, slowStart.window / 50) }
        if let outliers { interval = min(interval, outliers.interval) }
        return max(.milliseconds(1), interval)
    }

    /// How latencies are averaged where the policy does not say.
    var estimator: LatencyEstimator? {
        softDrain?.estimator ?? (outliers?.latency != nil ? SoftDrain.defaultEstimator : nil)
    }

    /// Whether so few are healthy that fractions are ignored.
    func panics(healthy: Int, of candidates: Int) -> Bool {
        candidates > 0 && Double(healthy) < panicThreshold * Double(candidates)
    }
}
