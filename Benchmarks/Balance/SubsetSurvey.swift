import LoadBalancing

/// Measures rules over fleets of clients.
struct SubsetSurvey {
    /// Clients and backends.
    static let fleets = [(10, 100), (70, 110), (100, 100), (300, 1_100), (1_000, 1_000)]
    /// As many as gRFC A68 says.
    static let size = 20

    let rounds: Int
    let seed: UInt64

    func row(_ rule: SubsetRule, clients: Int, backends count: Int) throws -> SubsetRow {
        let fleet = (0..<count).map { Backend(id: BackendSet.name($0), endpoint: $0) }
        let before = try subsets(rule, clients, fleet)
        var load = [Double](repeating: 0, count: count)
        var users = [Double](repeating: 0, count: count)
        for subset in before {
            let total = Double(subset.reduce(0) { $0 + $1.weight })
            for backend in subset {
                load[backend.endpoint] += Double(backend.weight) / total
                users[backend.endpoint] += 1
            }
        }
        let equal = [Int](repeating: 1, count: count)
        guard let loads = Spread(shares: load, weights: equal), let connections = Spread(shares: users, weights: equal)
        else { throw BalanceError(construction: rule.name, backends: count) }
        var (removed, added) = (Count(), Count())
        for round in 0..<rounds {
            let gone = Int(mixed(seed &+ UInt64(round)) % UInt64(count))
            let new = Backend(id: BackendSet.name(1 << 20 + round), endpoint: count)
            let orphans = before.count { subset in subset.contains { $0.endpoint == gone } }
            let left = fleet.filter { $0.endpoint != gone }
            removed.add(before, try subsets(rule, clients, left), least: Double(orphans))
            added.add(
                before, try subsets(rule, clients, fleet + [new]),
                least: Double(clients * min(Self.size, count + 1)) / Double(count + 1))
        }
        var joined = Count()
        // The newcomer's own connections are what has to be opened.
        joined.add(before + [[]], try subsets(rule, clients + 1, fleet), least: Double(min(Self.size, count)))
        return SubsetRow(
            rule: rule.name, clients: clients, backends: count, load: loads, connections: connections,
            smallest: before.map(\.count).min() ?? 0, largest: before.map(\.count).max() ?? 0,
            removed: removed.opened, added: added.opened, joined: joined.opened)
    }

    private func subsets(_ rule: SubsetRule, _ clients: Int, _ fleet: [Backend<Int>]) throws -> [[Backend<Int>]] {
        try (0..<clients).map { try rule.subset($0, clients, fleet, Self.size) }
    }

    /// Connections opened by changes.
    private struct Count {
        var most = 0
        var sum = 0
        var least = 0.0
        var growth = 0

        var opened: SubsetRow.Opened {
            SubsetRow.Opened(most: most, growth: growth, overLeast: Double(sum) / least)
        }

        mutating func add(_ before: [[Backend<Int>]], _ after: [[Backend<Int>]], least: Double) {
            for (old, new) in zip(before, after) {
                let known = Set(old.map(\.id))
                let opened = new.count { !known.contains($0.id) }
                // A client that has just come is not held against the most.
                if !old.isEmpty {
                    most = max(most, opened)
                    growth = max(growth, new.count - old.count)
                }
                sum += opened
            }
            self.least += least
        }
    }
}
