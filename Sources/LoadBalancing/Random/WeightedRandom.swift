/// Anybody, each as likely as its weight says.
///
/// - Complexity: O(1) a pick; O(n) for n backends when most of the weight is refused. The table takes 16 bytes a backend.
@frozen
public struct WeightedRandom: Picker {
    @usableFromInline let table: AliasTable
    @usableFromInline var generator: SeededGenerator

    /// Creates a picker for `pool`.
    public init(for pool: borrowing BackendPool, seed: UInt64) {
        table = AliasTable(pool.weights)
        generator = SeededGenerator(seed: seed)
    }

    /// Chooses a backend.
    @inlinable
    @inline(__always)
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if pool.admitsAll(for: request), let index = pickUnrestricted(request, from: pool) { return index }
        return pickAmongAdmitted(request, from: pool)
    }

    @usableFromInline
    mutating func pickAmongAdmitted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard table.cells.count > 0 else { return nil }
        for _ in 0..<8 {
            let index = table.backend(for: generator.next())
            if pool.accepts(index, for: request, using: &generator) { return index }
        }
        return pool.drawAmongAdmitted(for: request, evenly: false, using: &generator)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        table.cells.count > 0 ? table.backend(for: generator.next()) : nil
    }

    /// Draws from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

/// Random choice by weight: ``WeightedRandom``.
public struct WeightedRandomPolicy: Policy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> WeightedRandom {
        WeightedRandom(for: pool, seed: seed)
    }
}
