import LoadBalancing

/// `Benchmarks builds`: what it costs to set up and to change a set of backends.
struct BuildsCommand: Subcommand {
    static let name = "builds"
    static let summary = "time to make pickers and to update balancers, and bytes a backend"

    static var help: String {
        """
        Measures how long pickers and balancers take to build and to update, and the memory they hold.

        usage: Benchmarks builds [options]

        \(Options.help)

        columns:
          picker         Policy.makePicker for a pool
          balancer       Balancer.init, and its end
          update, 1      Balancer.update with the weight of one backend changed; one stripe in use
          update, 8      the same with 8 stripes in use
          B/backend      the heap of a balancer with 8 stripes in use, divided by the number of backends: slots, tables,
                         pickers, stripes and identities, with the allocator's overhead; identities of up to 15 bytes and
                         endpoints that are numbers need no memory of their own

        Exit codes: 0 fine, 1 something could not be measured or written, 2 wrong usage.
        """
    }

    /// Everything that was measured.
    private struct Results: Encodable {
        let machine: Machine
        let plan: Plan
        let policies: [PolicyBuilds]
    }

    private let options: Options

    init(_ arguments: inout Arguments) throws {
        options = try Options(&arguments, backends: [3, 10, 100, 1_000, 10_000, 65_536])
    }

    func run() throws {
        let progress = Progress()
        let names = options.policies
        let memory = try MemorySurvey.all(names, backends: options.backends, progress: progress)
        // Round robin is what the others are compared with.
        let measured = names.contains(.roundRobin) ? names : [.roundRobin] + names
        let all = try measured.map { name in
            let survey = BuildSurvey(
                name: name, backends: options.backends, plan: options.plan, progress: progress,
                memory: memory.first { $0.policy == name })
            return try name.visit(survey)
        }
        progress.clear()
        let baseline = all.first { $0.policy == .roundRobin }
        let policies = all.filter { names.contains($0.policy) }
        let tables = policies.map { $0.text(comparedWith: baseline) }
        print((["$ " + Report.command] + tables).joined(separator: "\n\n"))
        guard let path = options.json else { return }
        try Report.write(Results(machine: .current, plan: options.plan, policies: policies), to: path)
    }
}
