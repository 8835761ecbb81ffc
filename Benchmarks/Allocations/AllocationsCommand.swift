import LoadBalancing

/// `Benchmarks allocations`: whether picks, leases and releases allocate memory.
struct AllocationsCommand: Subcommand {
    static let name = "allocations"
    static let summary = "how often picks, leases and releases allocate memory"

    static var help: String {
        """
        Counts the allocations of 100,000 picks, leases and releases in the steady state, over 100 backends.

        usage: Benchmarks allocations [--only POLICY] [--json FILE] [--help]

        Works on Linux with glibc: the program starts itself again with \(AllocationTrace.library), which comes with glibc,
        preloaded, and counts the lines of its trace, one for each malloc, calloc, realloc and aligned_alloc. A known number
        of objects is counted first; if that fails, there are no figures (–).
        Exit codes: 0 fine, 1 something could not be measured or written, 2 wrong usage.
        """
    }

    private let options: Options
    /// Whether this is the process that has the tracer.
    private let isTraced: Bool

    init(_ arguments: inout Arguments) throws {
        isTraced = arguments.flag("--traced")
        options = try Options(&arguments, backends: [100])
    }

    func run() throws {
        if isTraced {
            let isTrustworthy = AllocationTrace.isTrustworthy
            let counts = try isTrustworthy ? options.policies.map { try $0.visit(AllocationSurvey(name: $0)) } : []
            return try Report.write(counts, to: options.json ?? "-")
        }
        let progress = Progress()
        let all = try AllocationSurvey.traced(options.policies, progress: progress)
        progress.clear()
        let names = all.first?.figures.map(\.what) ?? []
        var table = Table(["allocations in \((all.first?.repetitions ?? 0).grouped)"] + names)
        for counts in all {
            table.add([counts.policy.rawValue] + counts.figures.map { $0.count?.grouped ?? "–" })
        }
        print("$ \(Report.command)\n\n\(all.isEmpty ? "allocations cannot be counted here" : table.text)")
        if let path = options.json { try Report.write(all, to: path) }
    }
}
