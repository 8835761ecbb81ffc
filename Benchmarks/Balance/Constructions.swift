import LoadBalancing

/// All constructions, in the order of the table.
enum Constructions {
    static var all: [any Construction] {
        [
            RingConstruction(name: "ring, standard", dialect: .standard(pointsPerBackend: 16)),
            RingConstruction(name: "ring, libmemcached", dialect: .libmemcachedWeighted),
            MaglevConstruction(name: "Maglev, Envoy", dialect: .envoy(), isRepaired: false),
            MaglevConstruction(name: "Maglev, rebuilt", dialect: .standard(), isRepaired: false),
        ]
    }
}

/// Points on a circle.
struct RingConstruction: Construction {
    let name: String
    let dialect: RingDialect

    func build(_ backends: [WeightedName]) throws -> HashRing { try HashRing(backends, dialect: dialect) }
}

/// A table of slots.
struct MaglevConstruction: Construction {
    let name: String
    let dialect: MaglevDialect
    let isRepaired: Bool

    static let repairedName = "Maglev, repaired"

    func build(_ backends: [WeightedName]) throws -> MaglevTable { try MaglevTable(backends, dialect: dialect) }

    func pieces(of table: MaglevTable) -> KeyPieces? { nil }
}
