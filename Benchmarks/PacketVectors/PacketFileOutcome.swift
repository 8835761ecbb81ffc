import Foundation

/// What came of one file of packet vectors.
struct PacketFileOutcome: VectorOutcome {
    struct Mismatch: Encodable {
        let `case`: String
        let step: Int
        let text: String
    }

    static let shown = 5

    let file: String
    var cases = 0
    var steps = 0
    var mismatchCount = 0
    /// The first mismatches.
    var mismatches: [Mismatch] = []
    /// Why the file cannot be read.
    var reason: String?

    /// Reads a file and runs its cases.
    init(_ name: String, in folder: VectorFolder) {
        file = name
        do throws(VectorError) {
            for (number, vector) in try Self.cases(folder.data(name)).enumerated() {
                try run(vector, number)
            }
        } catch {
            reason = error.description
        }
    }

    private static func cases(_ data: Data) throws(VectorError) -> [PacketCase] {
        let cases: [PacketCase]
        do {
            cases = try JSONDecoder().decode([PacketCase].self, from: data)
        } catch {
            throw VectorError("no packet vectors: \(error)")
        }
        guard !cases.isEmpty else { throw VectorError("there are no cases") }
        return cases
    }

    private mutating func run(_ vector: PacketCase, _ number: Int) throws(VectorError) {
        do throws(VectorError) {
            var run = try PacketCaseRun(vector)
            try run.run()
            cases += 1
            steps += run.steps
            mismatchCount += run.mismatches.count
            let room = max(0, Self.shown - mismatches.count)
            mismatches += run.mismatches.prefix(room).map {
                Mismatch(case: vector.name, step: $0.step, text: $0.text)
            }
        } catch {
            throw VectorError("\(vector.name) (case \(number)): \(error)")
        }
    }
}

extension PacketFileOutcome {
    /// A readable table, and below it what went wrong.
    static func text(of files: [Self]) -> String {
        var table = Table(["file", "cases", "steps", "mismatches"])
        for file in files {
            let count = file.reason == nil ? "\(file.mismatchCount)" : "unreadable"
            table.add([file.file, "\(file.cases)", "\(file.steps)", count])
        }
        table.add(
            [
                "all", "\(files.reduce(0) { $0 + $1.cases })", "\(files.reduce(0) { $0 + $1.steps })",
                "\(files.reduce(0) { $0 + $1.mismatchCount })",
            ])
        let details = files.flatMap { file in
            file.mismatches.map { "\(file.file), \($0.case), step \($0.step): \($0.text)" }
                + (file.reason.map { ["\(file.file): \($0)"] } ?? [])
        }
        return details.isEmpty ? table.text : table.text + "\n\n" + details.joined(separator: "\n")
    }
}
