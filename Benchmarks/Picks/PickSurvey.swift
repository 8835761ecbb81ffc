import LoadBalancing
import Synchronization

/// What is measured of a policy.
enum PickColumn: String, CaseIterable, Codable, CodingKeyRepresentable {
    case owned, ownedErased
    case shared1, shared2, shared8
    case lease1, lease2, worker, leaseErased

    var title: String {
        switch self {
        case .owned: "owned"
        case .ownedErased: "erased"
        case .shared1: "shared ×1"
        case .shared2: "shared ×2"
        case .shared8: "shared ×8"
        case .lease1: "lease ×1"
        case .lease2: "lease ×2"
        case .worker: "worker lease"
        case .leaseErased: "erased lease"
        }
    }
}

/// The figures of one policy over one number of backends.
struct PickRow: Codable {
    let backends: Int
    /// Nanoseconds a pick, or a lease with its release.
    let nanoseconds: [PickColumn: Measurement]
    /// The longest time that one pick took while 8 threads picked.
    let longestStallMilliseconds: Double
    /// The same without what the picking thread itself had no core.
    let ownStallMilliseconds: Double

    func median(_ column: PickColumn) -> Double? { nanoseconds[column]?.median }
}

/// The figures of one policy.
struct PolicyPicks: Codable {
    let policy: PolicyName
    let weights: Weights
    let rows: [PickRow]

    /// A readable table: nanoseconds, and ratios to one atomic addition.
    func text(atomicAdd: Double) -> String {
        let columns = PickColumn.allCases
        let titles = columns.map(\.title)
        var table = Table(["\(policy.rawValue), ns"] + titles + ["stall ×8, ms", "of it by others"])
        for row in rows {
            let cells = columns.map { row.nanoseconds[$0]?.cell ?? "–" }
            table.add(
                [row.backends.grouped] + cells + [row.longestStallMilliseconds.short, row.ownStallMilliseconds.short])
        }
        table.add(["÷ atomic add"])
        for row in rows {
            table.add([row.backends.grouped] + columns.map { ((row.median($0) ?? .nan) / atomicAdd).short })
        }
        return table.text
    }
}

/// Measures picks and leases of a policy.
struct PickSurvey: PolicyVisitor {
    let name: PolicyName
    let backends: [Int]
    let plan: Plan
    let progress: Progress

    func visit<Chosen: Policy, Requests: RequestSource>(
        _ policy: Chosen, weights: Weights, requests: Requests.Type
    ) throws -> PolicyPicks {
        let rows = try backends.map { count in try row(policy, weights, count, requests) }
        return PolicyPicks(policy: name, weights: weights, rows: rows)
    }

    private func row<Chosen: Policy, Requests: RequestSource>(
        _ policy: Chosen, _ weights: Weights, _ count: Int, _ requests: Requests.Type
    ) throws -> PickRow {
        var figures: [PickColumn: Measurement] = [:]
        let erased = AnyPolicy(policy)
        let scripted = weights.scriptedPool(count)
        show(count, .owned)
        figures[.owned] = owned(policy, scripted, requests)
        figures[.ownedErased] = owned(erased, scripted, requests)

        show(count, .shared1)
        let shared = SharedPicker<Chosen.P>(policy, pool: scripted.pool(), seed: 1)
        let picks: Loop = { count, thread in pickShared(shared, count, thread: thread, Requests.self) }
        let stopwatch = Stopwatch(plan: plan)
        figures[.shared1] = stopwatch.measure(picks)
        figures[.shared2] = stopwatch.measure(threads: 2, picks)
        figures[.shared8] = stopwatch.measure(threads: 8, picks)
        let duration = plan.stallNanoseconds
        let stalls = ThreadTeam.run(8) { longestPick(shared, duration: duration, thread: $0, Requests.self) }
        let stall = stalls.reduce(LongestPick(), LongestPick.longer)

        show(count, .lease1)
        let set = weights.backends(count)
        figures[.lease1] = try leases(policy, set, threads: 1, requests)
        figures[.lease2] = try leases(policy, set, threads: 2, requests)
        figures[.leaseErased] = try leases(erased, set, threads: 1, requests)
        figures[.worker] = try workerLeases(policy, set, requests)
        return PickRow(
            backends: count, nanoseconds: figures, longestStallMilliseconds: Double(stall.wall) / 1e6,
            ownStallMilliseconds: Double(stall.withoutWait) / 1e6)
    }

    private func owned<Chosen: Policy, Requests: RequestSource>(
        _ policy: Chosen, _ scripted: ScriptedPool, _ requests: Requests.Type
    ) -> Measurement {
        let picks = OwnedPicks(
            policy.makePicker(for: scripted.pool(), seed: 1), pool: scripted, requests: Requests.self)
        return Stopwatch(plan: plan).measure { count, _ in picks.run(count) }
    }

    private func leases<Rule: Policy, Requests: RequestSource>(
        _ policy: Rule, _ set: [Backend<Int>], threads: Int, _ requests: Requests.Type
    ) throws -> Measurement {
        let balancer = try Balancer(policy: policy, backends: set, seed: 1)
        var source = SharedLeases(balancer: balancer)
        let holders = (0..<threads).map { thread in
            LeaseHolder(LeaseTable(backends: set.count, thread: thread, from: &source))
        }
        return Stopwatch(plan: plan).measure(threads: threads) { count, thread in
            holders[thread].table.withLock { table in lease(from: balancer, count, &table, Requests.self) }
        }
    }

    private func workerLeases<Rule: Policy, Requests: RequestSource>(
        _ policy: Rule, _ set: [Backend<Int>], _ requests: Requests.Type
    ) throws -> Measurement {
        let balancer = try Balancer(policy: policy, backends: set, seed: 1)
        let holder = WorkerHolder(of: balancer, backends: set.count)
        return Stopwatch(plan: plan).measure { count, _ in
            holder.loop.withLock { loop in lease(from: &loop.worker, count, &loop.table, Requests.self) }
        }
    }

    private func show(_ count: Int, _ column: PickColumn) {
        progress.show("\(name.rawValue), \(count.grouped) backends: \(column.title)")
    }
}
