/// The backends of a pool side by side on a line, each as long as its weight.
///
/// A guide table says for each of up to 2n equal stretches who owns its beginning, from where the search goes on in order
/// (Chen and Asau, *On Generating Random Variates from an Empirical Distribution*, 1974).
///
/// - Complexity: expected O(1) a look-up for points that spread over the line, O(n) at worst; 16 bytes a backend.
@frozen
@usableFromInline
struct CumulativeWeights: Sendable {
    /// The length of the line.
    @usableFromInline let total: UInt64
    /// Where each backend's stretch ends.
    @usableFromInline let ends: FixedTable<UInt64>
    @usableFromInline let guide: FixedTable<UInt32>
    @usableFromInline let shift: UInt64

    /// The backends of `pool`, in its order.
    init(of pool: borrowing BackendPool) {
        self.init(pool.weights)
    }

    init(_ weights: [UInt32]) {
        var ends: [UInt64] = []
        ends.reserveCapacity(weights.count)
        var end: UInt64 = 0
        for weight in weights {
            end += UInt64(weight)
            ends.append(end)
        }
        total = end
        self.ends = FixedTable(ends)
        // Stretches of 2^shift, at most as many as the next power of two of n, and at most one for each unit.
        var shift: UInt64 = 0
        while weights.count > 0, end >> shift >= 2 * UInt64(weights.count) { shift += 1 }
        self.shift = shift
        var guide: [UInt32] = []
        var owner = 0
        for stretch in 0...(end >> shift) {
            while owner < ends.count - 1, ends[owner] <= stretch << shift { owner += 1 }
            guide.append(UInt32(truncatingIfNeeded: owner))
        }
        self.guide = FixedTable(guide)
    }

    /// The backend whose stretch holds a point below ``total``.
    @inlinable
    func backend(at point: UInt64) -> Int {
        var index = Int(guide[Int(truncatingIfNeeded: point >> shift)])
        while ends[index] <= point { index &+= 1 }
        return index
    }

    /// The length of a backend's stretch.
    @inlinable
    func weight(of index: Int) -> UInt64 {
        ends[index] &- (index > 0 ? ends[index &- 1] : 0)
    }
}
