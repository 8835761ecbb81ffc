/// What the command line asks for.
struct Arguments {
    var configuration = ""
    var capture = ""
    var output: String?
    var json: String?
    var interface: String?
    var explains = false
    var wantsHelp = false

    static let usage = """
        Usage: PcapReplay CONFIGURATION CAPTURE [--output FILE] [--json FILE] [--interface NAME] [--explain]

        Sends the frames of a capture through the packet engine and lists what becomes of each.

          CONFIGURATION     services, interfaces and neighbours as JSON; lab.json is one
          CAPTURE           a pcap or pcapng file of Ethernet frames
          --output FILE     write the frames that the engine sends as a pcap file
          --json FILE       write the listing as JSON too
          --interface NAME  the interface of the configuration that frames come in on, where the capture does not name it;
                            the first one unless you say otherwise
          --explain         say of each frame why
          --help            show this text

        Exit codes: 0 replayed, 1 a file cannot be read or written, 2 wrong usage.
        """

    init(_ words: some Sequence<String>) throws(ArgumentError) {
        var files: [String] = []
        var words = words.makeIterator()
        func value(of option: String) throws(ArgumentError) -> String {
            guard let value = words.next() else { throw ArgumentError("\(option) needs a value") }
            return value
        }
        while let word = words.next() {
            switch word {
            case "--output": output = try value(of: word)
            case "--json": json = try value(of: word)
            case "--interface": interface = try value(of: word)
            case "--explain": explains = true
            case "--help", "-h": wantsHelp = true
            case _ where word.hasPrefix("-"): throw ArgumentError("there is no option \"\(word)\"; see --help")
            default: files.append(word)
            }
        }
        if wantsHelp { return }
        guard files.count == 2 else {
            throw ArgumentError("a configuration and a capture are needed, not \(files.count) files; see --help")
        }
        (configuration, capture) = (files[0], files[1])
    }
}

/// The command line cannot be understood.
struct ArgumentError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
