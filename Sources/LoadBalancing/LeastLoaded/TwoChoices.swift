/// Draws two distinct backends by weight: what the pickers that compare two choices share.
///
/// The second is drawn by weight among the others. Drawing until it differs takes two draws on average unless one
/// backend has most of the weight; for that one the others have a table of their own.
///
/// - Complexity: expected O(1) a draw; 8 … 32 bytes a backend, nothing with equal weights.
@frozen
@usableFromInline
struct TwoChoices: Sendable {
    @usableFromInline var generator: SeededGenerator
    /// Whether two uniform draws do: equal weights, and at least two backends.
    @usableFromInline let isUniform: Bool
    /// `nil` with equal weights.
    @usableFromInline let table: AliasTable?
    /// The backend that has half of the weight or more, and a table of the others.
    @usableFromInline let heaviest: Int
    @usableFromInline let others: AliasTable?
    /// Backends that have a weight.
    @usableFromInline let eligibleCount: Int

    @usableFromInline
    init(for pool: borrowing BackendPool, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        var weights = pool.weights
        eligibleCount = weights.count { $0 > 0 }
        isUniform = pool.hasEqualWeights && eligibleCount > 1
        guard !pool.hasEqualWeights else {
            table = nil
            others = nil
            heaviest = -1
            return
        }
        table = AliasTable(weights)
        if let largest = weights.indices.max(by: { weights[$0] < weights[$1] }),
            UInt64(weights[largest]) * 2 >= pool.totalWeight
        {
            heaviest = largest
            weights[largest] = 0
            others = AliasTable(weights)
        } else {
            heaviest = -1
            others = nil
        }
    }

    /// Two distinct candidates, where all weights are equal and everybody is admitted.
    @inlinable
    @inline(__always)
    mutating func drawUniformly(from pool: borrowing BackendPool) -> (first: Int, second: Int) {
        // One word for both: 32 bits leave a bias below n / 2³².
        let random = generator.next()
        let count = UInt64(truncatingIfNeeded: pool.count)
        let first = Int(truncatingIfNeeded: (random >> 32 &* count) >> 32)
        let second = Int(truncatingIfNeeded: (random & 0xFFFF_FFFF &* (count &- 1)) >> 32)
        // The second skips the first's place, without a branch that could be mispredicted.
        return (first, second &+ Int(truncatingIfNeeded: UInt(bitPattern: first &- second &- 1) >> 63))
    }

    /// `second` if `difference`, which is the second's load less the first's, is negative; else `first`.
    ///
    /// Which of two random backends is less loaded cannot be predicted, and half of all predictions failing costs more
    /// than the pick. A comparison, even a conditional move, becomes a branch in a loop; a shift by the sign bit does not.
    @inlinable
    @inline(__always)
    static func lesser(first: Int, second: Int, difference: Int64) -> Int {
        let pair = UInt64(truncatingIfNeeded: first) | UInt64(truncatingIfNeeded: second) << 32
        let half = UInt64(bitPattern: difference) >> 58 & 32
        return Int(truncatingIfNeeded: (pair &>> half) & 0xFFFF_FFFF)
    }

    /// Two distinct candidates; twice the same when there is only one, `nil` when there is none.
    @usableFromInline
    mutating func draw(
        for request: PickRequest, from pool: borrowing BackendPool
    ) -> (first: Int, second: Int)? {
        guard let table, eligibleCount > 1, pool.admitsAll(for: request) else {
            return drawAdmitted(for: request, from: pool)
        }
        let first = table.backend(for: generator.next())
        if first == heaviest, let others { return (first, others.backend(for: generator.next())) }
        while true {
            let second = table.backend(for: generator.next())
            if second != first { return (first, second) }
        }
    }

    /// Draws where not everybody is admitted: filtered before anything is compared.
    private mutating func drawAdmitted(
        for request: PickRequest, from pool: borrowing BackendPool
    ) -> (first: Int, second: Int)? {
        guard let first = drawOne(for: request, from: pool, excluding: nil) else { return nil }
        // Nobody else has a weight: no need to look for them.
        guard eligibleCount > 1 else { return (first, first) }
        return (first, drawOne(for: request, from: pool, excluding: first) ?? first)
    }

    private mutating func drawOne(
        for request: PickRequest, from pool: borrowing BackendPool, excluding excluded: Int?
    ) -> Int? {
        guard eligibleCount > 0 else { return nil }
        for _ in 0..<8 {
            let index = table?.backend(for: generator.next()) ?? generator.nextIndex(below: pool.count)
            if index != excluded, pool.accepts(index, for: request, using: &generator) { return index }
        }
        return pool.drawAmongAdmitted(for: request, evenly: false, excluding: excluded, using: &generator)
    }
}
