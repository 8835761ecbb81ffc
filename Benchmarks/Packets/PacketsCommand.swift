import LoadBalancing
import PacketForwarding

/// `Benchmarks packets`: what the packet engine costs.
struct PacketsCommand: Subcommand {
    static let name = "packets"
    static let summary = "nanoseconds a packet, for every mode of the packet engine"

    static var help: String {
        """
        Measures nanoseconds a packet in memory for every mode of the packet engine, beside a copy of the frame and one
        random cache line of memory in the same run.

        usage: Benchmarks packets [options]

          --only MODE          one mode: \(ServiceMode.allCases.map(\.rawValue).joined(separator: ", "));
                               or flood, or control
          --flows 1000,...     numbers of flows
          --yardstick FILE     the output of `afpacket engine` on this machine: adds the figures to reach
          --quick              3 rounds of 200,000 frames and 1,000,000 flows at most
          --json FILE          write all figures as JSON
          --help               this text

        Frames are 60 bytes of UDP over IPv4 and 80 over IPv6, each of a random flow; flows are spread over 16 backends by
        Maglev. Before each round all frames are written anew.

        columns:
          single         frames handled one after the other
          batch          the same in batches of 32
          ÷ look         batch ÷ one random cache line of a table that has one for each flow, asked for ahead like the engine's
          new flow       the first packet of each flow, in batches of 32
          flows/s        new flows a second
          B/flow         the heap that the engine holds, divided by the flows that it has room for
          copy           a copy of the frame
          look           that one cache line

        flood: SYNs from random sources against established flows, until each place of the table was fought for; then whether
        each flow is still served by its backend, and whether the heap has grown.
        control: the time until nobody new is sent to a backend that failed, and until a change of the backends is in force;
        and how long an engine on another thread stands still while two such changes are made, the best of five tries.

        allocations: how often memory was allocated, counted as `Benchmarks allocations` does.

        Each cell is the median of the rounds ± half of the interquartile range; against the yardstick stand the fastest rounds.
        Exit codes: 0 fine (also where a goal is missed), 1 something could not be measured, read or written, 2 wrong usage.
        """
    }

    /// Everything that was measured.
    private struct Results: Encodable {
        let machine: Machine
        let plan: PacketPlan
        let rows: [PacketRow]
        let floods: [FloodRow]
        let changes: [ControlRow]
        let allocations: [PacketAllocations]
        let figures: [Figure]
    }

    private let modes: [ServiceMode]
    private let hasFlood: Bool
    private let hasControl: Bool
    private let flows: [Int]
    private let plan: PacketPlan
    private let isQuick: Bool
    private let yardstick: EngineYardstick?
    private let json: String?
    /// Whether this is the process that has the tracer of allocations.
    private let isTraced: Bool

    init(_ arguments: inout Arguments) throws {
        isTraced = arguments.flag("--traced")
        isQuick = arguments.flag("--quick")
        plan = isQuick ? .quick : .full
        json = try arguments.option("--json")
        yardstick = try arguments.option("--yardstick").map(EngineYardstick.init)
        let known = [1_000, 100_000, 1_000_000] + (isQuick ? [] : [10_000_000])
        flows = try arguments.numbers("--flows", in: 1...20_000_000) ?? known
        let only = try arguments.option("--only")
        hasFlood = only == nil || only == "flood"
        hasControl = only == nil || only == "control"
        if let only, !hasFlood, !hasControl {
            guard let mode = ServiceMode(rawValue: only) else {
                let names = ServiceMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError(message: "there is no mode \"\(only)\"; use one of \(names), flood, control")
            }
            modes = [mode]
        } else {
            modes = only == nil ? ServiceMode.allCases : []
        }
    }

    func run() throws {
        if isTraced {
            let counts = try AllocationTrace.isTrustworthy ? modes.map { try PacketAllocations($0) } : []
            return try Report.write(counts, to: json ?? "-")
        }
        let progress = Progress()
        var rows: [PacketRow] = []
        for version in [IPVersion.v4, .v6] {
            for mode in modes {
                for count in flows {
                    progress.show("\(mode.rawValue), IPv\(version.rawValue), \(count.grouped) flows")
                    let scene = PacketScene(mode, version, flows: count)
                    rows.append(try PacketSurvey(scene: scene, plan: plan).row())
                }
            }
        }
        progress.show("flood")
        let floods = hasFlood ? try FloodSurvey.all(isQuick: isQuick) : []
        progress.show("control")
        let changes = hasControl ? try ControlSurvey.all() : []
        progress.show("allocations")
        let allocations = try PacketAllocations.traced(modes)
        progress.clear()
        let figures = PacketFigures(
            rows: rows, changes: changes, allocations: allocations, yardstick: yardstick
        ).all
        var parts = ["$ " + Report.command]
        if !rows.isEmpty { parts.append(rows.text) }
        if !floods.isEmpty { parts.append(floods.text) }
        if !changes.isEmpty { parts.append(changes.text) }
        if !allocations.isEmpty { parts.append(allocations.text) }
        if !figures.isEmpty { parts.append(Figure.text(of: figures)) }
        print(parts.joined(separator: "\n\n"))
        guard let json else { return }
        let results = Results(
            machine: .current, plan: plan, rows: rows, floods: floods, changes: changes, allocations: allocations,
            figures: figures)
        try Report.write(results, to: json)
    }
}

extension [PacketRow] {
    /// A readable table.
    var text: String {
        var table = Table([
            "ns a packet", "flows", "single", "batch", "÷ look", "new flow", "flows/s", "B/flow", "copy", "look",
        ])
        for row in self {
            table.add([
                "\(row.mode.rawValue), \(row.version)", row.flows.grouped, row.single.cell, row.batch.cell,
                (row.batch.median / row.look.median).short, row.newFlow.short,
                Int(row.newFlowsPerSecond / 1e3).grouped + " k", row.bytes?.short ?? "–", row.copy.cell, row.look.cell,
            ])
        }
        return table.text
    }
}
