/// Draws by weight from one random word.
///
/// Every backend has a cell; the part of a cell that its own weight does not fill belongs to one other backend. All
/// arithmetic is in whole numbers, so a weight of 1 beside many of 2³¹ still has its share, to a precision of
/// n · 2⁻⁶⁴ of a cell.
///
/// - Complexity: O(1) a draw, O(n) to build; 16 bytes a backend.
/// - Note: Walker, *An Efficient Method for Generating Discrete Random Variables with General Distributions*, 1977;
///   built as by Vose, 1991.
@frozen
@usableFromInline
struct AliasTable: Sendable {
    @frozen
    @usableFromInline
    struct Cell: BitwiseCopyable, Sendable {
        /// The part of the cell, in units of 2⁻⁶⁴, that belongs to the cell's own backend.
        @usableFromInline var own: UInt64
        @usableFromInline var alias: UInt32
    }

    @usableFromInline let cells: FixedTable<Cell>

    /// - Parameter weights: one for each backend, each below 2³² and not more than 2¹⁶ · 2³¹ in all per 2¹⁶ backends.
    @usableFromInline
    init(_ weights: [UInt32]) {
        let count = UInt64(weights.count)
        let total = weights.reduce(0 as UInt64) { $0 + UInt64($1) }
        guard total > 0 else {
            cells = FixedTable([])
            return
        }
        // In units in which a cell holds `total`, a backend has weight × count: up to 2³¹ · 2³¹.
        var rest = weights.map { UInt64($0) * count }
        var small: [Int] = []
        var large: [Int] = []
        for index in weights.indices {
            if rest[index] < total { small.append(index) } else { large.append(index) }
        }
        var cells = weights.indices.map { Cell(own: .max, alias: UInt32(truncatingIfNeeded: $0)) }
        while let poor = small.popLast(), let rich = large.last {
            cells[poor] = Cell(
                own: total.dividingFullWidth((rest[poor], 0)).quotient, alias: UInt32(truncatingIfNeeded: rich))
            rest[rich] -= total - rest[poor]
            if rest[rich] < total {
                large.removeLast()
                small.append(rich)
            }
        }
        self.cells = FixedTable(cells)
    }

    /// The backend that 64 random bits stand for; the table must not be empty.
    @inlinable
    func backend(for random: UInt64) -> Int {
        let (high, low) = random.multipliedFullWidth(by: UInt64(truncatingIfNeeded: cells.count))
        let cell = cells[Int(truncatingIfNeeded: high)]
        return low < cell.own ? Int(truncatingIfNeeded: high) : Int(cell.alias)
    }
}
