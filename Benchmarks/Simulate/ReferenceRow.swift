/// A figure of a known policy as another simulation of the same set-up found it, and what is found here.
struct ReferenceRow: Sendable {
    /// What is compared.
    enum Measure: String, Encodable, Sendable {
        case p50, p99, p999, errors, share, avoided, back, mostInFlight, mostOnWatched, wall
    }

    /// A row beside what was found.
    struct Comparison: Encodable, Sendable {
        let scenario: Scenario
        let setup: String
        let policy: String
        let measure: Measure
        let reference: Double
        let found: Double
        /// How far the seeds lie apart here: half of their range in percent of the median, where each has a figure of its own.
        let spreadPercent: Double?
        let isMet: Bool
    }

    let scenario: Scenario
    let setup: String
    let policy: String
    let measure: Measure
    /// Infinite for never.
    let value: Double

    /// The rows of whatever was run.
    static func compare(_ summaries: [Summary]) -> [Comparison] {
        all.compactMap { row in
            let summary = summaries.first {
                ($0.scenario, $0.setup, $0.policy) == (row.scenario, row.setup, row.policy)
            }
            return summary.map(row.compare)
        }
    }

    private func compare(_ summary: Summary) -> Comparison {
        let (found, spread) = summary.value(of: measure)
        let isNear = value.isFinite && abs(found - value) <= max(value * tolerance / 100, quantum)
        return Comparison(
            scenario: scenario, setup: setup, policy: policy, measure: measure, reference: value, found: found,
            spreadPercent: spread, isMet: found == value || isNear)
    }

    /// How far the reference's own seeds lie apart, in percent: it says so of its 99th percentiles, and that queues nobody looks
    /// after differ more.
    private var tolerance: Double {
        switch policy {
        case "random", "round-robin": 17
        // The range of its seeds is given.
        case "least-response-time-no-penalty": 10
        case "join-the-shortest-queue" where setup == "processor sharing": 6
        default: 5
        }
    }

    /// What the reference cannot tell apart: steps in time, whole requests, the last digit that it gives.
    private var quantum: Double {
        switch measure {
        case .avoided: 10
        case .back: 100
        case .mostInFlight, .mostOnWatched: 1
        case .p50, .share: 0.05
        case .p99, .p999, .errors, .wall: 0
        }
    }

    /// A readable table.
    static func text(of comparisons: [Comparison]) -> String {
        var table = Table([
            "against an independent simulation", "reference", "found", "seeds", "÷", "within its spread",
        ])
        for row in comparisons {
            table.add([
                "\(row.scenario.rawValue), \(row.setup): \(row.policy) \(row.measure.rawValue)",
                row.reference.orNever, row.found.orNever, row.spreadPercent.map { "±\(Int($0.rounded()))%" } ?? "",
                (row.found / row.reference).short, row.isMet ? "yes" : "no",
            ])
        }
        let met = comparisons.count(where: \.isMet)
        return table.text + "\n\(met.grouped) of \(comparisons.count.grouped) are within the reference's spread"
    }
}

extension Double {
    fileprivate var orNever: String { self == .infinity ? "never" : short }
}

extension Summary {
    /// A figure, and how far the seeds lie apart in it.
    fileprivate func value(of measure: ReferenceRow.Measure) -> (Double, spreadPercent: Double?) {
        switch measure {
        case .p50: (p50.median, p50.spreadPercent)
        case .p99: (p99.median, p99.spreadPercent)
        case .p999: (p999.median, p999.spreadPercent)
        case .errors: (errorPercent.median, errorPercent.spreadPercent)
        case .share: (sharePercent ?? .nan, nil)
        case .avoided: (avoidedMilliseconds ?? .nan, nil)
        case .back: (backMilliseconds ?? .nan, nil)
        case .mostInFlight: (mostInFlightOfRuns.median, mostInFlightOfRuns.spreadPercent)
        case .mostOnWatched: (mostOnWatchedOfRuns.median, mostOnWatchedOfRuns.spreadPercent)
        case .wall: (wallSeconds, nil)
        }
    }
}
