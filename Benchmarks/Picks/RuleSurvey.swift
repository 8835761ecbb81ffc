import LoadBalancing
import Synchronization

/// Rules of a balancer whose cost shows in every lease, if anywhere.
enum RuleSet: String, CaseIterable, Codable, CodingKeyRepresentable {
    case none, recommended, histograms, softDrain, limits

    var title: String {
        switch self {
        case .none: "no rules"
        case .recommended: "recommended"
        case .histograms: "and histograms"
        case .softDrain: "and soft drain"
        case .limits: "and limits"
        }
    }

    /// The recommended rules, with one more each.
    var resilience: Resilience {
        guard self != .none else { return Resilience() }
        var rules = Resilience.recommended
        rules.keepsHistograms = self == .histograms
        if self == .softDrain { rules.softDrain = SoftDrain() }
        if self == .limits { rules.limits = ConcurrencyLimits(perBackend: 1_000_000, total: 100_000_000) }
        return rules
    }
}

/// What a lease and its end cost with rules, while nothing is wrong.
struct RuleCosts: Codable {
    struct Row: Codable {
        let backends: Int
        let nanoseconds: [RuleSet: Measurement]

        /// Nanoseconds more than without rules.
        func extra(_ rules: RuleSet) -> Double? {
            guard let with = nanoseconds[rules]?.median, let without = nanoseconds[.none]?.median else { return nil }
            return with - without
        }
    }

    let policy: PolicyName
    /// Whether a lease is given its time whatever the rules.
    let isTimed: Bool
    let rows: [Row]

    /// A readable table.
    static func text(of costs: [RuleCosts]) -> String {
        var table = Table(["lease ×1, ns", "servers"] + RuleSet.allCases.map(\.title))
        for policy in costs {
            for row in policy.rows {
                let cells = RuleSet.allCases.map { row.nanoseconds[$0]?.cell ?? "–" }
                let name = policy.policy.rawValue + (policy.isTimed ? ", time given" : "")
                table.add([name, row.backends.grouped] + cells)
            }
        }
        return table.text
    }

    /// Rules cost a pick at most one load, which is lost beside an atomic addition; a histogram two additions in a cold line
    /// besides, and two readings of the clock where leases are not timed.
    static func figures(of costs: [RuleCosts], machine: MachineBaseline) -> [Figure] {
        let clocks = 2 * machine.clockRead
        return costs.flatMap { cost in
            [
                Figure(
                    "\(cost.policy.rawValue) lease, recommended rules − none", goal: 3, unit: "ns",
                    values: cost.rows.map { ($0.backends, $0.extra(.recommended)) }),
                Figure(
                    "\(cost.policy.rawValue) lease, with histograms − none"
                        + (cost.isTimed ? "" : " − 2 clock reads"), goal: 15, unit: "ns",
                    values: cost.rows.map { row in
                        (row.backends, row.extra(.histograms).map { cost.isTimed ? $0 : $0 - clocks })
                    }),
            ]
        }
    }
}

/// Measures leases of a policy with rules.
struct RuleSurvey: PolicyVisitor {
    let name: PolicyName
    let backends: [Int]
    let plan: Plan
    let progress: Progress

    func visit<Chosen: Policy, Requests: RequestSource>(
        _ policy: Chosen, weights: Weights, requests: Requests.Type
    ) throws -> RuleCosts {
        let rows = try backends.map { count in
            let figures = try RuleSet.allCases.map { rules in
                progress.show("\(name.rawValue), \(count.grouped) backends: lease, \(rules.title)")
                return (rules, try measure(policy, weights.backends(count), rules, requests))
            }
            return RuleCosts.Row(backends: count, nanoseconds: Dictionary(uniqueKeysWithValues: figures))
        }
        return RuleCosts(policy: name, isTimed: Requests.isTimed, rows: rows)
    }

    private func measure<Rule: Policy, Requests: RequestSource>(
        _ policy: Rule, _ set: [Backend<Int>], _ rules: RuleSet, _ requests: Requests.Type
    ) throws -> Measurement {
        let balancer = try Balancer(policy: policy, backends: set, resilience: rules.resilience, seed: 1)
        var source = SharedLeases(balancer: balancer)
        let holder = LeaseHolder(LeaseTable(backends: set.count, thread: 0, from: &source))
        return Stopwatch(plan: plan).measure { count, _ in
            holder.table.withLock { table in lease(from: balancer, count, &table, Requests.self) }
        }
    }
}
