// Steps that put sites in order.
extension SiteSelection {
    mutating func sortByDistance(_ tolerance: Double?) -> String {
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

    mutating func sortByLatency(_ tolerance: Duration?) {
        usePlace()
        guard let quickest = sites.compactMap({ client.latencies[$0.id] }).min() else { return }
        var keyed = sites.map { ($0, client.latencies[$0.id]) }
        if let tolerance { keyed.removeAll { $0.1.map { $0 > quickest + max(tolerance, .zero) } ?? true } }
        sites = Self.sorted(keyed.map { ($0.1.map { $0 / .seconds(1) } ?? .infinity, $0.0) })
    }

    mutating func sort(by metric: SiteMetric, sign: Double, _ tolerance: Double?) -> String {
        use(metric)
        let values = sites.map { metric.value(of: $0, for: client).map { $0 * sign } }
        guard let best = values.compactMap({ $0 }).min() else { return "not known of anybody" }
        var keyed = Array(zip(values, sites))
        if let tolerance { keyed.removeAll { $0.0.map { $0 > best + max(tolerance, 0) } ?? true } }
        sites = Self.sorted(keyed.map { ($0.0 ?? .infinity, $0.1) })
        return "\(best * sign)"
    }

    mutating func sortByQuality(_ qualities: [SiteQuality]) {
        var points = sites.map { _ in 0.0 }
        for quality in qualities where quality.coefficient != 0 {
            use(quality.metric)
            let values = sites.map { quality.metric.value(of: $0, for: client) }
            for (index, part) in quality.points(of: values).enumerated() { points[index] += quality.coefficient * part }
        }
        sites = Self.sorted(zip(points, sites).map { (-$0, $1) })
    }

    mutating func shuffleGroups(_ grouping: ClientGrouping) {
        guard Set(sites.map(\.group)).count > 1 else { return }
        let key = key(grouping)
        sites = Self.sorted(
            sites.map { site in
                (WeightedRendezvous.arrival(of: key, seed: XXH64.hash(site.group, seed: 0x6709), weight: 1), site)
            })
    }

    mutating func shuffle(_ grouping: ClientGrouping, byWeight: Bool) {
        if byWeight, sites.contains(where: { $0.weight > 0 }) { sites.removeAll { $0.weight <= 0 } }
        guard sites.count > 1 else { return }
        let key = key(grouping)
        let arrivals = sites.map { site in
            let weight = byWeight && site.weight > 0 ? Double(site.weight) : 1
            return WeightedRendezvous.arrival(of: key, seed: XXH64.hash(site.id), weight: weight)
        }
        sites = Self.sorted(Array(zip(arrivals, sites)))
    }
}

extension Int {
    func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
