extension BalancerPreset {
    /// The `localityLbPolicy` of a Google Cloud backend service.
    public enum GooglePolicy: String, Hashable, Sendable, CaseIterable {
        /// In turn; the default.
        case roundRobin = "ROUND_ROBIN"
        /// The fewer requests of two drawn.
        case leastRequest = "LEAST_REQUEST"
        /// At random.
        case random = "RANDOM"
        /// By a ring of hashes: ``HashRing``, of this package's own dialect.
        case ringHash = "RING_HASH"
        /// By a table of hashes: ``MaglevTable``, of this package's own dialect.
        case maglev = "MAGLEV"
        /// In turn, by weights that backends report: ``ReportedWeights``.
        case weightedRoundRobin = "WEIGHTED_ROUND_ROBIN"
    }

    /// A backend service of Google Cloud, within a zone; ``TierRules/google(failoverThreshold:zones:)`` is about
    /// several.
    ///
    /// - `connectionDraining.drainingTimeoutSec`: 300 s; up to 3600.
    public static func google(
        _ policy: GooglePolicy = .roundRobin, drainingTimeout: Duration = .seconds(300)
    ) -> BalancerPreset {
        let chosen: AnyPolicy =
            switch policy {
            case .roundRobin: .roundRobin
            case .leastRequest: .powerOfTwoChoices
            case .random: .random
            case .ringHash: .ringHash
            case .maglev: .maglev
            case .weightedRoundRobin: .smoothWeightedRoundRobin
            }
        return BalancerPreset(policy: chosen, drainTime: min(max(drainingTimeout, .zero), .seconds(3_600)))
    }
}

extension TierRules {
    /// Whether traffic may leave the nearest place: Google's `serviceLbPolicies.isolationConfig`.
    public enum GoogleIsolation: String, Hashable, Sendable, CaseIterable {
        /// It may not, not even if nobody is left there.
        case strict = "STRICT"
        /// It may, when the nearest cannot take it.
        case nearest = "NEAREST"
    }

    /// Google's failover between regions or zones, of which the nearest has priority 0.
    ///
    /// - `failoverConfig.failoverHealthThreshold`: 70; below it traffic spills over, in proportion: a place carries its
    ///   load with that part of its backends. 50 for classic and proxyless ones.
    /// - `isolationConfig`: with `STRICT`, give ``TieredBalancer`` the backends of priority 0 only:
    ///   ``GoogleIsolation/kept(of:)``.
    ///
    /// - Parameters:
    ///   - failoverThreshold: the part of a place's backends with which it carries its whole load.
    ///   - zones: how zones of equal priority share.
    /// - Returns: the rules.
    public static func google(failoverThreshold: Double = 0.7, zones: ZoneSharing = .byBackends) -> TierRules {
        TierRules(zones: zones, overprovisioning: 1 / failoverThreshold.clamped(to: 0.01...0.99))
    }
}

extension TierRules.GoogleIsolation {
    /// The backends that traffic may go to.
    public func kept<Endpoint>(of backends: [PlacedBackend<Endpoint>]) -> [PlacedBackend<Endpoint>] {
        self == .strict ? backends.filter { $0.place.priority == 0 } : backends
    }
}
