import LoadBalancing

/// A way to give each client of a fleet a few of the backends.
struct SubsetRule: Sendable {
    let name: String
    /// The backends of a client with their weights: the client's number, how many clients there are, all backends, the size of a
    /// subset.
    let subset: @Sendable (Int, Int, [Backend<Int>], Int) throws -> [Backend<Int>]

    static let all: [SubsetRule] = [
        SubsetRule(name: apertureName) { client, clients, backends, size in
            try DeterministicAperture(client: client, of: clients, minimumSize: size).subset(of: backends)
        },
        SubsetRule(name: rendezvousName) { client, _, backends, size in
            RendezvousSubset(size: size, salt: mixed(UInt64(client))).subset(of: backends)
        },
        // Each process draws a sample of what it is told, as most programs do; it draws again when the set changes.
        SubsetRule(name: "random") { client, clients, backends, size in
            var generator = SeededGenerator(seed: mixed(UInt64(client) << 32 | UInt64(backends.count)))
            return Array(backends.shuffled(using: &generator).prefix(size))
        },
        // Site Reliability Engineering (2016), chapter 20: clients of one round share one shuffled list, in pieces.
        SubsetRule(name: "rounds of shuffles") { client, _, backends, size in
            let pieces = max(backends.count / size, 1)
            var generator = SeededGenerator(seed: mixed(UInt64(client / pieces)))
            let shuffled = backends.shuffled(using: &generator)
            return Array(shuffled.dropFirst(client % pieces * size).prefix(size))
        },
    ]

    static let apertureName = "deterministic aperture"
    static let rendezvousName = "rendezvous (A68)"
}

/// What was found of one rule for one fleet.
struct SubsetRow: Codable {
    let rule: String
    let clients: Int
    let backends: Int
    /// The loads of the backends, if each client spreads one unit of work over its own by their weights.
    let load: Spread
    /// The clients of a backend, over their mean.
    let connections: Spread
    /// Backends of a client.
    let smallest, largest: Int
    /// Connections that a client opens when a backend leaves, when one comes, and when a client comes: the most of any client, and
    /// the mean over those that have to be opened.
    let removed, added, joined: Opened

    struct Opened: Codable {
        let most: Int
        /// How many of them for nothing but a subset that has become larger.
        let growth: Int
        let overLeast: Double
    }
}

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

extension SubsetRow {
    static let header = [
        "load max/min", "connections", "size", "backend leaves: most", "÷ least", "backend comes: most", "÷ least",
        "client comes: most", "÷ least",
    ]

    var cells: [String] {
        ["\(load.maximum.fine)/\(load.minimum.fine)", "\(connections.maximum.short)/\(connections.minimum.short)"]
            + [smallest == largest ? "\(smallest)" : "\(smallest)–\(largest)"]
            + [removed, added, joined].flatMap { [$0.most.grouped, $0.overLeast.short] }
    }

    /// What is to be reached: the aperture is exactly even and moves two backends of a client at the most, save where all arcs
    /// become wider by one client's width; rendezvous opens nothing that it does not have to.
    static func figures(_ rows: [SubsetRow]) -> [Figure] {
        func figure(_ name: String, _ rule: String, _ goal: Double, _ value: (SubsetRow) -> Double) -> Figure {
            // Of fleets with as many backends the worst.
            let counts = Set(rows.map(\.backends)).sorted()
            return Figure(
                "\(rule): \(name)", goal: goal, unit: "",
                values: counts.map { count in
                    (count, rows.filter { $0.rule == rule && $0.backends == count }.map(value).max())
                })
        }
        return [
            figure("load, max/mean", SubsetRule.apertureName, 1.001) { $0.load.maximum },
            figure("opened by a client beyond its growth, backend leaves", SubsetRule.apertureName, 2) {
                Double($0.removed.most - $0.removed.growth)
            },
            figure("opened by a client beyond its growth, backend comes", SubsetRule.apertureName, 2) {
                Double($0.added.most - $0.added.growth)
            },
            figure("opened ÷ least, backend leaves", SubsetRule.rendezvousName, 1.001) { $0.removed.overLeast },
            figure("opened by a client, backend comes", SubsetRule.rendezvousName, 1) { Double($0.added.most) },
            figure("opened ÷ least, client comes", SubsetRule.rendezvousName, 1.001) { $0.joined.overLeast },
        ]
    }
}
