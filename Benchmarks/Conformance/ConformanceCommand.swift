/// `Benchmarks conformance`: whether picks agree with those of existing programs.
struct ConformanceCommand: Subcommand {
    static let name = "conformance"
    static let summary = "whether rings, tables and orders agree with the answers of existing programs"

    static var help: String {
        """
        Recomputes every pick of a folder of vector files, each of which has the answers of an existing program.

        usage: Benchmarks conformance DIR [--json FILE] [--help]

          DIR            a folder of .json files; \(VectorFolder.standardKeys) in it has keys, the others have vectors
          --json FILE    write the outcome of every file as JSON
          --help         this text

        A vector file is an object:
          program        what was asked; how it begins says what recomputes the picks
          keys           the name of a file beside it with a list of strings, or the list itself
                         (\(VectorFolder.standardKeys) unless said otherwise; a case may have its own)
          cases          objects, each with
            case         a name for messages; may be left out
            endpoints    the servers' names, as the program knows them
            weights      as many numbers, of 0 and above
            pick         for each key the position of the server, counted from 0; null for none
            down         positions of servers that are down (nginx only); may be left out

        Programs, what of this package recomputes their picks, and the further members of their cases:
        \(Peer.help)

        Only the servers, the settings and the keys are taken from a file; the picks are our own. HAProxy's round robin is an
        order that no policy of the package has; a model in this tool recomputes it, so it says nothing about the package.

        Exit codes: 0 all agree, 1 a pick differs (the first \(Comparison.shown) of each file are shown) or the JSON cannot be
        written, 2 wrong usage, or a file or the folder cannot be read and nothing differs.
        """
    }

    private let path: String
    private let json: String?

    init(_ arguments: inout Arguments) throws {
        json = try arguments.option("--json")
        guard let path = arguments.word() else { throw UsageError(message: "a folder of vector files is needed") }
        self.path = path
    }

    func run() throws {
        let progress = Progress()
        let files = try Self.check(path) { progress.show($0) }
        progress.clear()
        print("$ \(Report.command)\n\n\(files.text)")
        if let json { try Report.write(files, to: json) }
        if files.contains(where: { $0.outcome == .differs }) {
            throw CommandFailure(message: "not all picks agree", code: 1)
        }
        if files.contains(where: { $0.outcome == .unreadable }) {
            throw CommandFailure(message: "not all files can be read", code: 2)
        }
    }

    /// Checks all files of a folder, telling the name of each before.
    static func check(_ path: String, tell: (String) -> Void = { _ in }) throws(CommandFailure) -> [FileConformance] {
        let folder: VectorFolder
        do throws(VectorError) {
            folder = try VectorFolder(path: path)
        } catch {
            throw CommandFailure(message: error.description, code: 2)
        }
        let names = folder.names.filter { !folder.isKeyList($0) }
        guard !names.isEmpty else { throw CommandFailure(message: "\(path) has no vector files", code: 2) }
        return names.map { name in
            tell(name)
            return FileConformance(name, in: folder)
        }
    }
}
