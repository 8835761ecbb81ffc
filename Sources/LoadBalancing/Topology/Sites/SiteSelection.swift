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
    private static func sorted(_ keyed: [(Double, Site)]) -> [Site] {
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

// Steps that look at the sites.
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

    private mutating func shedLoad(_ low: Double, _ high: Double, _ grouping: ClientGrouping) -> String {
        let before = sites
        for site in before {
            let span = high - low
            let part = span > 0 ? (site.utilization - low) / span : site.utilization > high ? 1 : 0
            guard part > 0, part >= 1 || draw(for: site, grouping, salt: 0x5EED) < part else { continue }
            sites.removeAll { $0.id == site.id }
        }
        guard sites.isEmpty else { return "" }
        sites = before
        return "all are loaded: nobody is left out"
    }

    private mutating func fillUp(_ grouping: ClientGrouping) -> String {
        for (index, site) in sites.enumerated() {
            let accepted = site.utilization > 1 ? 1 / site.utilization : 1
            guard accepted >= 1 || draw(for: site, grouping, salt: 0xF177) < accepted else { continue }
            sites = Array(sites[index...])
            return index == 0 ? "" : "spilled over \(index)"
        }
        sites = Self.sorted(sites.map { ($0.utilization, $0) })
        return sites.isEmpty ? "" : "all are full"
    }
}

// Steps that look at the client.
extension SiteSelection {
    /// Where the client is took so many bits of its network.
    private mutating func usePlace() {
        guard client.network != nil else { return }
        scope = max(scope, client.placeLength)
    }

    /// The client as a function of the caller's may see it: no more of it than the answer is then good for.
    private mutating func show(_ facts: ClientFacts) -> SiteClient {
        var seen = client
        switch facts {
        case .nothing: return SiteClient()
        case .place:
            usePlace()
            seen.network = nil
            (seen.boundSite, seen.boundLength) = (nil, nil)
        case .group(let grouping):
            guard let prefix = grouping.prefix(of: client) else { return SiteClient() }
            scope = max(scope, prefix.length)
            return SiteClient(network: prefix)
        case .network:
            guard let network = client.network, network.length > 0 else { break }
            // Wide networks are told by their first address: it has one answer, whatever the width.
            let bits = network.family.bitCount
            scope = max(scope, bits)
            seen.network = NetworkPrefix(network.address, length: bits)
        }
        return seen
    }

    private mutating func keepFenced(strict: Bool) {
        guard sites.contains(where: { !$0.areas.isEmpty }) else { return }
        usePlace()
        let client = client
        fence(strict, by: { !$0.areas.isEmpty }) { client.isIn($0.areas) }
    }

    /// Leaves out sites with a fence that the client is not in and, if one has it and `strict`, those without.
    private mutating func fence(_ strict: Bool, by isFenced: (Site) -> Bool, has: (Site) -> Bool) {
        sites.removeAll { isFenced($0) && !has($0) }
        if strict, sites.contains(where: isFenced) { sites.removeAll { !isFenced($0) } }
    }

    private mutating func keepArea() -> String {
        usePlace()
        for area in client.areas {
            let serving = sites.filter { $0.areas.contains(area) }
            guard !serving.isEmpty else { continue }
            sites = serving
            return "\(area)"
        }
        sites = []
        return "nobody serves the client's area"
    }

    /// What decides which of the sites' prefixes have the client: its first address, or its network if that is not to
    /// count; `nil` if it is not known.
    private mutating func usePrefixes() -> NetworkPrefix? {
        guard let network = client.network else { return nil }
        var table = PrefixTable<Bool>()
        for site in sites { for prefix in site.prefixes { table.insert(true, for: prefix) } }
        scope = max(scope, table.lookUp(network).scope)
        return network.length == 0 ? network : NetworkPrefix(network.address, length: network.family.bitCount)
    }

    private mutating func keepLongestPrefix() -> String {
        guard let first = usePrefixes() else {
            sites.removeAll { !$0.prefixes.isEmpty }
            return "the client's network is not known"
        }
        let lengths = sites.map { site in
            site.prefixes.filter { $0.contains(first) }.map(\.length).max()
        }
        let longest = lengths.compactMap { $0 }.max()
        sites = zip(sites, lengths).filter { site, length in
            longest == nil ? site.prefixes.isEmpty : length == longest
        }.map(\.0)
        return longest.map { "/\($0)" } ?? "default"
    }

