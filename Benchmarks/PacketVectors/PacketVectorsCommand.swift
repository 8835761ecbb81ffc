import Foundation

/// `Benchmarks packet-vectors`: whether the packet engine does what a folder of vectors says.
struct PacketVectorsCommand: Subcommand {
    static let name = "packet-vectors"
    static let summary = "whether the packet engine sends what a folder of frames says"

    static var help: String {
        """
        Runs every file of a folder of packet vectors through the packet engine, a fresh one for each case.

        usage: Benchmarks packet-vectors DIR [--json FILE] [--help]

          DIR            a folder of .json files
          --json FILE    write the outcome of every file as JSON
          --help         this text

        A file is an array of cases with a name, a config and steps. A step is a frame that comes in, in hexadecimal, with
        the frames that are to be sent or the verdict that is to be given, or something that control says.

        Exit codes: 0 all as it should be, 1 something differs (the first \(PacketFileOutcome.shown) of each file are shown)
        or the JSON cannot be written, 2 wrong usage, or a file or the folder cannot be read and nothing differs.
        """
    }

    private let path: String
    private let json: String?

    init(_ arguments: inout Arguments) throws {
        json = try arguments.option("--json")
        guard let path = arguments.word() else { throw UsageError(message: "a folder of packet vectors is needed") }
        self.path = path
    }

    func run() throws {
        let progress = Progress()
        let files = try Self.check(path) { progress.show($0) }
        progress.clear()
        print("$ \(Report.command)\n\n\(files.text)")
        if let json { try Report.write(files, to: json) }
        if files.contains(where: { $0.mismatchCount > 0 }) {
            throw CommandFailure(message: "not all frames are as they should be", code: 1)
        }
        if files.contains(where: { $0.reason != nil }) {
            throw CommandFailure(message: "not all files can be read", code: 2)
        }
    }

    /// Runs all files of a folder, telling the name of each before.
    static func check(_ path: String, tell: (String) -> Void = { _ in }) throws(CommandFailure) -> [PacketFileOutcome] {
        let folder: VectorFolder
        do throws(VectorError) {
            folder = try VectorFolder(path: path)
        } catch {
            throw CommandFailure(message: error.description, code: 2)
        }
        guard !folder.names.isEmpty else { throw CommandFailure(message: "\(path) has no vector files", code: 2) }
        return folder.names.map { name in
            tell(name)
            return PacketFileOutcome(name, in: folder)
        }
    }
}

/// What came of one file of packet vectors.
struct PacketFileOutcome: Encodable {
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

extension [PacketFileOutcome] {
    /// A readable table, and below it what went wrong.
    var text: String {
        var table = Table(["file", "cases", "steps", "mismatches"])
        for file in self {
            let count = file.reason == nil ? "\(file.mismatchCount)" : "unreadable"
            table.add([file.file, "\(file.cases)", "\(file.steps)", count])
        }
        table.add(
            [
                "all", "\(reduce(0) { $0 + $1.cases })", "\(reduce(0) { $0 + $1.steps })",
                "\(reduce(0) { $0 + $1.mismatchCount })",
            ])
        let details = flatMap { file in
            file.mismatches.map { "\(file.file), \($0.case), step \($0.step): \($0.text)" }
                + (file.reason.map { ["\(file.file): \($0)"] } ?? [])
        }
        return details.isEmpty ? table.text : table.text + "\n\n" + details.joined(separator: "\n")
    }
}
