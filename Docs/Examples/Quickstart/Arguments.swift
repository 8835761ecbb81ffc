import LoadBalancing

/// What the command line asks for.
struct Arguments {
    /// The policies to run, with the names that configurations know them by.
    var policies = PolicyName.allCases.map { (name: $0.rawValue, policy: $0.policy) }
    var requestsPerPolicy: Int?
    var jsonPath: String?
    var wantsHelp = false

    static let usage = """
        Usage: Quickstart [--policy NAME] [--requests N] [--json FILE]

        Starts HTTP servers in this process and sends them real requests through the balancer, one round for each policy.
        Half-way through each round one server becomes slow and another is killed. Then, with the rules of resilience, one
        server fails, is ejected and comes back by slow start, and another is drained.

          --policy NAME   run this policy only:\(names)
          --requests N    requests per policy, 1 to 1000000, at \(Int(Quickstart.rate)) a second
                          (\(Quickstart.requestCount(policyCount: PolicyName.allCases.count)) unless said otherwise, so \
        that the whole takes less than a minute)
          --json FILE     also write the figures to FILE
          --help          show this text
        """

    private static var names: String {
        var lines = [""]
        for name in PolicyName.allCases.map(\.rawValue) {
            if lines[lines.count - 1].count + name.count > 90 { lines.append("") }
            lines[lines.count - 1] += name + " "
        }
        return lines.map { "\n                  " + $0.dropLast() }.joined()
    }

    init(_ words: some Sequence<String>) throws {
        var words = words.makeIterator()
        func value(of option: String) throws(ArgumentError) -> String {
            guard let value = words.next() else { throw ArgumentError("\(option) needs a value") }
            return value
        }
        while let word = words.next() {
            switch word {
            case "--policy":
                let name = try value(of: word)
                policies = [(name, try AnyPolicy(named: name))]
            case "--requests":
                let text = try value(of: word)
                guard let count = Int(text), 1...1_000_000 ~= count else {
                    throw ArgumentError("--requests needs a number from 1 to 1000000, not \"\(text)\"")
                }
                requestsPerPolicy = count
            case "--json":
                jsonPath = try value(of: word)
            case "--help", "-h":
                wantsHelp = true
            default:
                throw ArgumentError("there is no option \"\(word)\"; see --help")
            }
        }
    }
}

/// The command line cannot be understood.
struct ArgumentError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
