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
