import LoadBalancing

/// A table of slots.
struct MaglevConstruction: Construction {
    let name: String
    /// The dialect with the size given, or that which suits the set.
    let dialect: @Sendable (Int?) -> MaglevDialect
    var rebuildsOnFailure = false
    /// Whether a change of the set repairs the table that is there.
    var isRepaired = false

    static let repairedName = "Maglev, repaired"

    func build(_ backends: [WeightedName]) throws -> MaglevTable { try MaglevTable(backends, dialect: dialect(nil)) }

    /// A table of the same size.
    func update(_ old: MaglevTable, to backends: [WeightedName]) throws -> MaglevTable {
        try isRepaired ? old.repaired(for: backends) : MaglevTable(backends, dialect: dialect(old.size))
    }

    func slotCount(of table: MaglevTable) -> Int? { table.size }

    /// A key for each slot, found by trying: in M · ln M steps or little more.
    func pieces(of table: MaglevTable) -> KeyPieces? {
        var keys = [UInt64](repeating: 0, count: table.size)
        var isFound = [Bool](repeating: false, count: table.size)
        var missing = table.size
        var number: UInt64 = 0
        while missing > 0 {
            let key = mixed(number)
            number += 1
            guard let slot = table.slot(for: key), !isFound[slot] else { continue }
            isFound[slot] = true
            keys[slot] = key
            missing -= 1
        }
        return .slots(keys)
    }
}
