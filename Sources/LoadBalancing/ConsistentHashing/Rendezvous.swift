/// The backend whose hash with the key scores highest, by weight.
///
/// Every backend draws a score for the key, -w / ln u with u from the hash of the key and the backend's name, and the
/// key's order is that of the scores. Shares follow the weights exactly, save for chance. A backend that goes hands each
/// of its keys to the next in that key's order; one that comes, or gains weight, takes keys from all others by their
/// weights; no other key moves. The order of the list does not matter.
///
/// - Complexity: O(n) a look-up for n backends, of which few need a logarithm, and none with equal weights; 8 to 20 bytes
///   a backend. The best choice up to about 16 backends.
/// - Note: Thaler and Ravishankar, *A Name-Based Mapping Scheme for Rendezvous*, 1996; weights as in Schindelhauer and
///   Schomaker, *Weighted Distributed Hash Tables*, 2005.
@frozen
public struct Rendezvous: ConsistentHash {
    /// The number of backends, those of weight 0 included.
    public let backendCount: Int
    /// A hash of the name of each backend that has a weight.
    @usableFromInline let seeds: FixedTable<UInt64>
    /// Their weights' reciprocals; `nil` if all are equal.
    @usableFromInline let lengths: FixedTable<Double>?
    /// Their indices; `nil` if all backends have a weight.
    @usableFromInline let indices: FixedTable<UInt32>?

    /// Spreads keys over `backends`.
    ///
    /// - Throws: ``BackendSetError`` if two backends have the same name, or a weight is out of range.
    public init(_ backends: [WeightedName]) throws(BackendSetError) {
        try BackendSetError.check(backends)
        self.init(checked: backends)
    }

    init(checked backends: [WeightedName]) {
        let eligible = backends.indices.filter { backends[$0].weight > 0 }
        let weights = eligible.map { backends[$0].weight }
        backendCount = backends.count
        seeds = FixedTable(eligible.map { XXH64.hash(backends[$0].name) })
        lengths = weights.allSatisfy { $0 == weights.first } ? nil : FixedTable(weights.map { 1 / Double($0) })
        indices =
            eligible.count == backends.count ? nil : FixedTable(eligible.map { UInt32(truncatingIfNeeded: $0) })
    }

    /// The backend of a key; `nil` if none has a weight.
    @inlinable
    @inline(__always)
    public func backend(for keyHash: UInt64) -> Int? {
        let seeds = seeds
        guard lengths == nil, seeds.count > 0 else {
            return Self.backendByWeight(for: keyHash, seeds: seeds, lengths: lengths, indices: indices)
        }
        var best: UInt64 = 0
        var winner = 0
        for position in 0..<seeds.count {
            let score = Self.score(keyHash, seeds[position])
            // Who wins cannot be predicted: two conditional moves.
            let isBetter = score > best
            winner = isBetter ? position : winner
            best = isBetter ? score : best
        }
        return Self.index(at: winner, indices)
    }

    /// What a backend draws for a key: the u of the formula, in units of 2⁻⁶⁴.
    ///
    /// SplitMix64's finaliser without its last step, which changes only the lower half: scores are compared from the top.
    @inlinable
    static func score(_ keyHash: UInt64, _ seed: UInt64) -> UInt64 {
        var score = keyHash ^ seed
        score = (score ^ (score >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return (score ^ (score >> 27)) &* 0x94D0_49BB_1331_11EB
    }

    /// Out of line, so that equal weights do not pay for logarithms.
    @inlinable
    @inline(never)
    static func backendByWeight(
        for keyHash: UInt64, seeds: FixedTable<UInt64>, lengths: FixedTable<Double>?, indices: FixedTable<UInt32>?
    ) -> Int? {
        guard let lengths else { return nil }
        return earliestArrival(for: keyHash, seeds: seeds, lengths: lengths) { _ in true }.map {
            index(at: $0, indices)
        }
    }

    /// The first backend in the key's order that `accepts` takes; `nil` if it takes none.
    @inlinable
    public func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        func acceptsPosition(_ position: Int) -> Bool { accepts(Self.index(at: position, indices)) }
        let position =
            if let lengths {
                Self.earliestArrival(for: keyHash, seeds: seeds, lengths: lengths, where: acceptsPosition)
            } else {
                highestScore(for: keyHash, where: acceptsPosition)
            }
        return position.map { Self.index(at: $0, indices) }
    }

    /// The order of weights: the greatest -w / ln u is the smallest -ln u / w.
    @inlinable
    static func earliestArrival(
        for keyHash: UInt64, seeds: FixedTable<UInt64>, lengths: FixedTable<Double>, where accepts: (Int) -> Bool
    ) -> Int? {
        var earliest = Double.infinity
        var winner: Int?
        for position in 0..<seeds.count {
            // -ln u is not less than 1 - u: most are out of the race before a logarithm is taken.
            let rest = Double(Int64(truncatingIfNeeded: ~Self.score(keyHash, seeds[position]) >> 11)) * 0x1p-53
            guard rest * lengths[position] < earliest else { continue }
            let arrival = -NaturalLogarithm.of(1 - rest) * lengths[position]
            guard arrival < earliest, accepts(position) else { continue }
            earliest = arrival
            winner = position
        }
        return winner
    }

    /// The order of equal weights: that of the hashes.
    @inlinable
    func highestScore(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        var best: UInt64 = 0
        var winner: Int?
        for position in 0..<seeds.count {
            let score = Self.score(keyHash, seeds[position])
            guard score > best || winner == nil, accepts(position) else { continue }
            best = score
            winner = position
        }
        return winner
    }

    /// The index of the backend at a position among those that have a weight.
    @inlinable
    static func index(at position: Int, _ indices: FixedTable<UInt32>?) -> Int {
        guard let indices else { return position }
        return Int(indices[position])
    }
}

/// Highest score by weight: ``Rendezvous``.
public struct RendezvousPolicy: ConsistentHashPolicy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// The table for a set of backends.
    public func makeTable(for backends: [WeightedName], replacing old: Rendezvous?) -> Rendezvous {
        Rendezvous(checked: backends)
    }
}
