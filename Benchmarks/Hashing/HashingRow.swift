/// The figures of one construction over one number of backends.
struct HashingRow: Codable {
    let subject: HashingSubject
    let backends: Int
    let nanoseconds: [HashingColumn: Measurement]

    func median(_ column: HashingColumn) -> Double? { nanoseconds[column]?.median }

    /// A readable table of all rows.
    static func text(of rows: [HashingRow]) -> String {
        let columns = HashingColumn.allCases
        var table = Table(["hashing, ns", "backends"] + columns.map(\.title))
        for row in rows {
            let cells = columns.map { column in
                row.nanoseconds[column].map { column == .build ? $0.timeCell : $0.cell } ?? "–"
            }
            table.add([row.subject.rawValue, row.backends.grouped] + cells)
        }
        return table.text
    }
}

/// What is timed.
enum HashingSubject: String, Codable {
    case maglev = "Maglev, 65,537 slots"
    case ketama = "ring, libmemcached"
    case ring = "ring, standard"
    case rendezvous, jump
    case memento = "Memento"
    case multiProbe = "multi-probe"
}

/// What is timed of a construction.
enum HashingColumn: String, CaseIterable, Codable, CodingKeyRepresentable {
    case table, owned, shared1, shared2, key, build

    var title: String {
        switch self {
        case .table: "table"
        case .owned: "owned"
        case .shared1: "shared ×1"
        case .shared2: "shared ×2"
        case .key: "16-byte key"
        case .build: "build"
        }
    }
}
