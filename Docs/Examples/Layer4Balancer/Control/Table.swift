/// Lines of columns that stand below each other.
enum Table {
    /// A line of a table.
    protocol Line {
        static var heading: [String] { get }
        var columns: [String] { get }
    }

    static func text<Row: Line>(_ lines: [Row]) -> String {
        let rows = [Row.heading] + lines.map(\.columns)
        let widths = Row.heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
                .joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
