/// The backends of a pool that have a weight, each of them once: what pickers that ignore weights choose from.
@frozen
@usableFromInline
struct EligibleBackends: Sendable {
    @usableFromInline let count: Int
    /// The indices; `nil` if all backends are eligible.
    @usableFromInline let indices: FixedTable<UInt32>?

    @usableFromInline
    init(of pool: borrowing BackendPool) {
        var indices: [UInt32] = []
        for index in 0..<pool.count where pool.weight(at: index) > 0 {
            indices.append(UInt32(truncatingIfNeeded: index))
        }
        count = indices.count
        self.indices = indices.count == pool.count ? nil : FixedTable(indices)
    }

    @inlinable
    subscript(_ position: Int) -> Int {
        guard let indices else { return position }
        return Int(indices[position])
    }

    /// A draw by fraction among the admitted.
    @usableFromInline
    func draw(
        from pool: borrowing BackendPool, for request: PickRequest, using generator: inout SeededGenerator
    ) -> Int? {
        guard count > 0 else { return nil }
        // Taking a draw with the probability of its fraction gives exact shares. Eight refusals in a row mean that
        // few are left; then they are counted.
        for _ in 0..<8 {
            let index = self[generator.nextIndex(below: count)]
            if pool.accepts(index, for: request, using: &generator) { return index }
        }
        return pool.drawAmongAdmitted(for: request, evenly: true, using: &generator)
    }
}
