extension BalancerPreset {
    /// How a target group of an AWS Application Load Balancer chooses.
    public enum ALBAlgorithm: String, Hashable, Sendable, CaseIterable {
        /// In turn; the default.
        case roundRobin = "round_robin"
        /// The fewest requests in flight.
        case leastOutstandingRequests = "least_outstanding_requests"
        /// At random.
        case weightedRandom = "weighted_random"
    }

    /// A target group of an AWS Application Load Balancer.
    ///
    /// - `slow_start.duration_seconds`: 0, or 30 … 900 s, in a line; there with round robin only, here with any.
    /// - `deregistration_delay.timeout_seconds`: 300, 0 … 3600; over early when nothing is in flight, as
    ///   ``Balancer/drain(_:within:)`` is.
    /// - `target_group_health.unhealthy_state_routing.minimum_healthy_targets.count`: 1; if nobody is healthy, all are
    ///   used.
    /// - `anomaly_mitigation`: takes load off targets that fail more than the others: ``OutlierDetection``. Its rule is
    ///   not public.
    /// - `stickiness.lb_cookie.duration_seconds`: 86400, 1 … 604800, refreshed with each request:
    ///   ``SessionLifetime/maximumIdle``, with a ``SessionLifetime/refreshInterval`` of zero.
    ///
    /// - Parameters:
    ///   - algorithm: how targets are chosen.
    ///   - slowStart: how long targets warm up; zero for not at all.
    ///   - mitigatesAnomalies: with ``ALBAlgorithm/weightedRandom``, whether targets that fail more than others get
    ///     less.
    ///   - stickiness: how long sessions last; `nil` for none.
    ///   - deregistrationDelay: how long targets drain.
    /// - Returns: the preset; times that are out of range there are clamped.
    public static func awsALB(
        _ algorithm: ALBAlgorithm = .roundRobin, slowStart: Duration = .zero, mitigatesAnomalies: Bool = false,
        stickiness: Duration? = nil, deregistrationDelay: Duration = .seconds(300)
    ) -> BalancerPreset {
        var resilience = Resilience(panicThreshold: nobodyHealthy)
        if slowStart > .zero {
            resilience.slowStart = SlowStart(window: min(max(slowStart, .seconds(30)), .seconds(900)))
        }
        if mitigatesAnomalies, algorithm == .weightedRandom { resilience.outliers = OutlierDetection() }
        let policy: AnyPolicy =
            switch algorithm {
            case .roundRobin: .roundRobin
            case .leastOutstandingRequests: .leastConnections
            case .weightedRandom: .weightedRandom
            }
        return BalancerPreset(
            policy: policy, resilience: resilience,
            drainTime: min(max(deregistrationDelay, .zero), .seconds(3_600)),
            sessions: stickiness.map { time in
                SessionLifetime(maximumIdle: min(max(time, .seconds(1)), .seconds(604_800)), refreshInterval: .zero)
            })
    }

    /// A target group of an AWS Network Load Balancer: a hash of the flow, the sequence number of TCP among it.
    ///
    /// - `stickiness.type = source_ip`: the address alone is hashed.
    /// - Flows that are there stay where they are only as far as the caller keeps them; the hash is ``Rendezvous``, so
    ///   that few others move.
    ///
    /// - Parameters:
    ///   - sticksToSource: whether a client's address alone decides.
    ///   - deregistrationDelay: how long targets drain.
    /// - Returns: the preset.
    public static func awsNLB(
        sticksToSource: Bool = false, deregistrationDelay: Duration = .seconds(300)
    ) -> BalancerPreset {
        BalancerPreset(
            policy: .rendezvous, resilience: Resilience(panicThreshold: nobodyHealthy),
            drainTime: min(max(deregistrationDelay, .zero), .seconds(3_600)),
            distribution: sticksToSource ? .source : .flowWithSequence)
    }
}
