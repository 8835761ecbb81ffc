import LoadBalancing

/// How much of everything is measured.
struct BalancePlan: Codable {
    /// Keys; fewer where a lookup takes long.
    let keys: Int
    /// Changes of each kind and draws of failures, of which the mean counts.
    let repetitions: Int
    let timing: Plan

    static let full = BalancePlan(keys: 1_000_000, repetitions: 4, timing: .full)
    static let quick = BalancePlan(keys: 100_000, repetitions: 2, timing: .quick)

    /// The number of keys for a construction.
    func keys(isLinear: Bool, backends: Int) -> Int {
        isLinear ? min(keys, max(keys / 20, 20 * keys / backends)) : keys
    }
}

/// Measures constructions over sets of backends.
struct BalanceSurvey {
    let plan: BalancePlan
    let seed: UInt64
    let progress: Progress

    /// Measures one construction over one set.
    func row<Chosen: Construction>(_ chosen: Chosen, _ weights: Weights, _ count: Int) throws -> BalanceRow {
        progress.show("\(chosen.name), \(weights.rawValue) weights, \(count.grouped) backends")
        let backends = BackendSet.backends(count, weights)
        let hash = try chosen.build(backends)
        let sample = KeySample(count: plan.keys(isLinear: chosen.isLinear, backends: count), seed: seed)
        let pieces = chosen.pieces(of: hash)
        let owners = sample.owners(by: hash)
        guard let sampled = Spread(owners: owners, weights: backends.map(\.weight)) else {
            throw BalanceError(construction: chosen.name, backends: count)
        }
        let trial = BalanceTrial(
            chosen: chosen, weights: weights, backends: backends, hash: hash, sample: sample, slots: pieces?.slots,
            plan: plan, seed: seed)
        return BalanceRow(
            construction: chosen.name, weights: weights, backends: count, keys: sample.hashes.count,
            pieces: pieces?.count, exact: pieces?.spread(by: hash, weights: backends.map(\.weight)), sampled: sampled,
            changes: try trial.changes(), failures: try trial.failures(owners), bounded: try trial.bounded(),
            bytes: try bytes(chosen, backends), build: try build(chosen, backends), lookup: lookup(hash))
    }

    private func lookup<Hash: ConsistentHash>(_ hash: Hash) -> Measurement {
        Stopwatch(plan: plan.timing).measure { count, _ in lookUp(hash, count) }
    }

    private func build<Chosen: Construction>(_ chosen: Chosen, _ backends: [WeightedName]) throws -> Measurement {
        Stopwatch(plan: plan.timing).measure { count, _ in
            var sum = 0
            for _ in 0..<count { sum += (try? chosen.build(backends))?.backendCount ?? 0 }
            return UInt64(truncatingIfNeeded: sum)
        }
    }

    /// The heap that one takes; the first makes what the process keeps.
    private func bytes<Chosen: Construction>(_ chosen: Chosen, _ backends: [WeightedName]) throws -> Int? {
        var kept = [try chosen.build(backends)]
        kept.reserveCapacity(5)
        guard let before = HeapBytes.inUse else { return nil }
        for _ in 0..<4 { kept.append(try chosen.build(backends)) }
        guard let after = HeapBytes.inUse else { return nil }
        return withExtendedLifetime(kept) { (after - before) / 4 }
    }
}

/// A construction gave no keys to anybody.
struct BalanceError: Error, CustomStringConvertible {
    let construction: String
    let backends: Int

    var description: String { "\(construction) has no shares over \(backends) backends" }
}

extension KeyPieces {
    var count: Int {
        switch self {
        case .slots(let keys), .arcs(let keys, _): keys.count
        }
    }

    /// A key for each slot, if there are slots.
    var slots: KeySample? {
        if case .slots(let keys) = self { KeySample(slots: keys) } else { nil }
    }

    /// The exact shares of backends.
    func spread<Hash: ConsistentHash>(by hash: Hash, weights: [Int]) -> Spread? {
        switch self {
        case .slots(let keys):
            Spread(owners: KeySample(slots: keys).owners(by: hash), weights: weights)
        case .arcs(let keys, let parts):
            Spread(owners: KeySample(slots: keys).owners(by: hash), parts: parts, weights: weights)
        }
    }
}
