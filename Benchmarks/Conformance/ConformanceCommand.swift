/// `Benchmarks conformance`: whether picks agree with those of existing programs.
struct ConformanceCommand: VectorFolderCommand {
    typealias Outcome = FileConformance

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

    static let vectors = "vector files"
    static let disagreement = "not all picks agree"

    let path: String
    let json: String?

    static func isPassedOver(_ name: String, in folder: VectorFolder) -> Bool { folder.isKeyList(name) }
}
