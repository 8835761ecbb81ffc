import LoadBalancing

/// `Benchmarks picks`: what a pick and a lease cost.
struct PicksCommand: Subcommand {
    static let name = "picks"
    static let summary = "nanoseconds a pick and a lease, for every policy"

    static var help: String {
        """
        Measures nanoseconds a pick for every policy, next to what the machine gives in the same run.

        usage: Benchmarks picks [options]

          --yardstick FILE     the output of `pickers --tsv --no-build` on this machine: adds the figures to reach,
                               with the memory and the allocations that they ask for
        \(Options.help)

        columns:
          owned          a picker in the hands of one thread, picks in line in the loop
          erased         the same as AnyPicker
          shared ×N      SharedPicker.pick by N threads at once; nanoseconds of each thread's wall time; with more
                         threads than cores from the first start to the last end, divided by the picks of one thread:
                         the sharing of the cores is part of it
          lease ×N       Balancer.lease and finish by N threads; each holds leases and ends a random earlier one
                         for each new one; the time, where it is needed, is given by the caller
          worker lease   the same through a BalancerWorker
          erased lease   the same through a LoadBalancer (AnyPolicy)
          stall ×8       the longest time that a single pick took while 8 threads picked and looked at the clock before
                         and after each; a thread that waits for a core counts as well, see the machine's own figure
          of it by others  the longest of these times without what the thread that picked had no core

        A last table has leases by one thread with rules: none, the recommended ones, and one more each.

        Each cell is the median of the runs ± half of the interquartile range. Smooth weighted round robin and weighted random
        have weights 1 … 10, the others equal ones.
        Exit codes: 0 fine (also where a goal is missed), 1 something could not be measured, read or written,
        2 wrong usage.
        """
    }

    /// Everything that was measured.
    private struct Results: Encodable {
        let machine: Machine
        let plan: Plan
        let baseline: MachineBaseline
        let policies: [PolicyPicks]
        let rules: [RuleCosts]
        let figures: [Figure]
    }

    private let options: Options
    private let yardstick: Yardstick?

    init(_ arguments: inout Arguments) throws {
        options = try Options(&arguments, backends: [3, 10, 100, 1_000, 10_000])
        yardstick = try arguments.option("--yardstick").map(Yardstick.init)
    }

    func run() throws {
        let progress = Progress()
        let baseline = MachineBaseline(plan: options.plan, progress: progress)
        var policies: [PolicyPicks] = []
        var rules: [RuleCosts] = []
        for name in options.policies {
            let (backends, plan) = (options.backends, options.plan)
            policies.append(
                try name.visit(PickSurvey(name: name, backends: backends, plan: plan, progress: progress)))
            rules.append(try name.visit(RuleSurvey(name: name, backends: backends, plan: plan, progress: progress)))
        }
        let ruleFigures = RuleCosts.figures(of: rules, machine: baseline)
        let figures = try yardstick.map { yardstick in
            try FiguresToReach(
                machine: baseline, policies: policies, yardstick: yardstick,
                memory: MemorySurvey.all(options.policies, backends: options.backends, progress: progress),
                allocations: AllocationSurvey.traced(options.policies, progress: progress)
            ).all
        }
        progress.clear()
        var parts = ["$ " + Report.command, baseline.text]
        parts += policies.map { $0.text(atomicAdd: baseline.atomicAdd) }
        parts.append(RuleCosts.text(of: rules))
        parts.append(Figure.text(of: (figures ?? []) + ruleFigures))
        print(parts.joined(separator: "\n\n"))
        guard let path = options.json else { return }
        let results = Results(
            machine: .current, plan: options.plan, baseline: baseline, policies: policies, rules: rules,
            figures: (figures ?? []) + ruleFigures)
        try Report.write(results, to: path)
    }
}
