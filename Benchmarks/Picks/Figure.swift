import Foundation

/// A figure to reach, for one or more numbers of backends.
struct Figure: Codable {
    /// The figure for one number of backends; 0 where it does not depend on them.
    struct Value: Codable {
        let backends: Int
        let value: Double
        let isMet: Bool
    }

    let name: String
    /// What it must not exceed.
    let goal: Double
    let unit: String
    let values: [Value]

    /// Sets values against a goal; those that were not measured are left out.
    init(_ name: String, goal: Double, unit: String = "×", values: [(backends: Int, value: Double?)]) {
        self.name = name
        self.goal = goal
        self.unit = unit
        self.values = values.compactMap { entry in
            entry.value.map { Value(backends: entry.backends, value: $0, isMet: $0 <= goal) }
        }
    }

    /// Whether the goal is reached for every number of backends.
    var isMet: Bool { values.allSatisfy(\.isMet) }

    /// A readable table of figures; values that miss their goal are marked.
    static func text(of figures: [Figure]) -> String {
        let backends = Set(figures.flatMap { $0.values.map(\.backends) }).sorted()
        let titles = backends.map { $0 == 0 ? "any" : $0.grouped }
        var table = Table(["figures to reach (! = missed)", "goal"] + titles + ["met"])
        for figure in figures where !figure.values.isEmpty {
            let cells = backends.map { count in
                guard let value = figure.values.first(where: { $0.backends == count }) else { return "" }
                return value.value.text(besides: figure.goal) + (value.isMet ? "" : " !")
            }
            table.add([figure.name, "≤ \(figure.goal.limit) \(figure.unit)"] + cells + [figure.isMet ? "yes" : "no"])
        }
        return table.text
    }
}

extension Double {
    /// The number as people write goals: `1.3`, `20`, `0`.
    fileprivate var limit: String { self == rounded() ? "\(Int(self))" : "\(self)" }

    /// The number with one digit more than the goal has, so that it shows on which side of it the number lies.
    fileprivate func text(besides goal: Double) -> String {
        let digits = goal.limit.split(separator: ".").dropFirst().first?.count ?? 0
        return digits > 1 && abs(self) < 10 ? String(format: "%.\(digits + 1)f", self) : short
    }
}
