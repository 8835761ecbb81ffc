/// The selectors of others, as chains. What each does besides (probing, quorums, times to live) is in ``SiteMonitor``
/// and ``SiteDrain``.
extension SiteSelector {
    /// Amazon Route 53: what a record set does.
    public enum Route53: String, Hashable, Sendable, CaseIterable {
        /// By weight, 0 to 255; weights of 0 only if all others are down.
        case weighted
        /// The region that answers this network quickest.
        case latency
        /// The primary as long as it is up.
        case failover
        /// Subdivision, country, continent, default, or no answer.
        case geolocation
        /// The nearest, by distance less bias.
        case geoproximity
        /// Up to eight at random.
        case multivalue
        /// The longest block of addresses; else the default.
        case cidr
    }

    /// A policy of Route 53: what is down is left out, and if all are down none is.
    public static func route53(_ policy: Route53) -> SiteSelector {
        let rest: [SiteFilter] =
            switch policy {
            case .weighted: [.weighted(), .first(1)]
            case .latency: [.quickest(), .first(1)]
            case .failover: [.priority, .first(1)]
            case .geolocation: [.area, .first(1)]
            case .geoproximity: [.nearest(), .first(1)]
            case .multivalue: [.shuffled(), .first(8)]
            case .cidr: [.longestPrefix, .first(1)]
            }
        return SiteSelector(checked: [.up()] + rest)
    }

    /// Azure Traffic Manager: what a profile does.
    public enum TrafficManager: String, Hashable, Sendable, CaseIterable {
        /// In order of priority, 1 to 1000.
        case priority
        /// By weight, 1 to 1000.
        case weighted
        /// The lowest latency.
        case performance
        /// The endpoint of the client's area, also when it is degraded.
        case geographic
        /// All that are up.
        case multiValue
        /// The endpoint of the client's network.
        case subnet
    }

    /// A method of Traffic Manager: if all are degraded, all count as up.
    public static func trafficManager(_ method: TrafficManager) -> SiteSelector {
        let chain: [SiteFilter] =
            switch method {
            case .priority: [.up(), .priority, .first(1)]
            case .weighted: [.up(), .weighted(), .first(1)]
            case .performance: [.up(), .quickest(), .first(1)]
            case .geographic: [.notInMaintenance, .area, .first(1)]
            case .multiValue: [.up()]
            case .subnet: [.notInMaintenance, .longestPrefix, .first(1)]
            }
        return SiteSelector(checked: chain)
    }

    /// Cloudflare's load balancing: how pools are steered.
    public enum CloudflareSteering: String, Hashable, Sendable, CaseIterable {
        /// In the order given.
        case off
        /// By the client's area, with the others to fall back to.
        case geo
        /// At random, by weight.
        case random
        /// The quickest by measured round trips.
        case dynamicLatency = "dynamic_latency"
        /// The nearest.
        case proximity
        /// By weight and load.
        case leastOutstandingRequests = "least_outstanding_requests"
        /// By weight and ``SiteMetric/connections``.
        case leastConnections = "least_connections"
    }

    /// A steering policy of Cloudflare.
    ///
    /// - Parameters:
    ///   - steering: the policy.
    ///   - fallback: the fallback pool, which is told without regard to health where all others are down; without one, they
    ///     are told all the same.
    /// - Returns: the chain.
    public static func cloudflare(_ steering: CloudflareSteering, fallback: Site? = nil) -> SiteSelector {
        let rest = steps(of: steering)
        guard let fallback else { return SiteSelector(checked: [.bound, .up()] + rest + [.first(1)]) }
        return SiteSelector(
            checked: [.bound, .either([[.up(floor: 0)] + rest, [.instead([fallback])]]), .first(1)])
    }

    private static func steps(of steering: CloudflareSteering) -> [SiteFilter] {
        switch steering {
        case .off: [.priority]
        case .geo: [.either([[.area], [.priority]])]
        case .random: [.weighted()]
        case .dynamicLatency: [.quickest(tolerance: nil)]
        case .proximity: [.nearest(tolerance: nil)]
        case .leastOutstandingRequests: [byRoom { $0.load }]
        case .leastConnections: [byRoom { $0.metrics["connections"] ?? $0.load }]
        }
    }

    /// The greatest weight for the load first.
    private static func byRoom(_ load: @escaping @Sendable (Site) -> Double) -> SiteFilter {
        .score("room", of: .nothing) { site, _ in Double(max(site.weight, 0)) / (max(load(site), 0) + 1) }
    }

    /// Google's load balancing: how regions are filled.
    public enum GoogleSpread: String, Hashable, Sendable, CaseIterable {
        /// The nearest region until it is full, then the next.
        case waterfallByRegion = "WATERFALL_BY_REGION"
        /// The nearest zone until it is full, then the next.
        case waterfallByZone = "WATERFALL_BY_ZONE"
        /// Evenly over the zones of the nearest region.
        case sprayToRegion = "SPRAY_TO_REGION"
        /// Evenly over the world.
        case sprayToWorld = "SPRAY_TO_WORLD"
    }

    /// A spread of Google's, where a site is a zone and its ``Site/group`` the region.
    ///
    /// By region, all zones of the nearest region with room come first, and the one is chosen among them by weight.
    public static func google(_ spread: GoogleSpread) -> SiteSelector {
        let rest: [SiteFilter] =
            switch spread {
            case .waterfallByRegion: [.nearest(tolerance: nil), .waterfall(), .firstGroup, .weighted()]
            case .waterfallByZone: [.nearest(tolerance: nil), .waterfall()]
            case .sprayToRegion: [.nearest(tolerance: nil), .firstGroup, .weighted()]
            case .sprayToWorld: [.weighted()]
            }
        return SiteSelector(checked: [.up()] + rest + [.first(1)])
    }
}