    private mutating func sortByDistance(_ tolerance: Double?) -> String {
        usePlace()
        guard let here = client.location else { return "the client's place is not known" }
        let distances = sites.map { site in
            guard let location = site.location else { return Double.infinity }
            // Route 53: d · (1 - bias / 100), for both signs.
            return location.distance(to: here) * (1 - Double(site.bias.clamped(to: -99...99)) / 100)
        }
        let nearest = distances.min() ?? .infinity
        var keyed = Array(zip(distances, sites))
        if let tolerance, nearest < .infinity { keyed.removeAll { $0.0 > nearest + max(tolerance, 0) } }
        sites = Self.sorted(keyed)
        return nearest < .infinity ? "\(Int(nearest.rounded())) km" : ""
    }

    private mutating func sortByLatency(_ tolerance: Duration?) {
        usePlace()
        guard let quickest = sites.compactMap({ client.latencies[$0.id] }).min() else { return }
        var keyed = sites.map { ($0, client.latencies[$0.id]) }
        if let tolerance { keyed.removeAll { $0.1.map { $0 > quickest + max(tolerance, .zero) } ?? true } }
        sites = Self.sorted(keyed.map { ($0.1.map { $0 / .seconds(1) } ?? .infinity, $0.0) })
    }

    private mutating func use(_ metric: SiteMetric) {
        if metric.isOfPlace { usePlace() }
    }

    private mutating func sort(by metric: SiteMetric, sign: Double, _ tolerance: Double?) -> String {
        use(metric)
        let values = sites.map { metric.value(of: $0, for: client).map { $0 * sign } }
        guard let best = values.compactMap({ $0 }).min() else { return "not known of anybody" }
        var keyed = Array(zip(values, sites))
        if let tolerance { keyed.removeAll { $0.0.map { $0 > best + max(tolerance, 0) } ?? true } }
        sites = Self.sorted(keyed.map { ($0.0 ?? .infinity, $0.1) })
        return "\(best * sign)"
    }

    private mutating func sortByQuality(_ qualities: [SiteQuality]) {
        var points = sites.map { _ in 0.0 }
        for quality in qualities where quality.coefficient != 0 {
            use(quality.metric)
            let values = sites.map { quality.metric.value(of: $0, for: client) }
            for (index, part) in quality.points(of: values).enumerated() { points[index] += quality.coefficient * part }
        }
        sites = Self.sorted(zip(points, sites).map { (-$0, $1) })
    }

    private mutating func shuffleGroups(_ grouping: ClientGrouping) {
        guard Set(sites.map(\.group)).count > 1 else { return }
        let key = key(grouping)
        sites = Self.sorted(
            sites.map { site in
                (WeightedRendezvous.arrival(of: key, seed: XXH64.hash(site.group, seed: 0x6709), weight: 1), site)
            })
    }

    private mutating func shuffle(_ grouping: ClientGrouping, byWeight: Bool) {
        if byWeight, sites.contains(where: { $0.weight > 0 }) { sites.removeAll { $0.weight <= 0 } }
        guard sites.count > 1 else { return }
        let key = key(grouping)
        let arrivals = sites.map { site in
            let weight = byWeight && site.weight > 0 ? Double(site.weight) : 1
            return WeightedRendezvous.arrival(of: key, seed: XXH64.hash(site.id), weight: weight)
        }
        sites = Self.sorted(Array(zip(arrivals, sites)))
    }

    /// What stands for the client and the name.
    private mutating func key(_ grouping: ClientGrouping) -> UInt64 {
        guard let prefix = grouping.prefix(of: client) else { return nameHash }
        scope = max(scope, prefix.length)
        return Mixing.mix(nameHash ^ prefix.keyHash)
    }

    /// A number from 0 to 1 for the client and a site.
    private mutating func draw(for site: Site, _ grouping: ClientGrouping, salt: UInt64) -> Double {
        Double(Mixing.mix(key(grouping) ^ XXH64.hash(site.id, seed: salt)) >> 11) * 0x1p-53
    }
}

extension Int {
    func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
