/// The backend that the nearest of several probes of the key meets: a ring of one point a backend.
///
/// Each backend has one point for each unit of weight on a circle of 2⁶⁴, by its name. A key is hashed to 21 places, and of the points
/// that follow them the one at the least distance has the key. The busiest point then has 1 + ε of the mean with 1 + 1/ε
/// probes: 1.05 with 21. The idlest is not bounded: among hundreds of backends a few get little.
///
/// A backend that goes or comes, or whose weight changes, moves no keys but its own. The order of the list does not matter. A key's
/// order goes on where 15 further hashes of the key fall, and then as that of ``Rendezvous``.
///
/// - Complexity: expected O(probes) a look-up; 8 to 20 bytes a backend, and 16 to 20 for each unit of weight.
/// - Note: Appleton and O'Reilly, *Multi-Probe Consistent Hashing*, 2015 (arXiv 1505.00062).
@frozen
public struct MultiProbeHash: ConsistentHash {
    /// The number of probes a key.
    public let probeCount: Int
    @usableFromInline let order: Rendezvous
    /// The points in order, and the first once more behind the last.
    @usableFromInline let points: FixedTable<UInt64>
    @usableFromInline let owners: FixedTable<UInt32>
    /// For each of equal stretches of the circle, the first point that does not lie before it.
    @usableFromInline let guide: FixedTable<UInt32>
    @usableFromInline let shift: UInt64

    /// Spreads keys over `backends`.
    ///
    /// - Parameters:
    ///   - backends: names and weights.
    ///   - probeCount: probes a key, from 1 to 1,000.
    /// - Throws: ``BackendSetError`` if two backends have the same name, a weight is out of range, or the weights add up to
    ///   more than 2²².
    public init(_ backends: [WeightedName], probeCount: Int = 21) throws(BackendSetError) {
        try WeightUnits.check(backends)
        self.init(checked: backends, probeCount: probeCount)
    }

    init(checked backends: [WeightedName], probeCount: Int) {
        self.probeCount = min(max(probeCount, Self.probeCounts.lowerBound), Self.probeCounts.upperBound)
        order = Rendezvous(checked: backends)
        var ends: [(point: UInt64, owner: Int)] = []
        for (index, backend) in backends.enumerated() where backend.weight > 0 {
            let seed = XXH64.hash(backend.name, seed: 1)
            for unit in 0..<UInt64(backend.weight) { ends.append((XXH64.hash(unit, seed: seed), index)) }
        }
        ends.sort { ($0.point, backends[$0.owner].name) < ($1.point, backends[$1.owner].name) }
        points = FixedTable(ends.map(\.point) + ends.prefix(1).map(\.point))
        owners = FixedTable((ends + ends.prefix(1)).map { UInt32(truncatingIfNeeded: $0.owner) })
        // One stretch or two for each point.
        var shift: UInt64 = 63
        while shift > 32, 1 << (64 - shift) < ends.count { shift -= 1 }
        self.shift = shift
        var guide: [UInt32] = []
        var next = 0
        for stretch in 0..<(1 << (64 - shift)) as Range<UInt64> {
            while next < ends.count, ends[next].point < stretch << shift { next += 1 }
            guide.append(UInt32(truncatingIfNeeded: next))
        }
        self.guide = FixedTable(guide)
    }

    /// How many probes there may be.
    static let probeCounts = 1...1_000

    /// The number of backends, those of weight 0 included.
    @inlinable
    public var backendCount: Int { order.backendCount }

    /// The backend of a key; `nil` if none has a weight.
    @inlinable
    public func backend(for keyHash: UInt64) -> Int? {
        order.seeds.count > 0 ? owner(of: keyHash) : nil
    }

    /// The first backend in the key's order that `accepts` takes; `nil` if it takes none.
    @inlinable
    public func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        order.backend(for: keyHash, where: accepts, startingFrom: owner)
    }

    /// The backend whose point follows a probe of `word` most closely; there must be one.
    @inlinable
    func owner(of word: UInt64) -> Int {
        // Two hashes stand for all: Kirsch and Mitzenmacher, *Less Hashing, Same Performance*, 2006.
        var place = Mixing.mix(word)
        let step = Mixing.mix(~word) | 1
        var least = UInt64.max
        var winner = 0
        for _ in 0..<probeCount {
            var next = Int(guide[Int(truncatingIfNeeded: place >> shift)])
            while next < points.count &- 1, points[next] < place { next &+= 1 }
            // Over the end of the circle the difference wraps as the circle does.
            let distance = points[next] &- place
            winner = distance < least ? next : winner
            least = min(distance, least)
            place &+= step
        }
        return Int(owners[winner])
    }
}

/// Multi-probe hashing: ``MultiProbeHash``.
public struct MultiProbePolicy: ConsistentHashPolicy, Hashable {
    /// Probes a key, from 1 to 1,000.
    public var probeCount: Int

    /// Creates the policy.
    public init(probeCount: Int = 21) {
        self.probeCount = probeCount
    }

    /// Whether the weights are not too many.
    ///
    /// - Throws: ``BackendSetError`` if they add up to more than 2²².
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {
        try WeightUnits.checkSum(of: backends)
    }

    /// The table for a set of backends.
    public func makeTable(for backends: [WeightedName], replacing old: MultiProbeHash?) -> MultiProbeHash {
        (try? MultiProbeHash(backends, probeCount: probeCount)) ?? MultiProbeHash(checked: [], probeCount: probeCount)
    }
}

extension MultiProbePolicy: Codable {
    private enum Key: String, CodingKey {
        case probeCount = "probes"
    }

    /// Decodes an object such as `{"probes": 21}`; what is left out has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        guard let count = try container.decodeIfPresent(Int.self, forKey: .probeCount) else { return }
        guard MultiProbeHash.probeCounts.contains(count) else {
            throw DecodingError.dataCorruptedError(
                forKey: .probeCount, in: container, debugDescription: "probes go from 1 to 1000, not \(count)")
        }
        probeCount = count
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(probeCount, forKey: .probeCount)
    }
}
