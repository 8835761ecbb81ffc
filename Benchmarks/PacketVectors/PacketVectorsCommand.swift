/// `Benchmarks packet-vectors`: whether the packet engine does what a folder of vectors says.
struct PacketVectorsCommand: VectorFolderCommand {
    typealias Outcome = PacketFileOutcome

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

    static let vectors = "packet vectors"
    static let disagreement = "not all frames are as they should be"

    let path: String
    let json: String?
}
