import LoadBalancing

/// The memory of one policy's balancers.
struct PolicyMemory: Codable {
    /// The memory over one number of backends.
    struct Row: Codable {
        let backends: Int
        /// `nil` where it could not be measured.
        let bytesPerBackend: Double?
    }

    let policy: PolicyName
    let stripes: Int
    let rows: [Row]
}

/// Measures the heap that balancers take when all their stripes are in use.
///
/// All that a balancer allocates is counted, with the allocator's own overhead: slots, generation, registry, tables of the
/// policy, stripes with their pickers, the list of identities. Identities have up to 15 bytes and endpoints are numbers, so
/// neither takes memory beyond the 24 bytes in place.
struct MemorySurvey: PolicyVisitor {
    let name: PolicyName
    let backends: [Int]
    let progress: Progress

    static let stripes = 8
    private static let balancers = 4

    static func all(_ names: [PolicyName], backends: [Int], progress: Progress) throws -> [PolicyMemory] {
        try names.map { try $0.visit(MemorySurvey(name: $0, backends: backends, progress: progress)) }
    }

    func visit<Chosen: Policy, Requests: RequestSource>(
        _ policy: Chosen, weights: Weights, requests: Requests.Type
    ) throws -> PolicyMemory {
        let rows = try backends.map { count in
            progress.show("\(name.rawValue), \(count.grouped) backends: memory")
            return PolicyMemory.Row(
                backends: count, bytesPerBackend: try bytes(policy, of: weights.backends(count)))
        }
        return PolicyMemory(policy: name, stripes: Self.stripes, rows: rows)
    }

    private func bytes<Chosen: Policy>(_ policy: Chosen, of set: [Backend<Int>]) throws -> Double? {
        // The first one makes what the process keeps: threads' heaps, lazy globals.
        guard try grown(policy, set) != nil, let before = HeapBytes.inUse else { return nil }
        var kept: [Balancer<Int, ContendedPolicy<Chosen>>] = []
        kept.reserveCapacity(Self.balancers)
        for _ in 0..<Self.balancers {
            guard let balancer = try grown(policy, set) else { return nil }
            kept.append(balancer)
        }
        guard let after = HeapBytes.inUse else { return nil }
        return withExtendedLifetime(kept) { Double(after - before) / Double(Self.balancers * set.count) }
    }

    /// A balancer with all its stripes in use; `nil` if its threads did not collide often enough.
    private func grown<Chosen: Policy>(
        _ policy: Chosen, _ set: [Backend<Int>]
    ) throws -> Balancer<Int, ContendedPolicy<Chosen>>? {
        let contended = ContendedPolicy(base: policy)
        let balancer = try Balancer(policy: contended, backends: set, seed: 1, stripeLimit: Self.stripes)
        return contended.contention.grow(balancer, to: Self.stripes) ? balancer : nil
    }
}
