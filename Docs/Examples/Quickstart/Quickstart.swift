import LoadBalancing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Every policy of the package against real servers that become slow and die, and then the rules that work with all of them, in
/// under a minute.
@main
struct Quickstart {
    /// Requests per second: a good third of what the servers can do together while they are well.
    static let rate = 1000.0

    /// Requests per policy: 40 s in all, however many policies there are, and at most 4.5 s for each.
    static func requestCount(policyCount: Int) -> Int {
        min(40_000 / policyCount, 4500)
    }

    static func main() async {
        let terminal = Terminal()
        do {
            let arguments = try Arguments(CommandLine.arguments.dropFirst())
            if arguments.wantsHelp { return print(Arguments.usage) }
            try await run(arguments, terminal: terminal)
        } catch let error as UnknownPolicyError {
            terminal.report("Quickstart: \(error)")
            exit(2)
        } catch let error as ArgumentError {
            terminal.report("Quickstart: \(error)")
            exit(2)
        } catch {
            terminal.report("Quickstart: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: Arguments, terminal: Terminal) async throws {
        let json = try arguments.jsonPath.map { try OutputFile(creating: $0) }
        let policies = arguments.policies
        let count = arguments.requestsPerPolicy ?? requestCount(policyCount: policies.count)
        try Socket.require(count: Load.socketCount)
        let load = Load(requestCount: count, rate: rate, seed: 1)
        print(Report.introduction(load: load, roundCount: policies.count))
        fflush(nil)

        var results: [RoundResult] = []
        for (number, (name, policy)) in policies.enumerated() {
            let result = try Round(name: name, policy: policy, load: load).run { progress in
                terminal.show(
                    "[\(number + 1)/\(policies.count)] \(name): "
                        + "\(progress.requests)/\(count) requests, \(progress.errors) errors")
            }
            results.append(result)
        }
        terminal.show("")
        print(Report(results: results).text)

        print(BadDayResult.introduction)
        let badDay = try await BadDay(rate: rate).run { entry in
            print(entry.line)
            fflush(nil)
        }
        print(badDay.text)
        try json?.write(JSONReport(results: results, load: load, badDay: badDay).text)
    }
}
