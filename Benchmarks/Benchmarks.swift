import Foundation

/// The benchmarks' command line: `Benchmarks SUBCOMMAND [options]`.
@main
struct Benchmarks {
    static var subcommands: [any Subcommand.Type] {
        [
            PicksCommand.self, BuildsCommand.self, AllocationsCommand.self, BalanceCommand.self, HashingCommand.self,
            ConformanceCommand.self, PacketVectorsCommand.self, PacketsCommand.self, SimulateCommand.self,
            RoutesCommand.self,
        ] + systemSubcommands
    }

    /// What there is on Linux alone.
    private static var systemSubcommands: [any Subcommand.Type] {
        #if os(Linux)
            [ForwardCommand.self]
        #else
            []
        #endif
    }

    static func main() {
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs a subcommand; gives the exit code.
    private static func run(_ words: [String]) -> CInt {
        guard let name = words.first, !["--help", "-h", "help"].contains(name) else {
            print(help)
            return words.isEmpty ? 2 : 0
        }
        guard let subcommand = subcommands.first(where: { $0.name == name }) else {
            return complain("there is no subcommand \"\(name)\"; see Benchmarks --help", code: 2)
        }
        var arguments = Arguments(Array(words.dropFirst()))
        if arguments.flag("--help") || arguments.flag("-h") {
            print(subcommand.help)
            return 0
        }
        do {
            let command = try subcommand.init(&arguments)
            try arguments.finish()
            try command.run()
            return 0
        } catch let error as UsageError {
            return complain("\(error.message); see Benchmarks \(name) --help", code: 2)
        } catch let error as CommandFailure {
            return complain(error.message, code: error.code)
        } catch {
            return complain("\(error)", code: 1)
        }
    }

    private static func complain(_ message: String, code: CInt) -> CInt {
        FileHandle.standardError.write(Data("Benchmarks: \(message)\n".utf8))
        return code
    }

    private static var help: String {
        """
        Measures the load-balancing algorithms on this machine.

        usage: Benchmarks SUBCOMMAND [options]

        \(subcommands.map { "  \($0.name.padded(to: 14, .leading))\($0.summary)" }.joined(separator: "\n"))

        Benchmarks SUBCOMMAND --help tells more. Build with -c release: figures of debug builds mean nothing.
        Exit codes: 0 fine, 1 something could not be measured, read or written, 2 wrong usage.
        """
    }
}

/// A thing that the tool can do.
protocol Subcommand {
    /// The word on the command line.
    static var name: String { get }
    /// One line about it.
    static var summary: String { get }
    /// The whole help text.
    static var help: String { get }

    /// Takes its options out of `arguments`.
    init(_ arguments: inout Arguments) throws

    /// Does it.
    func run() throws
}
