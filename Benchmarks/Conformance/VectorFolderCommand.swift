/// What came of one file of a folder of vectors.
protocol VectorOutcome: Encodable {
    /// Reads a file and does what it says.
    init(_ name: String, in folder: VectorFolder)

    var mismatchCount: Int { get }
    /// Why the file cannot be read.
    var reason: String? { get }

    /// A readable table of all files, and below it what went wrong.
    static func text(of files: [Self]) -> String
}

/// A subcommand that goes through all vectors of a folder.
protocol VectorFolderCommand: Subcommand {
    associatedtype Outcome: VectorOutcome

    /// What a folder is to hold.
    static var vectors: String { get }
    /// What is said if there is a mismatch.
    static var disagreement: String { get }

    /// The folder.
    var path: String { get }
    /// Where the outcome is to be written as JSON.
    var json: String? { get }

    init(path: String, json: String?)

    /// Whether a file of the folder has no vectors, but something for the others.
    static func isPassedOver(_ name: String, in folder: VectorFolder) -> Bool
}

extension VectorFolderCommand {
    init(_ arguments: inout Arguments) throws {
        let json = try arguments.option("--json")
        guard let path = arguments.word() else { throw UsageError(message: "a folder of \(Self.vectors) is needed") }
        self.init(path: path, json: json)
    }

    static func isPassedOver(_ name: String, in folder: VectorFolder) -> Bool { false }

    func run() throws {
        let progress = Progress()
        let files = try Self.check(path) { progress.show($0) }
        progress.clear()
        print("$ \(Report.command)\n\n\(Outcome.text(of: files))")
        if let json { try Report.write(files, to: json) }
        if files.contains(where: { $0.mismatchCount > 0 }) {
            throw CommandFailure(message: Self.disagreement, code: 1)
        }
        if files.contains(where: { $0.reason != nil }) {
            throw CommandFailure(message: "not all files can be read", code: 2)
        }
    }

    /// Checks all files of a folder, telling the name of each before.
    static func check(_ path: String, tell: (String) -> Void = { _ in }) throws(CommandFailure) -> [Outcome] {
        let folder: VectorFolder
        do throws(VectorError) {
            folder = try VectorFolder(path: path)
        } catch {
            throw CommandFailure(message: error.description, code: 2)
        }
        let names = folder.names.filter { !isPassedOver($0, in: folder) }
        guard !names.isEmpty else { throw CommandFailure(message: "\(path) has no \(vectors)", code: 2) }
        return names.map { name in
            tell(name)
            return Outcome(name, in: folder)
        }
    }
}
