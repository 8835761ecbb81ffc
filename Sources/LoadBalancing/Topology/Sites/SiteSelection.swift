/// The choosing of sites for one client, step by step.
struct SiteSelection {
    let all: [Site]
    let client: SiteClient
    /// What stands for the name that is asked for.
    let nameHash: UInt64
    var sites: [Site]
    var scope = 0
    var steps: [SiteAnswer.Step] = []
    var isFailOpen = false
    /// Whether no other step is to be taken.
    var isDecided = false
    var refusal: SiteRefusal?

    init(_ sites: [Site], client: SiteClient, nameHash: UInt64) {
        all = sites
        self.sites = sites
        self.client = client
        self.nameHash = nameHash
    }

    /// The scope that the client is told; 0 for one who does not want its network to count.
    var announcedScope: Int {
        guard let network = client.network, network.length > 0 else { return 0 }
        return min(scope, network.family.bitCount)
    }

    mutating func take(_ chain: [SiteFilter]) {
        for filter in chain where !isDecided {
            let before = sites
            let note = take(filter)
            let left = Set(sites.map(\.id))
            steps.append(
                SiteAnswer.Step(
                    filter: filter.description, left: sites.map(\.id),
                    removed: before.map(\.id).filter { !left.contains($0) }, note: note))
        }
    }

    private mutating func take(_ filter: SiteFilter) -> String {
        switch filter {
        case .up(let floor): return keepUp(floor: floor)
        case .notInMaintenance: sites.removeAll { $0.state == .maintenance }
        case .bound: return keepBound()
        case .geofence(let strict): keepFenced(strict: strict)
        case .area: return keepArea()
        case .autonomousSystem(let strict):
            let network = client.autonomousSystem
            usePlace()
            fence(strict, by: { !$0.autonomousSystems.isEmpty }) { site in
                network.map(site.autonomousSystems.contains) == true
            }
        case .prefixFence(let strict):
            let first = usePrefixes()
            fence(strict, by: { !$0.prefixes.isEmpty }) { site in
                first.map { first in site.prefixes.contains { $0.contains(first) } } == true
            }
        case .longestPrefix: return keepLongestPrefix()
        case .nearest(let tolerance): return sortByDistance(tolerance)
        case .quickest(let tolerance): sortByLatency(tolerance)
        case .least(let metric, let tolerance): return sort(by: metric, sign: 1, tolerance)
        case .most(let metric, let tolerance): return sort(by: metric, sign: -1, tolerance)
        case .measured(let metric):
            use(metric)
            sites.removeAll { metric.value(of: $0, for: client) == nil }
        case .quality(let qualities): sortByQuality(qualities)
        case .shedLoad(let low, let high, let grouping): return shedLoad(low, high, grouping)
        case .waterfall(let grouping): return fillUp(grouping)
        case .priority:
            let first = sites.map(\.priority).min()
            sites.removeAll { $0.priority != first }
        case .weighted(let grouping): shuffle(grouping, byWeight: true)
        case .shuffled(let grouping): shuffle(grouping, byWeight: false)
        case .shuffledGroups(let grouping): shuffleGroups(grouping)
        case .score(_, let facts, let score):
            let seen = show(facts)
            let scored = sites.map { (score: score($0, seen), site: $0) }
            // NaN is no score: last, as it is not greater than anything.
            sites = Self.sorted(scored.map { ($0.score.isNaN ? .infinity : -$0.score, $0.site) })
        case .where(_, let facts, let test):
            let seen = show(facts)
            sites.removeAll { !test($0, seen) }
        case .first(let count): sites = Array(sites.prefix(max(count, 0)))
        case .firstGroup:
            let group = sites.first?.group
            sites.removeAll { $0.group != group }
        case .either(let chains): return takeFirst(of: chains)
        case .instead(let others): sites = others
        case .refuse(let refusal):
            sites = []
            isDecided = true
            self.refusal = refusal
        }
        return ""
    }

    // Sorting is stable: what is equal stays in the order of the step before.
    static func sorted(_ keyed: [(Double, Site)]) -> [Site] {
        keyed.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
    }

    private mutating func takeFirst(of chains: [[SiteFilter]]) -> String {
        for (index, chain) in chains.enumerated() {
            var attempt = self
            attempt.take(chain)
            // What a chain without an answer looked at has decided too.
            scope = attempt.scope
            steps = attempt.steps
            guard !attempt.sites.isEmpty || attempt.isDecided || index == chains.count - 1 else { continue }
            self = attempt
            return "chain \(index + 1)"
        }
        return ""
    }
}

// Steps that look at the state of sites.
extension SiteSelection {
    private mutating func keepUp(floor: Int) -> String {
        let up = sites.filter { $0.state == .forcedUp || $0.state == .active && $0.isUp }
        guard up.count < floor else {
            sites = up
            return ""
        }
        let rest = sites.filter { $0.state == .forcedUp || $0.state == .active }
        isFailOpen = rest.count > up.count
        sites = rest
        return isFailOpen ? "fail open: fewer than \(floor) up" : ""
    }

    private mutating func keepBound() -> String {
        // Its neighbours may be bound elsewhere, or not at all.
        let bits = client.boundSite == nil ? 0 : client.network?.family.bitCount ?? 0
        scope = max(scope, client.boundLength ?? bits)
        guard let id = client.boundSite else { return "" }
        guard let site = all.first(where: { $0.id == id }) else { return "" }
        guard site.state == .forcedUp || site.isUp && site.state != .maintenance else { return "\(id) cannot be had" }
        sites = [site]
        isDecided = true
        return "stays at \(id)"
    }
}
