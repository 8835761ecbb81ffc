import LoadBalancing

/// Keys placed one after another, each with the first of its backends that has room.
struct BoundedPlacement {
    /// The backend of every key.
    let owners: [Int32]
    /// Keys by backend.
    let loads: [Int]
    /// Keys that are not with their first backend.
    let spilled: Int

    /// Places all keys of a sample; a backend has room for its fair share and a quarter more, rounded up.
    init<Hash: ConsistentHash>(_ sample: KeySample, by hash: Hash, for backends: [WeightedName]) {
        let total = Double(backends.reduce(0) { $0 + $1.weight })
        let room = backends.map { backend in
            let share = Double(sample.hashes.count) * Double(backend.weight) / total
            return Int((BoundedRow.factor * share).rounded(.up))
        }
        var loads = [Int](repeating: 0, count: backends.count)
        var spilled = 0
        owners = sample.hashes.map { key in
            guard let index = hash.backend(for: key, where: { loads[$0] < room[$0] }) else { return KeySample.nobody }
            loads[index] += 1
            if index != hash.backend(for: key) { spilled += 1 }
            return Int32(truncatingIfNeeded: index)
        }
        self.loads = loads
        self.spilled = spilled
    }
}

extension BalanceTrial {
    /// Bounded loads over a thousand keys a backend, and what removing a backend moves then.
    func bounded() throws -> BoundedRow {
        let sample = KeySample(count: 1_000 * backends.count, seed: seed)
        let before = BoundedPlacement(sample, by: hash, for: backends)
        var movement = Movement()
        for round in 0..<plan.repetitions {
            let change = change(.remove, round, of: backends)
            let smaller = try chosen.update(hash, to: change.backends)
            let after = BoundedPlacement(sample, by: smaller, for: change.backends)
            movement.add(change, before: before.owners, after: after.owners)
        }
        let spread = Spread(shares: before.loads.map(Double.init), weights: backends.map(\.weight))
        return BoundedRow(
            maximum: spread?.maximum ?? .nan, movement: movement,
            spilledPercent: 100 * Double(before.spilled) / Double(sample.hashes.count))
    }
}
