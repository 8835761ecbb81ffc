import LoadBalancing

/// The keys that are asked, each of an equal part of all.
struct KeySample {
    let hashes: [UInt64]

    /// As many keys at random: the hashes of odd numbers, by SplitMix64's finaliser.
    init(count: Int, seed: UInt64) {
        hashes = (0..<count).map { mixed(2 * UInt64($0) + 1 + seed << 32) }
    }

    /// One key for each slot of a table.
    init(slots: [UInt64]) {
        hashes = slots
    }

    /// The backend of every key; `nobody` where there is none.
    @inline(never)
    func owners<Hash: ConsistentHash>(by hash: Hash) -> [Int32] {
        hashes.map { Int32(truncatingIfNeeded: hash.backend(for: $0) ?? -1) }
    }

    /// The same with backends out of service.
    @inline(never)
    func owners<Hash: ConsistentHash>(by hash: Hash, without dead: [Bool]) -> [Int32] {
        hashes.map { Int32(truncatingIfNeeded: hash.backend(for: $0, where: { !dead[$0] }) ?? -1) }
    }

    static let nobody: Int32 = -1
}

/// The largest and the smallest share of a backend, over its fair share.
struct Spread: Codable {
    let maximum: Double
    let minimum: Double

    /// Sets the shares of backends against their weights; those of weight 0 do not count; `nil` if none has a weight.
    init?(shares: [Double], weights: [Int]) {
        let total = Double(weights.reduce(0, +))
        let whole = shares.reduce(0, +)
        let ratios = zip(shares, weights).filter { $0.1 > 0 }.map { $0.0 / whole * total / Double($0.1) }
        guard let maximum = ratios.max(), let minimum = ratios.min() else { return nil }
        self.maximum = maximum
        self.minimum = minimum
    }

    /// The spread of keys, or of arcs if each has a part of its own.
    init?(owners: [Int32], parts: [Double]? = nil, weights: [Int]) {
        var shares = [Double](repeating: 0, count: weights.count)
        for (place, owner) in owners.enumerated() where owner != KeySample.nobody {
            shares[Int(owner)] += parts?[place] ?? 1
        }
        self.init(shares: shares, weights: weights)
    }
}
