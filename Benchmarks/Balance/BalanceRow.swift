import LoadBalancing

/// What was measured of one construction over one set of backends.
struct BalanceRow: Codable {
    let construction: String
    let weights: Weights
    let backends: Int
    /// How many keys were asked.
    let keys: Int
    /// How many slots or arcs there are; `nil` where only keys can tell.
    let pieces: Int?
    /// Shares of the key space; exact.
    let exact: Spread?
    /// Shares of the keys asked, which chance makes uneven.
    let sampled: Spread
    /// Changes of the set, `nil` where the construction has no such thing.
    let changes: [String: Movement]
    let failures: [FailureRow]
    let bounded: BoundedRow
    let bytes: Int?
    let build: Measurement
    let lookup: Measurement
}

/// What failures did that changed nothing but who is up; the mean of some draws.
struct FailureRow: Codable {
    let dead: Int
    let movement: Movement
    /// The largest share of a backend that is left, over its fair share: of slots where there are some, else of keys.
    let survivors: Double
}

/// Keys placed one after another, each with the first of its backends that has not had more than its share by a quarter.
struct BoundedRow: Codable {
    static let factor = 1.25

    /// The largest number of keys of a backend, over its fair share.
    let maximum: Double
    /// After the removal of one backend and placing all keys anew, where that was measured.
    let movement: Movement
    /// Keys that are not with their first backend, in percent.
    let spilledPercent: Double
}

extension BalanceRow {
    static let header = [
        "slots, arcs", "keys", "remove", "add", "+10 %", "−10 %", "1 down", "1 % down", "5 % down", "10 % down",
        "bounded max", "moved", "spilled %", "bytes", "build", "lookup, ns",
    ]

    /// The cells of the row after its title.
    var cells: [String] {
        let wanted = FailurePlan.allCases.map { plan in failures.first { $0.dead == plan.dead(of: backends) } }
        return [exact.map(Self.text) ?? "–", Self.text(sampled)]
            + SetChange.allCases.map { changes[$0.rawValue]?.ratio.short ?? "–" }
            + wanted.map { $0.map { "\($0.movement.ratio.short) · \($0.survivors.fine)" } ?? "–" }
            + [
                bounded.maximum.fine, bounded.movement.ratio.short, bounded.spilledPercent.short,
                bytes?.grouped ?? "–", build.median.asTime, lookup.cell,
            ]
    }

    private static func text(_ spread: Spread) -> String { "\(spread.maximum.fine)/\(spread.minimum.fine)" }
}

/// How many backends fail at once.
enum FailurePlan: CaseIterable {
    case one, onePercent, fivePercent, tenPercent

    /// At least one.
    func dead(of backends: Int) -> Int {
        switch self {
        case .one: 1
        case .onePercent: max(1, backends / 100)
        case .fivePercent: max(1, backends / 20)
        case .tenPercent: max(1, backends / 10)
        }
    }
}

/// The changes of a set that are measured.
enum SetChange: String, CaseIterable {
    case remove, add, heavier, lighter

    var title: String {
        switch self {
        case .remove: "remove"
        case .add: "add"
        case .heavier: "+10 %"
        case .lighter: "−10 %"
        }
    }
}
