import LoadBalancing

/// `Benchmarks balance`: how evenly keys spread, and how few of them move.
struct BalanceCommand: Subcommand {
    static let name = "balance"
    static let summary = "how evenly rings and tables spread keys, and how few they move"

    static var help: String {
        """
        Measures the ways to spread keys over backends: shares, keys moved, memory and time.

        usage: Benchmarks balance [options]

          --only NAME          one construction, or those whose names begin so: \(known)
          --backends 5,10,...  numbers of backends, 2 to 10000 (5,10,100,1000; with --quick 5,100)
          --quick              100,000 keys and 2 repetitions instead of 1,000,000 and 4
          --seed N             of the keys, of what fails and of what is removed (1)
          --json FILE          write all figures as JSON
          --help               this text

        Backends are named 10.a.b.c:8080 and have equal weights, or 1 to 10 in turn. The keys are hashes of odd numbers;
        constructions that look at every backend are asked for fewer. The package's own tables have 65,537 slots for up to
        100 backends and 655,373 for up to 1,000; where weights differ, so many that the least has 655. It takes some
        minutes, and tells how many.

        columns:
          slots, arcs    the largest and the smallest share of the key space, over the fair share; exact
          keys           the same of the keys asked, which chance makes uneven: 1,000,000 keys over 1,000 backends by a
                         perfect hash show about 1.1/0.9
          remove, add    keys moved over those that have to: all of the removed backend; the fair share of the new one. The mean
                         over the repetitions. Tables count slots, and have fewer than 1.00 where slots were rounded
          +10 %, −10 %   the same for the weight of one backend: the difference of the fair shares; all weights are times ten
          … down         backends fail: keys moved over keys of the dead · the largest share of a survivor over its fair
                         share, of slots where there are some. Envoy's and the rebuilt table are made anew of those left, as
                         Envoy does; the others stay, and the keys of the dead go to the next in their order
          bounded        \(BoundedRow.factor) × the fair share is the most that a backend takes, of 1,000 keys a backend placed
                         one after another: the largest share; keys moved over those that have to when a backend is removed
                         and all are placed anew; keys that are not with their first backend
          bytes          the heap that it takes, with the allocator's overhead
          build          making it from names and weights
          lookup         nanoseconds for a hash that is given, median ± half of the interquartile range

        Subsets: each of a fleet of clients uses \(SubsetSurvey.size) backends, and spreads its work over them by their weights.

          load                 the largest and the smallest load of a backend over the mean
          connections          the same of its clients
          backend leaves, …    connections that are opened when a backend leaves, one comes, or a client comes: by one client at
                               the most, and by all over what has to be opened: one for each client of the backend that leaves,
                               the fair number of clients of the new backend, the new client's own

        Exit codes: 0 fine (also where a goal is missed), 1 something could not be measured or written, 2 wrong usage.
        """
    }

    /// Everything that was measured.
    private struct Results: Encodable {
        let machine: Machine
        let plan: BalancePlan
        let seed: UInt64
        let rows: [BalanceRow]
        let subsets: [SubsetRow]
        let figures: [Figure]
    }

    private static let subsets = "subsets"
    private static var known: String { (Constructions.all.map(\.name) + [subsets]).joined(separator: "; ") }

    private let plan: BalancePlan
    private let measuresSubsets: Bool
    private let constructions: [any Construction]
    private let backends: [Int]
    private let seed: UInt64
    private let json: String?

    init(_ arguments: inout Arguments) throws {
        plan = arguments.flag("--quick") ? .quick : .full
        json = try arguments.option("--json")
        backends =
            try arguments.numbers("--backends", in: 2...10_000)
            ?? (plan.keys < 1_000_000 ? [5, 100] : [5, 10, 100, 1_000])
        let seed = try arguments.option("--seed") ?? "1"
        guard let seed = UInt64(seed) else { throw UsageError(message: "--seed needs a number, not \"\(seed)\"") }
        self.seed = seed
        guard let name = try arguments.option("--only") else {
            constructions = Constructions.all
            measuresSubsets = true
            return
        }
        constructions = Constructions.all.filter { $0.name.hasPrefix(name) }
        measuresSubsets = Self.subsets.hasPrefix(name)
        guard measuresSubsets || !constructions.isEmpty else {
            throw UsageError(message: "there is no construction \"\(name)\"; use one of \(Self.known)")
        }
    }

    func run() throws {
        let start = Stopwatch.now
        let progress = Progress()
        let survey = BalanceSurvey(plan: plan, seed: seed, progress: progress)
        var rows: [BalanceRow] = []
        var parts = ["$ " + Report.command]
        for weights in [Weights.equal, .uneven] {
            for count in backends where !constructions.isEmpty {
                var table = Table(["\(count.grouped) backends, \(weights.rawValue) weights"] + BalanceRow.header)
                for construction in constructions {
                    let row = try survey.row(construction, weights, count)
                    rows.append(row)
                    table.add([row.construction] + row.cells)
                }
                parts.append(table.text)
            }
        }
        let subsets = measuresSubsets ? try subsets(progress, &parts) : []
        let figures = (BalanceFigures(rows: rows).all + SubsetRow.figures(subsets)).filter { !$0.values.isEmpty }
        if !figures.isEmpty { parts.append(Figure.text(of: figures)) }
        parts.append("took \((Stopwatch.now - start) / 1_000_000_000) s")
        progress.clear()
        print(parts.joined(separator: "\n\n"))
        guard let json else { return }
        let results = Results(
            machine: .current, plan: plan, seed: seed, rows: rows, subsets: subsets, figures: figures)
        try Report.write(results, to: json)
    }

    private func subsets(_ progress: Progress, _ parts: inout [String]) throws -> [SubsetRow] {
        let survey = SubsetSurvey(rounds: plan.repetitions, seed: seed)
        var rows: [SubsetRow] = []
        for (clients, backends) in SubsetSurvey.fleets {
            let title = "\(clients.grouped) clients, \(backends.grouped) backends"
            progress.show("subsets, \(title)")
            var table = Table([title] + SubsetRow.header)
            for rule in SubsetRule.all {
                let row = try survey.row(rule, clients: clients, backends: backends)
                rows.append(row)
                table.add([row.rule] + row.cells)
            }
            parts.append(table.text)
        }
        return rows
    }
}
