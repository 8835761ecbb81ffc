/// Rows and columns of text, as wide as they need to be.
struct Table {
    private let header: [String]
    private var rows: [[String]] = []

    /// Creates a table; the first column stands on the left, the others on the right.
    init(_ header: [String]) {
        self.header = header
    }

    mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// The lines of the table.
    var text: String {
        let widths = header.indices.map { column in
            ([header] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return ([header] + rows).map { row in
            let line = row.enumerated().map { column, cell in
                cell.padded(to: widths[column], column == 0 ? .leading : .trailing)
            }
            return line.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
