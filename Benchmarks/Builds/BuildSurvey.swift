import LoadBalancing
import Synchronization

/// What is timed of building and updating.
enum BuildColumn: String, CaseIterable, Codable, CodingKeyRepresentable {
    case picker, balancer, update1, update8

    var title: String {
        switch self {
        case .picker: "picker"
        case .balancer: "balancer"
        case .update1: "update, 1"
        case .update8: "update, 8"
        }
    }
}

/// The times of one policy over one number of backends.
struct BuildRow: Codable {
    let backends: Int
    let nanoseconds: [BuildColumn: Measurement]
    let bytesPerBackend: Double?
}

/// The times of one policy.
struct PolicyBuilds: Codable {
    let policy: PolicyName
    let weights: Weights
    let rows: [BuildRow]

    /// A readable table: times, and ratios to round robin's.
    func text(comparedWith baseline: PolicyBuilds?) -> String {
        let columns = BuildColumn.allCases
        let ratios = columns.map { "÷ RR" + ($0 == .picker ? " (\($0.title))" : "") }
        var table = Table([policy.rawValue] + zip(columns, ratios).flatMap { [$0.title, $1] } + ["B/backend"])
        for row in rows {
            let base = baseline?.rows.first { $0.backends == row.backends }
            let cells = columns.flatMap { column in
                let time = row.nanoseconds[column]
                let ratio = (time?.median ?? .nan) / (base?.nanoseconds[column]?.median ?? .nan)
                return [time?.timeCell ?? "–", ratio.short]
            }
            table.add([row.backends.grouped] + cells + [row.bytesPerBackend?.short ?? "–"])
        }
        return table.text
    }
}

/// Measures how long a policy's pickers and balancers take to build and to update.
struct BuildSurvey: PolicyVisitor {
    let name: PolicyName
    let backends: [Int]
    let plan: Plan
    let progress: Progress
    let memory: PolicyMemory?

    func visit<Chosen: Policy, Requests: RequestSource>(
        _ policy: Chosen, weights: Weights, requests: Requests.Type
    ) throws -> PolicyBuilds {
        let rows = try backends.map { count in try row(policy, weights, count) }
        return PolicyBuilds(policy: name, weights: weights, rows: rows)
    }

    private func row<Chosen: Policy>(_ policy: Chosen, _ weights: Weights, _ count: Int) throws -> BuildRow {
        progress.show("\(name.rawValue), \(count.grouped) backends: builds")
        let stopwatch = Stopwatch(plan: plan)
        let scripted = weights.scriptedPool(count)
        let set = weights.backends(count)
        let picker = stopwatch.measure { count, _ in
            for _ in 0..<count { keep(policy.makePicker(for: scripted.pool(), seed: 1)) }
            return 0
        }
        let balancer = stopwatch.measure { count, _ in
            for _ in 0..<count { if let balancer = try? Balancer(policy: policy, backends: set) { keep(balancer) } }
            return 0
        }
        var figures: [BuildColumn: Measurement] = [.picker: picker, .balancer: balancer]
        figures[.update1] = try updates(policy, set, stripes: 1)
        figures[.update8] = try updates(policy, set, stripes: 8)
        return BuildRow(
            backends: count, nanoseconds: figures,
            bytesPerBackend: memory?.rows.first { $0.backends == count }?.bytesPerBackend)
    }

    /// The time of an update that changes one weight; `nil` if the stripes could not be brought into use.
    private func updates<Chosen: Policy>(
        _ policy: Chosen, _ set: [Backend<Int>], stripes: Int
    ) throws -> Measurement? {
        let contended = ContendedPolicy(base: policy)
        let balancer = try Balancer(policy: contended, backends: set, seed: 1, stripeLimit: 8)
        if stripes > 1 {
            guard contended.contention.grow(balancer, to: stripes) else { return nil }
        }
        var changed = set
        changed[set.count / 2].weight += 1
        let sets = [set, changed]
        // Which of the two sets is next, across runs.
        let turn = Turn()
        return Stopwatch(plan: plan).measure { count, _ in
            for _ in 0..<count { try? balancer.update(sets[turn.next() & 1]) }
            return 0
        }
    }
}

/// Counts the updates.
private final class Turn: Sendable {
    private let count = Atomic<Int>(0)

    func next() -> Int {
        count.wrappingAdd(1, ordering: .relaxed).newValue
    }
}

/// Takes a value that must not be optimised away.
@inline(never)
@_optimize(none)
private func keep<Value>(_ value: Value) {}
