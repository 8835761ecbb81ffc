/// What the command line asks for.
struct Arguments {
    var names: [String] = []
    var json: String?
    var isQuick = false
    var soak: Duration?
    var wantsList = false
    var wantsHelp = false

    static let usage = """
        usage: Layer4Lab [SCENARIO …] [--quick] [--minutes M] [--json FILE]

        Builds clients, a router, balancers and servers as network namespaces of this machine, puts the real Layer4Balancer
        between them, lets things happen to it, and says what held. Needs root, Linux and iproute2; the scenario `web` also
        nginx, curl and iperf3. Everything is removed at the end, also by Ctrl-C.

          SCENARIO     those whose names begin so; all unless you say otherwise
          --list       what scenarios there are
          --quick      a tenth of the packets and connections
          --minutes M  how long each soak is; 20 seconds unless you say otherwise
          --json FILE  writes the verdicts as JSON too
          --help       this text

        exit status: 0 all holds; 1 something does not; 2 wrong use; 3 there can be no lab here; 130 stopped
        """

    init(_ words: some Sequence<String>) throws(ArgumentError) {
        var words = words.makeIterator()
        while let word = words.next() {
            switch word {
            case "--json":
                guard let file = words.next() else { throw ArgumentError("--json needs a file") }
                json = file
            case "--minutes":
                guard let word = words.next(), let minutes = Double(word), minutes > 0, minutes <= 10_080 else {
                    throw ArgumentError("--minutes needs a number of minutes up to 10080, a week")
                }
                soak = .seconds(minutes * 60)
            case "--quick": isQuick = true
            case "--list": wantsList = true
            case "--help", "-h": wantsHelp = true
            case _ where word.hasPrefix("-"): throw ArgumentError("there is no option \"\(word)\"; see --help")
            default: names.append(word)
            }
        }
    }

    /// The scenarios that are wanted.
    func scenarios(of all: [Scenario]) throws(ArgumentError) -> [Scenario] {
        guard !names.isEmpty else { return all }
        for name in names where !all.contains(where: { $0.name.hasPrefix(name) }) {
            throw ArgumentError("no scenario begins with \"\(name)\"; see --list")
        }
        return all.filter { scenario in names.contains { scenario.name.hasPrefix($0) } }
    }
}

/// The command line cannot be understood.
struct ArgumentError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
