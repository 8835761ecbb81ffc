extension SiteSelector {
    /// F5 DNS: how a pool or a wide IP chooses.
    public enum F5: String, Hashable, Sendable, CaseIterable {
        /// The first that is up.
        case globalAvailability = "global-availability"
        /// By ratio.
        case ratio
        /// Each equally often.
        case roundRobin = "round-robin"
        /// By area.
        case topology
        /// By the resolver's network, always the same.
        case staticPersist = "static-persist"
        /// The most capacity.
        case virtualServerCapacity = "vs-capacity"
        /// The best ``SiteMetric/score``.
        case virtualServerScore = "vs-score"
        /// The quickest.
        case roundTripTime = "round-trip-time"
        /// The fewest ``SiteMetric/hops``.
        case hops
        /// The best ``SiteMetric/completionRate``.
        case completionRate = "completion-rate"
        /// The least busy processors: ``SiteMetric/cpu``.
        case cpu
        /// The fewest ``SiteMetric/kilobytesPerSecond``.
        case kilobytesPerSecond = "kilobytes-per-second"
        /// The fewest ``SiteMetric/connections``.
        case leastConnections = "least-connections"
        /// The lowest ``SiteMetric/packetRate``.
        case packetRate = "packet-rate"
        /// By several figures in one: ``SiteSelector/f5Quality``.
        case qualityOfService = "quality-of-service"
        /// A fixed site, which nobody probes.
        case fallbackIP = "fallback-ip"
        /// No site: the name server answers by what else stands at the name.
        case returnToDNS = "return-to-dns"
        /// No answer at all, also where other methods would have one.
        case drop = "drop-packet"
        /// No site: the next method has its turn.
        case skip = "none"
    }

    /// What F5's quality of service counts, with the coefficients that it comes with.
    ///
    /// Their sum decides, of figures that go from 0 to 10. How F5 brings them there is not documented; here the best site has
    /// 10, and the others in proportion to it.
    public static let f5Quality = [
        SiteQuality(.latency, coefficient: 50, isBestWhenLeast: true), SiteQuality(.linkCapacity, coefficient: 30),
        SiteQuality(.completionRate, coefficient: 5),
        SiteQuality(.kilobytesPerSecond, coefficient: 3, isBestWhenLeast: true),
        SiteQuality(.packetRate, coefficient: 1, isBestWhenLeast: true), SiteQuality(.area, coefficient: 0),
        SiteQuality(.hops, coefficient: 0, isBestWhenLeast: true), SiteQuality(.room, coefficient: 0),
    ]

    /// F5's methods in turn: the first that finds somebody, or refuses to.
    ///
    /// A method that goes by a figure finds nobody where that is known of nobody.
    ///
    /// - Parameters:
    ///   - preferred: the method tried first.
    ///   - alternate: tried if that finds nobody.
    ///   - fallback: tried if that does not either, without regard to health, as there.
    ///   - quality: what ``F5/qualityOfService`` counts.
    ///   - fallbackSite: what ``F5/fallbackIP`` answers.
    /// - Returns: the chain.
    public static func f5(
        preferred: F5, alternate: F5 = .roundRobin, fallback: F5 = .globalAvailability,
        quality: [SiteQuality] = f5Quality, fallbackSite: Site? = nil
    ) -> SiteSelector {
        func steps(_ method: F5) -> [SiteFilter] { Self.steps(of: method, quality, fallbackSite) }
        return SiteSelector(
            checked: [
                .bound,
                .either([
                    [.up(floor: 0)] + steps(preferred), [.up(floor: 0)] + steps(alternate),
                    [.notInMaintenance] + steps(fallback),
                ]), .first(1),
            ])
    }

    private static func steps(of method: F5, _ quality: [SiteQuality], _ fallbackSite: Site?) -> [SiteFilter] {
        switch method {
        case .globalAvailability: [.priority]
        case .ratio: [.weighted()]
        case .roundRobin: [.shuffled()]
        case .topology: [.area]
        case .staticPersist: [.shuffled(ClientGrouping(ipv4Length: 24, ipv6Length: 64))]
        case .virtualServerCapacity: [.measured(.room), .most(.room)]
        case .virtualServerScore: [.measured(.score), .most(.score)]
        case .roundTripTime: [.measured(.latency), .least(.latency)]
        case .hops: [.measured(.hops), .least(.hops)]
        case .completionRate: [.measured(.completionRate), .most(.completionRate)]
        case .cpu: [.measured(.cpu), .least(.cpu)]
        case .kilobytesPerSecond: [.measured(.kilobytesPerSecond), .least(.kilobytesPerSecond)]
        case .leastConnections: [.least(.connections)]
        case .packetRate: [.measured(.packetRate), .least(.packetRate)]
        case .qualityOfService: [.quality(quality)]
        case .fallbackIP: [.instead(fallbackSite.map { [$0] } ?? [])]
        case .returnToDNS: [.refuse(.pass)]
        case .drop: [.refuse(.drop)]
        case .skip: [.first(0)]
        }
    }
}
