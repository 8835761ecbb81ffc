import PacketForwarding

/// A figure to reach, and where it is.
struct ForwardGoal: Codable {
    let name: String
    let goal: Double
    /// Whether more is better.
    let isFloor: Bool
    let unit: String
    /// Of ratios, the median of those of each turn.
    let value: Double
    /// Whether it may be more, for which the source could not send enough.
    let isLowerBound: Bool
    let isMet: Bool

    /// Sets values against a goal; `nil` if there are none.
    private init?(_ name: String, atLeast goal: Double, isLowerBound: Bool = false, _ values: [Double]) {
        self.init(name, goal, isFloor: true, unit: "×", isLowerBound: isLowerBound, values)
    }

    private init?(_ name: String, atMost goal: Double, unit: String = "×", _ values: [Double]) {
        self.init(name, goal, isFloor: false, unit: unit, isLowerBound: false, values)
    }

    private init?(
        _ name: String, _ goal: Double, isFloor: Bool, unit: String, isLowerBound: Bool, _ values: [Double]
    ) {
        guard !values.isEmpty else { return nil }
        self.name = name
        self.goal = goal
        self.isFloor = isFloor
        self.unit = unit
        self.isLowerBound = isLowerBound
        value = Measurement(runs: values).median
        isMet = isFloor ? value >= goal : value <= goal
    }

    /// All that can be said of what was measured.
    static func all(_ measured: [(path: ForwardPath, row: ForwardRow)], _ workers: [ForwardWorkersRow]) -> [ForwardGoal]
    {
        func rows(_ path: ForwardPath) -> [ForwardRow] { measured.filter { $0.path == path }.map(\.row) }
        let modes = [ServiceMode.dsr, .nat, .ipip].filter { !rows(.ours($0)).isEmpty }
        var goals: [ForwardGoal?] = []
        for mode in modes {
            let (ours, name) = (rows(.ours(mode)), mode.rawValue)
            func ratios(to path: ForwardPath, _ value: (ForwardRow) -> Double?) -> [Double] {
                zip(ours, rows(path)).compactMap { one, other in
                    guard let own = value(one), let others = value(other), others > 0 else { return nil }
                    return own / others
                }
            }
            let c = ForwardPath.yardstick(mode)
            /// Whether ours may carry more than the source could send, and the other does not.
            func isBound(besides path: ForwardPath) -> Bool {
                ours.allSatisfy { $0.isLimitedBySource == true }
                    && rows(path).allSatisfy { $0.isLimitedBySource == false }
            }
            goals += [
                ForwardGoal(
                    "\(name): lossless ÷ C", atLeast: 0.85, isLowerBound: isBound(besides: c),
                    ratios(to: c) { $0.lossless.map(Double.init) }),
                ForwardGoal(
                    "\(name): lossless ÷ nftables DNAT", atLeast: 1.2, isLowerBound: isBound(besides: .translation),
                    ratios(to: .translation) { $0.lossless.map(Double.init) }),
                ForwardGoal("\(name): ns/frame ÷ C", atMost: 1.2, ratios(to: c, \.nanoseconds)),
                ForwardGoal("\(name): Gbit/s ÷ C", atLeast: 0.85, ratios(to: c) { $0.gigabits?.median }),
                ForwardGoal("\(name): there and back ÷ C", atMost: 1.5, ratios(to: c) { $0.idle?[0] }),
            ]
        }
        let memory = modes.flatMap { rows(.ours($0)) }.compactMap { $0.memory?.besidesFlows }
        goals.append(
            ForwardGoal(
                "a worker besides its flow table", atMost: 64, unit: "MiB",
                memory.max().map { [Double($0) / 1_048_576] } ?? []))
        if let one = workers.first(where: { $0.workers == 1 })?.nanoseconds.median {
            for row in workers where row.workers > 1 {
                goals.append(
                    ForwardGoal(
                        "\(row.mode): ns/frame, \(row.workers) workers ÷ 1", atMost: 1.1,
                        [row.nanoseconds.median / one]))
            }
        }
        return goals.compactMap(\.self)
    }
}

extension [ForwardGoal] {
    /// A readable table; values that miss their goal are marked, and those that may be more.
    var text: String {
        var table = Table(["figures to reach (! = missed)", "goal", "value", "met"])
        for goal in self {
            table.add([
                goal.name, "\(goal.isFloor ? "≥" : "≤") \(goal.goal.short) \(goal.unit)",
                (goal.isLowerBound ? "≥ " : "") + goal.value.short + (goal.isMet ? "" : " !"),
                goal.isMet ? "yes" : goal.isLowerBound ? "open" : "no",
            ])
        }
        return table.text
    }
}
