/// A policy that places keys by a ``ConsistentHash``: makes the table, and has its pickers from it.
public protocol ConsistentHashPolicy: Policy where P == ConsistentHashPicker<Table> {
    /// Where keys go.
    associatedtype Table: ConsistentHash

    /// The table for a set of backends, in their order.
    ///
    /// For a set that ``Policy/check(_:)`` refuses it is a table of no backends, which gives no key to anybody.
    ///
    /// - Parameters:
    ///   - backends: the set.
    ///   - old: the table of the set that was in force before; `nil` for the first.
    /// - Returns: the table.
    func makeTable(for backends: [WeightedName], replacing old: Table?) -> Table
}

extension ConsistentHashPolicy {
    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> ConsistentHashPicker<Table> {
        ConsistentHashPicker(makeTable(for: pool.weightedNames, replacing: nil), for: pool, seed: seed)
    }

    /// A picker for `pool`, whose table may depend on the one before.
    public func makePicker(
        for pool: borrowing BackendPool, replacing old: ConsistentHashPicker<Table>, seed: UInt64
    ) -> ConsistentHashPicker<Table> {
        ConsistentHashPicker(makeTable(for: pool.weightedNames, replacing: old.table), for: pool, seed: seed)
    }
}
