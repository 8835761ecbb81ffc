import LoadBalancing

/// A table of slots.
struct MaglevConstruction: Construction {
    let name: String
    let dialect: MaglevDialect
    var rebuildsOnFailure = false

    static let repairedName = "Maglev, repaired"

    func build(_ backends: [WeightedName]) throws -> MaglevTable { try MaglevTable(backends, dialect: dialect) }
}
