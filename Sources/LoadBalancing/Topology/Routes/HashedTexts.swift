/// Numbers by the hash of a text: open addressing, at most half full.
struct HashedTexts: Sendable {
    private struct Cell: BitwiseCopyable, Sendable {
        var hash: UInt64 = 0
        var number: Int32 = -1
    }

    private let cells: FixedTable<Cell>
    private let shift: UInt64

    init(_ keys: [(hash: UInt64, number: Int32)]) {
        var bits: UInt64 = 1
        while 1 << bits < 2 * keys.count { bits += 1 }
        shift = 64 - bits
        var cells = Array(repeating: Cell(), count: 1 << bits)
        for key in keys {
            var index = Int(truncatingIfNeeded: key.hash >> shift)
            while cells[index].number >= 0 { index = (index + 1) & (cells.count - 1) }
            cells[index] = Cell(hash: key.hash, number: key.number)
        }
        self.cells = FixedTable(cells)
    }

    /// The number of a hash, which has to be well mixed at its upper end, that `isSame` accepts; -1 if there is none.
    @inline(__always)
    func find(_ hash: UInt64, where isSame: (Int32) -> Bool) -> Int32 {
        var index = Int(truncatingIfNeeded: hash &>> shift)
        while true {
            let cell = cells[index]
            guard cell.number >= 0 else { return -1 }
            if cell.hash == hash, isSame(cell.number) { return cell.number }
            index = (index &+ 1) & (cells.count &- 1)
        }
    }
}
