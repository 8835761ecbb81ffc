/// One step of choosing sites: leaves some out, or puts them in order.
///
/// Steps are taken one after another, each on what the one before has left, in its order. The same sites, client and
/// name give the same answer everywhere.
public indirect enum SiteFilter: Sendable {
    /// Leaves out what is down, draining or in maintenance. If fewer than `floor` are left, all that are not in
    /// maintenance or drained stay: better a site that seems down than none.
    case up(floor: Int = 1)
    /// Leaves out what is in maintenance, and nothing else.
    case notInMaintenance
    /// The site that the client is bound to, if it may have it: also one that drains. Looked for among all sites; then
    /// no other step is taken. For whom the answer is good, ``SiteClient/boundLength`` decides.
    case bound
    /// Leaves out sites whose areas the client is not in. Sites of no areas stay, unless `strict` and another fence has
    /// the client.
    case geofence(strict: Bool = false)
    /// The sites of the smallest area that the client is in: part of a country, country, continent, everywhere.
    case area
    /// Leaves out sites whose autonomous systems the client is not in. Sites of none stay, unless `strict` and another
    /// has the client.
    case autonomousSystem(strict: Bool = false)
    /// Leaves out sites whose prefixes do not have the client's network. Sites of none stay, unless `strict` and another
    /// has the client.
    case prefixFence(strict: Bool = false)
    /// The sites with the longest prefix of the client's network; if no prefix has it, those without any.
    case longestPrefix
    /// The nearest sites first, by distance less bias; those beyond `tolerance` kilometres from the nearest are left
    /// out. Sites that are nowhere come last. `nil` leaves out nobody.
    case nearest(tolerance: Double? = 0)
    /// The quickest sites first; those more than `tolerance` slower than the quickest are left out, and those not
    /// measured if any is. `nil` leaves out nobody.
    case quickest(tolerance: Duration? = .zero)
    /// The sites of the smallest figure first; those more than `tolerance` above it are left out, and those of whom it is
    /// not known if it is of any. `nil` leaves out nobody.
    case least(SiteMetric, tolerance: Double? = 0)
    /// The sites of the greatest figure first; those more than `tolerance` below it are left out, and those of whom it is
    /// not known if it is of any. `nil` leaves out nobody.
    case most(SiteMetric, tolerance: Double? = 0)
    /// Leaves out sites of whom a figure is not known.
    case measured(SiteMetric)
    /// The best first, by several figures at once.
    case quality([SiteQuality])
    /// Leaves out a part of the clients of a site that is loaded above `low`, all above `high`; of a growing set of
    /// clients, each.
    case shedLoad(low: Double = 0.8, high: Double = 1, ClientGrouping = ClientGrouping())
    /// Each site in turn takes as many clients as its capacity allows, and lets the others through to the next. Where
    /// all are full, the one with the most room for its load.
    case waterfall(ClientGrouping = ClientGrouping())
    /// The sites of the smallest priority number.
    case priority
    /// An order of the client's own, by weight: a changed weight moves only as many clients as it has to. Weights of 0
    /// count only if all others are gone, and then as equal.
    case weighted(ClientGrouping = ClientGrouping())
    /// An order of the client's own, without weights.
    case shuffled(ClientGrouping = ClientGrouping())
    /// An order of groups of the client's own; sites of one group come together, in the order that they have.
    case shuffledGroups(ClientGrouping = ClientGrouping())
    /// The greatest scores first, by a function of the caller's; its name stands in explanations. What it looks at in the
    /// client decides for whom the answer is good.
    case score(String, of: ClientFacts = .network, @Sendable (Site, SiteClient) -> Double)
    /// What a test of the caller's lets through; its name stands in explanations. What it looks at in the client decides
    /// for whom the answer is good.
    case `where`(String, of: ClientFacts = .network, @Sendable (Site, SiteClient) -> Bool)
    /// The first sites only.
    case first(Int)
    /// The sites of the first one's group only.
    case firstGroup
    /// The first of several chains that leaves anybody, or refuses: preferred, alternate, fallback.
    case either([[SiteFilter]])
    /// Other sites in the place of all, whatever their health: a last resort.
    case instead([Site])
    /// Nobody, on purpose: no other step is taken, nor any other chain.
    case refuse(SiteRefusal)
}

/// Why a client is told no site on purpose: what the name server is to do.
public enum SiteRefusal: String, Hashable, Sendable, CaseIterable {
    /// Leave the query unanswered.
    case drop
    /// Answer as if sites were not chosen at all, with what else stands at the name.
    case pass
}

/// What a function of the caller's looks at in a client, from which follows how many bits of its network have decided.
///
/// It is shown that and no more: what it does not say that it looks at is not there.
public enum ClientFacts: Hashable, Sendable {
    /// Nothing: it judges sites alone, and the answer is as good for everybody.
    case nothing
    /// Where the client is, its autonomous system or its latencies: as many bits as it took to know the place.
    case place
    /// The beginning of its address.
    case group(ClientGrouping)
    /// Anything, of its network the first address: the answer is good for that address, and kept for nobody but those of
    /// whom just as much is told. What is assumed unless it is said otherwise; resolvers then ask once for each network.
    case network
}

extension SiteFilter: CustomStringConvertible {
    /// The step's name.
    public var description: String {
        switch self {
        case .up: "up"
        case .notInMaintenance: "not in maintenance"
        case .bound: "bound"
        case .geofence: "geofence"
        case .area: "area"
        case .autonomousSystem: "autonomous system"
        case .prefixFence: "prefix fence"
        case .longestPrefix: "longest prefix"
        case .nearest: "nearest"
        case .quickest: "quickest"
        case .least(let metric, _): "least \(metric)"
        case .most(let metric, _): "most \(metric)"
        case .measured(let metric): "\(metric) is known"
        case .quality: "quality"
        case .shedLoad: "shed load"
        case .waterfall: "waterfall"
        case .priority: "priority"
        case .weighted: "weighted"
        case .shuffled: "shuffled"
        case .shuffledGroups: "shuffled groups"
        case .score(let name, _, _): "score \(name)"
        case .where(let name, _, _): name
        case .first(let count): "first \(count)"
        case .firstGroup: "first group"
        case .either(let chains): "either of \(chains.count)"
        case .instead: "instead"
        case .refuse(let refusal): "refuse: \(refusal)"
        }
    }
}
