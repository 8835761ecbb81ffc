import LoadBalancing

/// A table of slots.
struct MaglevConstruction: Construction {
    let name: String
    /// The dialect with the size given, or that which suits the set.
    let dialect: @Sendable (Int?) -> MaglevDialect
    var rebuildsOnFailure = false
    /// Whether a change of the set repairs the table that is there.
    var isRepaired = false
    /// Whether a set of unequal weights has a table in which the least of them has as many slots as a backend has otherwise.
    var growsWithWeights = false

    static let repairedName = "Maglev, repaired"

    func build(_ backends: [WeightedName]) throws -> MaglevTable {
        try MaglevTable(backends, dialect: dialect(growsWithWeights ? Self.size(for: backends) : nil))
    }

    /// The first of the standard dialect's sizes that has 655 slots for the least weight; `nil` where weights are equal.
    private static func size(for backends: [WeightedName]) -> Int? {
        let weights = backends.map(\.weight).filter { $0 > 0 }
        guard let least = weights.min(), let most = weights.max(), least < most else { return nil }
        let wanted = 655 * weights.reduce(0, +) / least
        // Each is the first prime number above 65,536 or 655,360 · 2ᵏ.
        return [65_537, 655_373, 1_310_723, 2_621_447, 5_242_883, 10_485_767].first { $0 >= wanted }
    }

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
