import LoadBalancing

/// `Benchmarks hashing`: what it costs to find a key's backend.
struct HashingCommand: Subcommand {
    static let name = "hashing"
    static let summary = "nanoseconds to find a key's backend by rings and tables, and to build them"

    static var help: String {
        """
        Measures look-ups and builds of rings and tables next to plain C code and to libmemcached.

        usage: Benchmarks hashing [options]

          --yardstick FILE     the output of `pickers --tsv` on this machine: adds the figures to reach
          --libmemcached FILE  the output of Benchmarks/Peers/libmemcached on this machine: adds figures against it
          --backends 3,10,...  numbers of backends (3,10,100,1000,10000)
          --quick              5 runs of 3 ms instead of 7 of 12 ms
          --json FILE          write all figures as JSON
          --help               this text

        columns:
          table          the backend of a hash that is given
          owned          the same by a picker in the hands of one thread
          shared ×N      the same by a SharedPicker and N threads at once
          16-byte key    from a key's bytes to its backend: the hash of the construction's own, and the table
          build          making it from names and weights

        Backends have equal weights. Each cell is the median of the runs ± half of the interquartile range, nanoseconds
        unless it says otherwise. For libmemcached's figures there have to be 100 backends.
        Exit codes: 0 fine (also where a goal is missed), 1 something could not be measured, read or written,
        2 wrong usage.
        """
    }

    /// Everything that was measured.
    private struct Results: Encodable {
        let machine: Machine
        let plan: Plan
        let hashes: [String: Measurement]
        let rows: [HashingRow]
        let figures: [Figure]
    }

    private let plan: Plan
    private let backends: [Int]
    private let json: String?
    private let yardstick: Yardstick?
    private let libmemcached: LibmemcachedFigures?

    init(_ arguments: inout Arguments) throws {
        plan = arguments.flag("--quick") ? .quick : .full
        json = try arguments.option("--json")
        backends = try arguments.numbers("--backends", in: 2...65_536) ?? [3, 10, 100, 1_000, 10_000]
        yardstick = try arguments.option("--yardstick").map(Yardstick.init)
        libmemcached = try arguments.option("--libmemcached").map(LibmemcachedFigures.init)
    }

    func run() throws {
        let progress = Progress()
        let survey = HashingSurvey(backends: backends, plan: plan, progress: progress)
        let hashes = survey.hashes()
        let rows = try survey.rows()
        let figures = HashingFigures(rows: rows, hashes: hashes, yardstick: yardstick, libmemcached: libmemcached).all
        progress.clear()
        var table = Table(["hash of 16 bytes", "ns"])
        for (name, time) in hashes.sorted(by: { $0.key < $1.key }) { table.add([name, time.cell]) }
        var parts = ["$ " + Report.command, table.text, HashingRow.text(of: rows)]
        if !figures.isEmpty { parts.append(Figure.text(of: figures)) }
        print(parts.joined(separator: "\n\n"))
        guard let json else { return }
        let results = Results(machine: .current, plan: plan, hashes: hashes, rows: rows, figures: figures)
        try Report.write(results, to: json)
    }
}
