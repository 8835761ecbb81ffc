extension SiteSelector {
    /// A filter of NS1's, with its options as they are by default; a record's filters are taken one after another.
    ///
    /// Regions are groups here (``Site/group``), and what sorts by chance sorts each client by an order of its own: the
    /// same at every query, and the same but for its share when a weight changes, where NS1 shuffles anew.
    public enum NS1: Hashable, Sendable {
        /// What is up.
        case up
        /// In order of distance, those of the client's part of the country, country or continent first.
        case geotargetCountry
        /// In order of distance.
        case geotargetLatitudeLongitude
        /// What is fenced to the client's area or, if none is, what is not fenced; the latter besides if `keepsUnfenced`.
        case geofence(keepsUnfenced: Bool = false)
        /// As ``geofence(keepsUnfenced:)``, by autonomous systems.
        case netfenceASN(keepsUnfenced: Bool = false)
        /// As ``geofence(keepsUnfenced:)``, by prefixes.
        case netfencePrefix(keepsUnfenced: Bool = false)
        /// The smallest priority number.
        case priority
        /// The cheapest first: ``SiteMetric/cost``.
        case cost
        /// A growing part of the clients goes elsewhere between the marks, which are parts of the capacity.
        case shedLoad(low: Double = 0.8, high: Double = 1)
        /// By chance.
        case shuffle
        /// By chance and weight.
        case weightedShuffle
        /// By the client's address or, `byNetwork`, the first 24 or 44 bits of it.
        case sticky(byNetwork: Bool = false)
        /// As ``sticky(byNetwork:)``, by weight.
        case weightedSticky(byNetwork: Bool = false)
        /// As ``sticky(byNetwork:)``, region by region.
        case stickyRegion(byNetwork: Bool = false)
        /// The first ones only.
        case selectFirstN(Int = 1)
        /// Those of the first one's region.
        case selectFirstRegion
    }

    /// A chain of NS1's filters.
    ///
    /// - Parameter filters: the filters, in order. ``NS1/up`` comes first, or the others choose among what is down too.
    /// - Returns: the chain.
    /// - Throws: ``TopologyError`` if there are none.
    public static func ns1(_ filters: [NS1]) throws(TopologyError) -> SiteSelector {
        try SiteSelector(filters.flatMap(steps))
    }

    /// A typical chain of NS1: up, fenced, with little load, then sticky by weight.
    public static func ns1(answers count: Int = 1) -> SiteSelector {
        SiteSelector(checked: [.up(), .geofence(), .shedLoad(), .weighted(), .first(max(count, 1))])
    }

    private static func steps(of filter: NS1) -> [SiteFilter] {
        switch filter {
        // Where all are down, NS1 answers nothing.
        case .up: [.up(floor: 0)]
        case .geotargetCountry: [.nearest(tolerance: nil), .most(.area, tolerance: nil)]
        case .geotargetLatitudeLongitude: [.nearest(tolerance: nil)]
        case .geofence(let keepsUnfenced): [.geofence(strict: !keepsUnfenced)]
        case .netfenceASN(let keepsUnfenced): [.autonomousSystem(strict: !keepsUnfenced)]
        case .netfencePrefix(let keepsUnfenced): [.prefixFence(strict: !keepsUnfenced)]
        case .priority: [.priority]
        case .cost: [.least(.cost, tolerance: nil)]
        case .shedLoad(let low, let high): [.shedLoad(low: low, high: high)]
        case .shuffle: [.shuffled()]
        case .weightedShuffle: [.weighted()]
        case .sticky(let byNetwork): [.shuffled(grouping(byNetwork))]
        case .weightedSticky(let byNetwork): [.weighted(grouping(byNetwork))]
        case .stickyRegion(let byNetwork): [.shuffledGroups(grouping(byNetwork))]
        case .selectFirstN(let count): [.first(count)]
        case .selectFirstRegion: [.firstGroup]
        }
    }

    private static func grouping(_ byNetwork: Bool) -> ClientGrouping {
        byNetwork
            ? ClientGrouping(ipv4Length: 24, ipv6Length: 44) : ClientGrouping(ipv4Length: 32, ipv6Length: 128)
    }
}
