/// Sets what was measured of the table that the package recommends against what is to be reached.
struct BalanceFigures {
    let rows: [BalanceRow]

    /// All figures, for equal weights and for others.
    var all: [Figure] {
        [Weights.equal, .uneven].flatMap { weights in
            let repaired = rows.filter { $0.construction == MaglevConstruction.repairedName && $0.weights == weights }
            let suffix = weights == .equal ? "" : ", uneven"
            return shares(of: repaired, suffix) + changes(of: repaired, suffix) + failures(of: repaired, suffix)
                + bounds(of: repaired, suffix)
        }
    }

    private func shares(of rows: [BalanceRow], _ suffix: String) -> [Figure] {
        [figure("slots max/mean" + suffix, 1.002, rows) { $0.exact?.maximum }]
    }

    private func changes(of rows: [BalanceRow], _ suffix: String) -> [Figure] {
        let goals: [(SetChange, Double)] = [(.remove, 1.01), (.add, 1.01), (.heavier, 1.05), (.lighter, 1.05)]
        return goals.map { change, goal in
            figure("moved ÷ least, \(change.title)\(suffix)", goal, rows) { $0.changes[change.rawValue]?.ratio }
        }
    }

    private func failures(of rows: [BalanceRow], _ suffix: String) -> [Figure] {
        let moved = figure("moved ÷ least, any failure" + suffix, 1, rows) { row in
            row.failures.map(\.movement.ratio).max()
        }
        let goals: [(FailurePlan, String, Double)] = [(.one, "1 down", 1.002), (.fivePercent, "5 % down", 1.02)]
        return [moved]
            + goals.map { plan, title, goal in
                figure("survivors max/mean, \(title)\(suffix)", goal, rows) { row in
                    row.failures.first { $0.dead == plan.dead(of: row.backends) }?.survivors
                }
            }
    }

    private func bounds(of rows: [BalanceRow], _ suffix: String) -> [Figure] {
        [
            figure("bounded by \(BoundedRow.factor), max/mean\(suffix)", BoundedRow.factor, rows) {
                $0.bounded.maximum
            },
            figure("bounded, moved ÷ least, remove" + suffix, 1.05, rows) { $0.bounded.movement.ratio },
            Figure(
                "bounded, spilled" + suffix, goal: 0.1, unit: "%",
                values: rows.filter { $0.backends >= 1_000 }.map { ($0.backends, $0.bounded.spilledPercent) }),
        ]
    }

    private func figure(
        _ name: String, _ goal: Double, _ rows: [BalanceRow], _ value: (BalanceRow) -> Double?
    ) -> Figure {
        Figure(name, goal: goal, values: rows.map { ($0.backends, value($0)) })
    }
}
