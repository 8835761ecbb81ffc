import LoadBalancing

/// `Benchmarks simulate`: what policies do to users on good days and on bad ones.
struct SimulateCommand: Subcommand {
    static let name = "simulate"
    static let summary = "waiting times, errors and recovery of every policy, simulated with the real balancers"

    static var help: String {
        """
        Sends millions of simulated requests through the real balancers, on a clock of its own: nothing sleeps.

        usage: Benchmarks simulate --all | --only SCENARIO,... [options]

        \(scenarios)

        options:
          --policies A,B,...   who is compared: \(Contender.all.map(\.name).joined(separator: ", "))
          --seed N             the first seed (1)
          --seeds N            how many seeds, one after another (9)
          --quick              shorter runs, 3 seeds: to look at, not to compare
          --json FILE          write all figures as JSON; Benchmarks/Plots/simulate.py draws them
          --help               this text

        columns:
          p50, p99, p99.9      milliseconds from request to answer, median of the seeds ± half of their range
          ÷ bound              the same over that of somebody who sees all queues (the last row) and the same requests,
                               median of the seeds' ratios
          errors               in percent of the requests
          in flight            the most on one server; for the server that is bad or new, where there is one
          share                what that server got, in percent of its fair share
          avoided              ms until 50 ms of picks, of all seeds, have less than a tenth of its fair share
          back                 ms from when it is well until it has half of its fair share over 500 ms
          errors end           ms until fewer than one request in a hundred fails, over 100 ms
          away, standby        requests in other zones than their balancer's, and in the tier behind, in percent: before, and in
                               the second half of the time in which the zone is lost

        Without --policies each scenario shows those that it has something to say of, among them policies with one rule each
        ("power-of-two-choices+outliers") where the rule is a remedy.

        Equal seeds give equal figures. --all takes some six minutes of processor time, shared by the cores; one seed is
        nine times as quick. Exit codes: 0 fine (also where a reference or a goal is missed), 1 something could not be
        written, 2 wrong usage.
        """
    }

    private static var scenarios: String {
        Scenario.allCases.map { "  \($0.rawValue.padded(to: 17, .leading))\($0.summary)" }.joined(separator: "\n")
    }

    /// Everything that was found.
    private struct Results: Encodable {
        let command: String
        let seeds: [UInt64]
        let summaries: [Summary]
        let reference: [ReferenceRow.Comparison]
        let goals: [Goal.Outcome]
    }

    private let scenarios: [Scenario]
    private let contenders: [Contender]?
    private let seeds: [UInt64]
    private let isQuick: Bool
    private let json: String?

    init(_ arguments: inout Arguments) throws {
        let all = arguments.flag("--all")
        isQuick = arguments.flag("--quick")
        json = try arguments.option("--json")
        let named = try arguments.list("--only", of: Scenario.allCases.map { ($0.rawValue, $0) })
        guard let chosen = all ? Scenario.allCases : named else {
            throw UsageError(message: "simulate needs --all or --only SCENARIO")
        }
        scenarios = chosen
        contenders = try arguments.list("--policies", of: Contender.all.map { ($0.name, $0) })
        let first = try arguments.number("--seed") ?? 1
        let count = try arguments.number("--seeds") ?? (isQuick ? 3 : 9)
        seeds = (0..<UInt64(max(count, 1))).map { UInt64(first) &+ $0 }
    }

    func run() throws {
        let progress = Progress()
        let tournament = Tournament(chosen: contenders, seeds: seeds, progress: progress)
        print("$ " + Report.command)
        var results: [Tournament.Result] = []
        for scenario in scenarios {
            let found = try tournament.run(scenario, setups: scenario.setups(quick: isQuick))
            progress.clear()
            for result in found { print("\n" + result.text) }
            results += found
        }
        let summaries = results.flatMap(\.summaries)
        let comparisons = isQuick ? [] : ReferenceRow.compare(summaries)
        if !comparisons.isEmpty { print("\n" + ReferenceRow.text(of: comparisons)) }
        let outcomes = isQuick ? [] : Goal.outcomes(summaries)
        if !outcomes.isEmpty { print("\n" + Goal.text(of: outcomes)) }
        guard let json else { return }
        try Report.write(
            Results(
                command: Report.command, seeds: seeds, summaries: summaries, reference: comparisons, goals: outcomes),
            to: json)
    }
}

extension Arguments {
    /// The values of an option whose words, separated by commas, are among `known`.
    mutating func list<Value>(_ name: String, of known: [(String, Value)]) throws(UsageError) -> [Value]? {
        guard let text = try option(name) else { return nil }
        var values: [Value] = []
        for word in text.split(separator: ",") {
            guard let value = known.first(where: { $0.0 == word })?.1 else {
                let names = known.map(\.0).joined(separator: ", ")
                throw UsageError(message: "\(name) does not know \"\(word)\"; use some of \(names)")
            }
            values.append(value)
        }
        return values
    }

    /// The number of an option, 0 or more.
    mutating func number(_ name: String) throws(UsageError) -> Int? {
        guard let text = try option(name) else { return nil }
        guard let number = Int(text), number >= 0 else { throw UsageError(message: "\(name) needs a number") }
        return number
    }
}
