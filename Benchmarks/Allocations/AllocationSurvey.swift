import LoadBalancing

/// How often one policy allocated memory, in its steady state.
struct PolicyAllocations: Codable {
    let policy: PolicyName
    let backends: Int
    /// How often each thing was done.
    let repetitions: Int
    /// Counts; `nil` where they could not be had.
    let picks: Int?
    let leases: Int?
    let releases: Int?
    let workerLeases: Int?
    let erasedLeases: Int?
    let erasedReleases: Int?

    /// The counts with their names.
    var figures: [(what: String, count: Int?)] {
        [
            ("pick", picks), ("lease", leases), ("release", releases), ("worker lease", workerLeases),
            ("erased lease", erasedLeases), ("erased release", erasedReleases),
        ]
    }
}

/// Counts the allocations of picks, leases and releases.
struct AllocationSurvey: PolicyVisitor {
    let name: PolicyName

    private static let backends = 100
    static let repetitions = 100_000

    /// Counts in a process of its own, which has the tracer preloaded.
    static func traced(_ names: [PolicyName], progress: Progress) throws -> [PolicyAllocations] {
        try names.flatMap { name in
            progress.show("\(name.rawValue): allocations")
            return try AllocationTrace.rows(
                of: AllocationsCommand.name, only: name.rawValue, as: PolicyAllocations.self)
        }
    }

    func visit<Chosen: Policy, Requests: RequestSource>(
        _ policy: Chosen, weights: Weights, requests: Requests.Type
    ) throws -> PolicyAllocations {
        let scripted = weights.scriptedPool(Self.backends)
        let shared = SharedPicker<Chosen.P>(policy, pool: scripted.pool(), seed: 1)
        Sink.take(pickShared(shared, 1_000, thread: 0, Requests.self))
        let picks = AllocationTrace.count {
            Sink.take(pickShared(shared, Self.repetitions, thread: 0, Requests.self))
        }
        let set = weights.backends(Self.backends)
        let plain = try Self.leases(policy, set, requests)
        let erased = try Self.leases(AnyPolicy(policy), set, requests)
        return PolicyAllocations(
            policy: name, backends: Self.backends, repetitions: Self.repetitions, picks: picks,
            leases: plain.begun, releases: plain.ended, workerLeases: plain.byWorker, erasedLeases: erased.begun,
            erasedReleases: erased.ended)
    }

    private static func leases<Rule: Policy, Requests: RequestSource>(
        _ policy: Rule, _ set: [Backend<Int>], _ requests: Requests.Type
    ) throws -> (begun: Int?, ended: Int?, byWorker: Int?) {
        let balancer = try Balancer(policy: policy, backends: set, seed: 1)
        var worker = balancer.makeWorker()
        let size = 1_000
        var begun: [Int?] = []
        var ended: [Int?] = []
        var byWorker: [Int?] = []
        for round in -1..<repetitions / size {
            var batch = LeaseBatch(capacity: size)
            let new = AllocationTrace.count { batch.fill(from: balancer, Requests.self) }
            let done = AllocationTrace.count { batch.finish() }
            let worked = AllocationTrace.count { batch.fill(from: &worker, Requests.self) }
            batch.finish()
            // The first round is the warm-up.
            guard round >= 0 else { continue }
            begun.append(new)
            ended.append(done)
            byWorker.append(worked)
        }
        return (total(begun), total(ended), total(byWorker))
    }

    /// The sum; `nil` if one of them could not be counted.
    private static func total(_ counts: [Int?]) -> Int? {
        let known = counts.compactMap(\.self)
        return known.count == counts.count ? known.reduce(0, +) : nil
    }
}
