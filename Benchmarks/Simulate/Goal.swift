/// What a policy, most often Adaptive, is to reach in one set-up, and whether it does.
struct Goal: Encodable, Sendable {
    /// A figure of a summary.
    enum Measure: String, Encodable, Sendable {
        case p50Ratio, p99Ratio, p999Ratio, p99Milliseconds, p999Milliseconds, errors, share, avoided, back,
            mostOnWatched, errorFree, awayBefore, awayDuring, standbyBefore, standbyDuring

        fileprivate var text: String {
            switch self {
            case .p50Ratio: "p50 ÷ bound"
            case .p99Ratio: "p99 ÷ bound"
            case .p999Ratio: "p99.9 ÷ bound"
            case .p99Milliseconds: "p99, ms"
            case .p999Milliseconds: "p99.9, ms"
            case .errors: "errors, % of picks"
            case .share: "share of the bad, %"
            case .avoided: "avoided after, ms"
            case .back: "back after, ms"
            case .mostOnWatched: "most on the newcomer"
            case .errorFree: "errors end after, ms"
            case .awayBefore: "in other zones, %"
            case .awayDuring: "in other zones when one is lost, %"
            case .standbyBefore: "on standby, %"
            case .standbyDuring: "on standby when a zone is lost, %"
            }
        }
    }

    /// A goal with what was found.
    struct Outcome: Encodable, Sendable {
        let goal: Goal
        let found: Double

        var isMet: Bool { found <= goal.limit }
    }

    let scenario: Scenario
    let setup: String
    let policy: String
    let measure: Measure
    let limit: Double

    /// The goals of whatever was run.
    static func outcomes(_ summaries: [Summary]) -> [Outcome] {
        all.compactMap { goal in
            let summary = summaries.first {
                ($0.scenario, $0.setup, $0.policy) == (goal.scenario, goal.setup, goal.policy)
            }
            return summary.map { Outcome(goal: goal, found: $0.value(of: goal.measure)) }
        }
    }

    /// A readable table.
    static func text(of outcomes: [Outcome]) -> String {
        var table = Table(["goals", "limit", "found", "met"])
        for outcome in outcomes {
            let goal = outcome.goal
            table.add([
                "\(goal.scenario.rawValue), \(goal.setup): \(goal.policy), \(goal.measure.text)",
                "≤ \(goal.limit.plain)", outcome.found.plain, outcome.isMet ? "yes" : "no",
            ])
        }
        return table.text
    }

    private static func goals(
        _ scenario: Scenario, _ setup: String, _ policies: [String], _ limits: [(Measure, Double)]
    ) -> [Goal] {
        policies.flatMap { policy in
            limits.map { Goal(scenario: scenario, setup: setup, policy: policy, measure: $0.0, limit: $0.1) }
        }
    }

    private static let both = ["adaptive", "adaptive-reports"]

    static let all: [Goal] =
        goals(.uniform, "8 balancers", ["adaptive-reports"], [(.p99Ratio, 1.05), (.p50Ratio, 1.21)])
        + goals(.uniform, "8 balancers", ["adaptive"], [(.p99Ratio, 1.06), (.p50Ratio, 1.25)])
        + goals(.manyBalancers, "20 balancers", ["adaptive-reports"], [(.p99Ratio, 1.05), (.p50Ratio, 1.22)])
        + goals(.manyBalancers, "20 balancers", ["adaptive-reports-4-draws"], [(.p99Ratio, 1.18)])
        + goals(.manyBalancers, "20 balancers", ["adaptive"], [(.p99Ratio, 1.09)])
        + goals(.mixedSpeeds, "load 0.9", both, [(.p99Ratio, 1.10)])
        + goals(.mixedSpeeds, "load 0.7", both, [(.p99Ratio, 1.28)])
        + goals(
            .grayFailure, "1/20 of the speed", both,
            [(.avoided, 50), (.share, 2), (.p999Ratio, 1.4), (.back, 1_200)])
        + goals(.fastFailure, "errors in 0.1 ms", both, [(.errors, 0.12), (.avoided, 50), (.back, 1_500)])
        + goals(.seldom, "a request a second", both, [(.errors, 6.5)])
        + goals(.coldStart, "no slow start", both, [(.p99Ratio, 1.10), (.mostOnWatched, 8)])
        + goals(.coldStart, "slow start", both, [(.p99Ratio, 1.05), (.mostOnWatched, 8)])
        + goals(.tower, "closed loop", both, [(.p99Milliseconds, 1.1), (.p999Milliseconds, 10)])
        // The class of two choices: two draws, and what peak EWMA reaches with them.
        + goals(.tower, "closed loop", ["adaptive-2-draws", "peak-ewma"], [(.p999Milliseconds, 100)])
        + remedies
        + zoneLoss

    /// A server that fails at once must not look attractive to a policy that looks at loads, once outliers are ejected.
    private static let remedies: [Goal] =
        goals(
            .fastFailure, "errors in 0.1 ms",
            ["power-of-two-choices+outliers", "least-connections+outliers", "c3+outliers", "adaptive+outliers"],
            [(.errors, 0.12)])

    /// Shares as Envoy documents them: everything stays at home; when a zone of three is lost, its balancers' third is spread
    /// over the others; with a standby tier, 12 of 18 servers carry 93 %, and 7 % spill over.
    private static let zoneLoss: [Goal] =
        goals(
            .zoneLoss, "three zones", ["round-robin-zones", "adaptive-zones-eject-all"],
            [(.awayBefore, 0.1), (.awayDuring, 34)])
        + goals(
            .zoneLoss, "three zones", ["adaptive-zones-eject-all"],
            [(.p99Ratio, 1.1), (.errors, 0.3), (.errorFree, 200), (.back, 4_000)])
        + goals(
            .zoneLoss, "a standby tier", ["adaptive-zones-eject-all"], [(.standbyBefore, 0), (.standbyDuring, 7.1)])
}

extension Summary {
    fileprivate func value(of measure: Goal.Measure) -> Double {
        switch measure {
        case .p50Ratio: p50.ratio ?? .nan
        case .p99Ratio: p99.ratio ?? .nan
        case .p999Ratio: p999.ratio ?? .nan
        case .p99Milliseconds: p99.median
        case .p999Milliseconds: p999.median
        case .errors: errorPercent.median
        case .share: sharePercent ?? .nan
        case .avoided: avoidedMilliseconds ?? .nan
        case .back: backMilliseconds ?? .nan
        case .mostOnWatched: Double(mostOnWatched)
        case .errorFree: spill?.errorFreeMilliseconds ?? .nan
        case .awayBefore: spill?.awayBefore ?? .nan
        case .awayDuring: spill?.awayDuring ?? .nan
        case .standbyBefore: spill?.standbyBefore ?? .nan
        case .standbyDuring: spill?.standbyDuring ?? .nan
        }
    }
}

extension Double {
    /// With as many decimals as goals have: `1.057`, `744`.
    fileprivate var plain: String {
        guard isFinite else { return "never" }
        return self == rounded() || self >= 100 ? Int(rounded()).grouped : "\((self * 1_000).rounded() / 1_000)"
    }
}
