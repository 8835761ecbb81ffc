import LoadBalancing

/// `Benchmarks balance`: how evenly keys spread, and how few of them move.
struct BalanceCommand: Subcommand {
    static let name = "balance"
    static let summary = "how evenly rings and tables spread keys, and how few they move"

    static var help: String {
        """
        Measures the ways to spread keys over backends: shares, keys moved, memory and time.

        usage: Benchmarks balance [options]

          --only NAME          one construction, or those whose names begin so: \(Constructions.all.map(\.name).joined(separator: "; "))
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

        Exit codes: 0 fine (also where a goal is missed), 1 something could not be measured or written, 2 wrong usage.
        """
    }

    /// Everything that was measured.
    private struct Results: Encodable {
        let machine: Machine
        let plan: BalancePlan
        let seed: UInt64
        let rows: [BalanceRow]
        let figures: [Figure]
    }

    private let plan: BalancePlan
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
            return
        }
        constructions = Constructions.all.filter { $0.name.hasPrefix(name) }
        guard !constructions.isEmpty else {
            let known = Constructions.all.map(\.name).joined(separator: "; ")
            throw UsageError(message: "there is no construction \"\(name)\"; use one of \(known)")
        }
    }

    func run() throws {
        let start = Stopwatch.now
        let progress = Progress()
        let survey = BalanceSurvey(plan: plan, seed: seed, progress: progress)
        var rows: [BalanceRow] = []
        var parts = ["$ " + Report.command]
        for weights in [Weights.equal, .uneven] {
            for count in backends {
                var table = Table(["\(count.grouped) backends, \(weights.rawValue) weights"] + BalanceRow.header)
                for construction in constructions {
                    let row = try survey.row(construction, weights, count)
                    rows.append(row)
                    table.add([row.construction] + row.cells)
                }
                parts.append(table.text)
            }
        }
        let figures = BalanceFigures(rows: rows).all.filter { !$0.values.isEmpty }
        if !figures.isEmpty { parts.append(Figure.text(of: figures)) }
        parts.append("took \((Stopwatch.now - start) / 1_000_000_000) s")
        progress.clear()
        print(parts.joined(separator: "\n\n"))
        guard let json else { return }
        try Report.write(
            Results(machine: .current, plan: plan, seed: seed, rows: rows, figures: figures), to: json)
    }
}
