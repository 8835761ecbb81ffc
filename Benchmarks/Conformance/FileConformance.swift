/// What came of one file of vectors.
struct FileConformance: VectorOutcome {
    enum Outcome: String, Encodable {
        case agrees, differs, unreadable
    }

    let file: String
    var outcome: Outcome
    /// The program that the file names.
    var program: String?
    /// What of this package, or of this tool, recomputed the picks.
    var recipe: String?
    var cases = 0
    var picks = 0
    var mismatchCount = 0
    /// The first mismatches.
    var mismatches: [Mismatch] = []
    /// Why the file cannot be read.
    var reason: String?

    /// Reads a file and recomputes all its picks.
    init(_ name: String, in folder: VectorFolder) {
        file = name
        outcome = .unreadable
        do throws(VectorError) {
            let vectors = try VectorFile(folder.data(name))
            program = vectors.program
            let recipe = try Peer(program: vectors.program).recipe(program: vectors.program)
            self.recipe = recipe.title
            let comparison = try Self.compare(vectors, recipe, folder)
            cases = vectors.cases.count
            picks = comparison.picks
            mismatchCount = comparison.mismatchCount
            mismatches = comparison.mismatches
            outcome = mismatchCount == 0 ? .agrees : .differs
        } catch {
            reason = error.description
        }
    }

    private static func compare(
        _ vectors: VectorFile, _ recipe: any Recipe, _ folder: VectorFolder
    ) throws(VectorError) -> Comparison {
        guard !vectors.cases.isEmpty else { throw VectorError("there are no cases") }
        var all = Comparison()
        for (number, vector) in vectors.cases.enumerated() {
            let name = vector.case.map { "\($0) (case \(number))" } ?? "case \(number)"
            do throws(VectorError) {
                let keys = recipe.needsKeys ? try folder.keys(vector.keys ?? vectors.keys) : []
                all.add(try recipe.compare(vector, name: name, keys: keys))
            } catch {
                throw VectorError("\(name): \(error)")
            }
        }
        return all
    }
}

extension FileConformance {
    /// A readable table, and below it what went wrong.
    static func text(of files: [Self]) -> String {
        var table = Table(["file", "asked of", "cases", "picks", "mismatches"])
        for file in files {
            let isRead = file.outcome != .unreadable
            table.add([
                file.file, file.recipe ?? "–", isRead ? file.cases.grouped : "–", isRead ? file.picks.grouped : "–",
                isRead ? file.mismatchCount.grouped : "unreadable",
            ])
        }
        return ([table.text] + files.flatMap(\.complaints) + [summary(of: files)]).joined(separator: "\n\n")
    }

    /// The numbers of files that agree, that differ, and that cannot be read.
    private static func summary(of files: [Self]) -> String {
        let outcomes: [Outcome] = [.agrees, .differs, .unreadable]
        let counts = outcomes.map { outcome in "\(files.count { $0.outcome == outcome }) \(outcome.rawValue)" }
        return "files: " + counts.joined(separator: ", ")
    }

    /// What is wrong with the file, or with us.
    private var complaints: [String] {
        if let reason { return ["\(file) cannot be read: \(reason)"] }
        guard mismatchCount > 0 else { return [] }
        let lines = mismatches.map { "  \($0.case), \($0.key): expected \($0.expected), got \($0.got)" }
        let rest = mismatchCount - mismatches.count
        let more = rest > 0 ? ["  and \(rest.grouped) more"] : []
        return [(["\(file) differs:"] + lines + more).joined(separator: "\n")]
    }
}
