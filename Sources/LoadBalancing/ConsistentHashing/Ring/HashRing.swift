/// A ring of points: a key belongs to the backend whose point comes next.
///
/// Each backend has many points on a circle of hashes, and a key goes to the first point at or after its own hash, so
/// when a backend comes or goes only its own keys move. A ring is an immutable value: its answers follow from the names,
/// the weights and the ``RingDialect`` alone, so all who build it from the same backends agree, among them the programs
/// whose dialect it speaks.
///
///     let ring = try HashRing(
///         [WeightedName("10.0.0.1:11211"), WeightedName("10.0.0.2:11211", weight: 2)], dialect: .libmemcachedWeighted)
///     let index = ring.backend(forKey: "user:42")
///
/// - Complexity: expected O(1) a lookup and O(p) to build, p points; 10 to 12 bytes a point, 4 more for rings of 64 bits,
///   up to three times as much for ``RingDialect/standard`` with unequal weights.
/// - Note: Karger and others, *Consistent Hashing and Random Trees*, 1997.
@frozen
public struct HashRing: ConsistentHash {
    /// The number of backends, those of weight 0 included.
    public let backendCount: Int
    /// Where the keys of each point end.
    @usableFromInline let ends: RingTable
    /// From a key's hash to a place.
    @usableFromInline let hashShift: UInt64
    /// What is needed only beyond a key's first backend.
    let order: RingOrder
    /// How the ring places points and hashes keys.
    public let dialect: RingDialect

    /// The most points a ring may have: 2²⁶, with which it takes up to a gigabyte.
    public static let maximumPointCount = 1 << 26

    /// Builds a ring.
    ///
    /// A set without backends, or without weights, gives a ring that answers `nil`.
    ///
    /// - Parameters:
    ///   - backends: the backends; answers are positions among them, from 0.
    ///   - dialect: how points are placed and keys hashed.
    /// - Throws: ``HashTableError`` for names given twice or that the dialect cannot read or tell apart, weights out of range,
    ///   and more points than ``maximumPointCount``.
    public init(
        _ backends: some Collection<WeightedName>, dialect: RingDialect = .standard
    ) throws(HashTableError) {
        let backends = Array(backends)
        try HashTableError.check(backends, maximumCount: RingTable.maximumOwnerCount)
        self.init(
            try dialect.points(of: backends), weights: backends.map { UInt32(truncatingIfNeeded: $0.weight) },
            dialect: dialect)
    }

    /// A ring without points, which answers `nil`.
    init(nobody dialect: RingDialect) {
        self.init(RingPoints(count: 0, bitWidth: dialect.places.bitWidth), weights: [], dialect: dialect)
    }

    private init(_ sorted: RingPoints, weights: [UInt32], dialect: RingDialect) {
        var points = sorted
        order = RingOrder(points, weights: weights, byReach: dialect.places == .standard)
        if let weights = order.reaches {
            points = RingReach.ends(of: points, weights: weights)
        }
        points.move(to: dialect.side)
        ends = RingTable(points)
        hashShift = dialect.places.bitWidth == 32 ? 32 : 0
        backendCount = weights.count
        self.dialect = dialect
    }

    /// The backend that `keyHash` belongs to; `nil` if none has a weight.
    ///
    /// `keyHash` is what ``hash(ofKey:)-(RawSpan)`` gives or any other number that spreads well. A ring of 32 bits, which all
    /// are that hash names by MD5 words or CRC-32, takes the low 32 bits; the others take all 64, of which those of
    /// 128 and 160 bits make the first 64 of their numbers, and ``RingDialect/standard`` looks at the top 40.
    @inlinable
    @inline(__always)
    public func backend(for keyHash: UInt64) -> Int? {
        guard ends.count > 0 else { return nil }
        return ends.owner(at: ends.index(of: keyHash &<< hashShift))
    }

    /// The first backend in the key's order that `accepts` takes; `nil` if it takes none.
    ///
    /// The order goes on round the ring, so the keys of a backend that is refused go where they would go without it. A
    /// weighted backend that owns no point comes after all others.
    ///
    /// - Complexity: expected O(1 + r) for r backends refused.
    public func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        guard let first = backend(for: keyHash) else { return order.pointless(where: accepts) }
        if accepts(first) { return first }
        let place = keyHash &<< hashShift
        let next =
            if let weights = order.reaches {
                order.nearest(to: place, weights: weights, where: accepts)
            } else {
                order.next(in: ends, from: ends.index(of: place), where: accepts)
            }
        return next ?? order.pointless(where: accepts)
    }
}
