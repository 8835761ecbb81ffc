/// What the command line asks for.
enum Arguments: Hashable, Sendable {
    /// Forward until somebody says otherwise.
    case run(file: String)
    /// Say what is wrong with a file.
    case check(file: String)
    /// Say what a backend of the file's services, which is this host, has to do.
    case checkBackend(file: String)
    /// Ask the daemon that listens at a socket, and put a file that it sends where it is wanted.
    case ask(ControlRequest, socket: String, output: String?)
    case help

    static let usage = """
        usage: Layer4Balancer [--check | --check-backend] CONFIGURATION.json
               Layer4Balancer COMMAND [--socket PATH] [--json]

        Forwards packets between the interfaces of the configuration until SIGTERM (which waits for connections) or SIGINT
        (which does not). SIGHUP reads the configuration again.

          --check                      read the configuration, say what is wrong with it or what to mind, and end
          --check-backend              say what is in the way on this host, if it is a backend
          --help                       this text

        Commands ask the daemon that runs:

          list                         backends: state, weight, flows, and why
          flows                        flows of each backend by where they stand
          stats                        what Prometheus would scrape
          drain SERVICE [BACKEND] [--wait [SECONDS]]
                                       no new flows; --wait returns when none is left, with an error after SECONDS
          down SERVICE [BACKEND]       nothing more goes there
          up SERVICE [BACKEND]         it takes new flows, unless its probes say otherwise
          weight SERVICE BACKEND N     another share of new flows, until the daemon ends
          explain FROM TO [udp]        what would become of a packet on the first interface, and why:
                                       explain 192.0.2.7:40000 203.0.113.1:80
          capture FILE [REASON]        writes the latest dropped packets for Wireshark
          reload                       reads the configuration again
          stop [--wait]                ends the daemon; --wait lets it wait for connections first

          --socket PATH                the control socket; \(DaemonConfiguration.standardControl) unless you say otherwise
          --json                       list, flows and explain as JSON

        exit status: 0 done; 1 something is not as it should be; 2 wrong use
        """

    init(_ words: some Sequence<String>) throws(ArgumentError) {
        var words = Array(words)
        if words.contains("--help") || words.contains("-h") {
            self = .help
            return
        }
        let socket = try Self.take("--socket", from: &words) ?? DaemonConfiguration.standardControl
        let isJSON = Self.takeFlag("--json", from: &words)
        if let first = words.first, let command = ControlRequest.Command(rawValue: first) {
            var request = ControlRequest(command)
            request.isJSON = isJSON ? true : nil
            let output = try request.read(&words)
            self = .ask(request, socket: socket, output: output)
            return
        }
        let isCheck = Self.takeFlag("--check", from: &words)
        let isBackend = Self.takeFlag("--check-backend", from: &words)
        guard words.count == 1, let file = words.first, !file.hasPrefix("-") else {
            throw ArgumentError("a configuration or a command is needed; see --help")
        }
        self = isBackend ? .checkBackend(file: file) : isCheck ? .check(file: file) : .run(file: file)
    }

    private static func takeFlag(_ name: String, from words: inout [String]) -> Bool {
        guard let place = words.firstIndex(of: name) else { return false }
        words.remove(at: place)
        return true
    }

    private static func take(_ name: String, from words: inout [String]) throws(ArgumentError) -> String? {
        guard let place = words.firstIndex(of: name) else { return nil }
        guard place + 1 < words.count else { throw ArgumentError("\(name) needs a value") }
        let value = words[place + 1]
        words.removeSubrange(place...place + 1)
        return value
    }
}

extension ControlRequest {
    /// Reads what stands behind the command; gives the file that is to be written.
    fileprivate mutating func read(_ words: inout [String]) throws(ArgumentError) -> String? {
        if let place = words.firstIndex(of: "--wait") {
            waits = true
            if command == .drain, place + 1 < words.count, let seconds = Double(words[place + 1]) {
                guard (0...86_400).contains(seconds) else {
                    throw ArgumentError("--wait takes 0 to 86400 seconds, not \(words[place + 1])")
                }
                deadline = seconds
                words.remove(at: place + 1)
            }
            words.remove(at: place)
        }
        let operands = Array(words.dropFirst())
        if let option = operands.first(where: { $0.hasPrefix("--") }) {
            throw ArgumentError("there is no option \"\(option)\"; see --help")
        }
        let allowed: ClosedRange<Int> =
            switch command {
            case .list, .flows, .stats, .reload, .stop: 0...0
            case .drain, .up, .down, .capture: 1...2
            case .explain: 2...3
            case .weight: 3...3
            }
        guard allowed ~= operands.count else {
            throw ArgumentError("\(command.rawValue) does not take \(operands.count) words; see --help")
        }
        switch command {
        case .list, .flows, .stats, .reload, .stop: break
        case .drain, .up, .down:
            service = operands[0]
            backend = operands.dropFirst().first
        case .weight:
            (service, backend, weight) = (operands[0], operands[1], Int(operands[2]))
            if weight == nil { throw ArgumentError("a weight is a number, not \"\(operands[2])\"") }
        case .explain:
            (from, to, transport) = (operands[0], operands[1], operands.dropFirst(2).first)
            if let transport, transport != "tcp", transport != "udp" {
                throw ArgumentError("a packet is \"tcp\" or \"udp\", not \"\(transport)\"")
            }
        case .capture:
            reason = operands.dropFirst().first
            return operands[0]
        }
        return nil
    }
}

/// The command line cannot be understood.
struct ArgumentError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
