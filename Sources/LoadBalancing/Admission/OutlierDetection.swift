/// When a backend that does worse than the others is ejected, for how long, and how it comes back.
///
/// Outcomes are counted exactly, for each interval, where leases end; an average would hide bursts. Ejection is a fraction of
/// 0, so it is ignored in a panic, and whoever returns does so through ``SlowStart``, if there is such a rule. An
/// ejection lasts the base time multiplied by how often the backend was ejected in a row; each interval that it passes
/// without being ejected takes one off. All failures are of one kind, as in Envoy unless it is told to split them; cancelled
/// work does not count.
///
/// - Note: gRFC A50 and Envoy's outlier detection, with their defaults: both eject at once after
///   consecutive failures (Envoy only) and otherwise once an interval. Like gRPC's implementations, at least one may be
///   ejected, and none while the ejected are as many as ``largestEjectedShare`` or more.
public struct OutlierDetection: Hashable, Sendable {
    /// How often backends are compared: 10 s (A50, Envoy).
    public var interval: Duration
    /// How long the first ejection lasts: 30 s (A50, Envoy).
    public var baseEjectionTime: Duration
    /// The longest ejection: 300 s (A50, Envoy), or the base time if that is longer.
    public var longestEjectionTime: Duration
    /// The part of the backends that may be ejected: 0.1 (A50, Envoy), but at least one backend; 0 means none.
    public var largestEjectedShare: Double
    /// After so many failures in a row a backend is ejected at once: 5 (Envoy); `nil` means never.
    public var consecutiveFailures: Int?
    /// The rule about success rates; on by default (Envoy).
    public var successRate: SuccessRate?
    /// The rule about failures; off by default (Envoy, A50).
    public var failurePercentage: FailurePercentage?
    /// The rule about latencies; off by default, since no peer has one.
    public var latency: SlowBackends?
    /// Whether a health check that passes ends an ejection: true (Envoy's `successful_active_health_check_uneject_host`).
    public var healthCheckReturns: Bool

    /// Creates the rules with the peers' defaults.
    public init(
        interval: Duration = .seconds(10), baseEjectionTime: Duration = .seconds(30),
        longestEjectionTime: Duration = .seconds(300), largestEjectedShare: Double = 0.1,
        consecutiveFailures: Int? = 5, successRate: SuccessRate? = SuccessRate(),
        failurePercentage: FailurePercentage? = nil, latency: SlowBackends? = nil, healthCheckReturns: Bool = true
    ) {
        self.interval = interval
        self.baseEjectionTime = baseEjectionTime
        self.longestEjectionTime = longestEjectionTime
        self.largestEjectedShare = largestEjectedShare
        self.consecutiveFailures = consecutiveFailures
        self.successRate = successRate
        self.failurePercentage = failurePercentage
        self.latency = latency
        self.healthCheckReturns = healthCheckReturns
    }

    /// Ejects whose success rate is below mean − factor · standard deviation of all.
    public struct SuccessRate: Hashable, Sendable {
        /// 1.9 (A50, Envoy).
        public var deviationFactor: Double
        /// With fewer backends that have the volume, nobody is judged: 5 (A50, Envoy).
        public var minimumBackends: Int
        /// With fewer answers in the interval, a backend is not judged: 100 (A50, Envoy).
        public var minimumVolume: Int
        /// The probability that an outlier is ejected: 1 (A50, Envoy), for ramping the rule up.
        public var enforcement: Double

        /// Creates the rule.
        public init(
            deviationFactor: Double = 1.9, minimumBackends: Int = 5, minimumVolume: Int = 100, enforcement: Double = 1
        ) {
            self.deviationFactor = deviationFactor
            self.minimumBackends = minimumBackends
            self.minimumVolume = minimumVolume
            self.enforcement = enforcement
        }
    }

    /// Ejects whose failures reach a part of its answers, whatever the others do.
    public struct FailurePercentage: Hashable, Sendable {
        /// The part of the answers that are failures: 0.85 (A50, Envoy).
        public var threshold: Double
        /// In a set with fewer backends nobody is judged: 5 (A50, Envoy).
        public var minimumBackends: Int
        /// With fewer answers in the interval, a backend is not judged: 50 (A50, Envoy).
        public var minimumVolume: Int
        /// The probability that an outlier is ejected: 1 (A50).
        public var enforcement: Double

        /// Creates the rule.
        public init(
            threshold: Double = 0.85, minimumBackends: Int = 5, minimumVolume: Int = 50, enforcement: Double = 1
        ) {
            self.threshold = threshold
            self.minimumBackends = minimumBackends
            self.minimumVolume = minimumVolume
            self.enforcement = enforcement
        }
    }

    /// Ejects whose latency average is far above the median of all.
    ///
    /// ``SoftDrain`` is the gentler answer to the same trouble: it takes away only as much work as makes the backend answer
    /// in time. The defaults are our own, since no peer has such a rule: they let pass what a backend with twice the load of the
    /// others shows, and what chance makes of some answers.
    public struct SlowBackends: Hashable, Sendable {
        /// How many times the median: 5 unless told otherwise.
        public var factor: Double
        /// Below this nobody is slow: 10 ms unless told otherwise.
        public var leastLatency: Duration
        /// With fewer backends that have the volume, nobody is judged: 5 unless told otherwise.
        public var minimumBackends: Int
        /// With fewer answers in the interval, a backend is not judged: 20 unless told otherwise.
        public var minimumVolume: Int

        /// Creates the rule.
        public init(
            factor: Double = 5, leastLatency: Duration = .milliseconds(10), minimumBackends: Int = 5,
            minimumVolume: Int = 20
        ) {
            self.factor = factor
            self.leastLatency = leastLatency
            self.minimumBackends = minimumBackends
            self.minimumVolume = minimumVolume
        }
    }
}

extension OutlierDetection {
    /// How long an ejection lasts that is the `multiplier`th.
    func ejectionTime(multiplier: Int) -> Duration {
        let longest = max(baseEjectionTime, longestEjectionTime)
        // Whoever was ejected so often has reached the longest time long since.
        return min(baseEjectionTime * min(multiplier, 1 << 20), longest)
    }

    /// Whether one more backend may be ejected.
    func mayEject(ejected: Int, of count: Int) -> Bool {
        count > 0 && Double(ejected) < largestEjectedShare * Double(count)
    }
}
