/// A ring of points: a key belongs to the backend whose point comes next.
///
/// Each backend has many points on a circle of hashes, and a key goes to the first point at or after its own hash, so
/// when a backend comes or goes only its own keys move. A ring is an immutable value: its answers follow from the names,
/// the weights and the ``RingDialect`` alone, so all who build it from the same backends agree, among them the programs
/// whose dialect it speaks.
///
///     let ring = try HashRing([WeightedName("10.0.0.1:11211"), WeightedName("10.0.0.2:11211", weight: 2)],
///         dialect: .libmemcachedWeighted)
///     let index = ring.backend(forKey: "user:42")
///
/// - Complexity: expected O(1) a lookup and O(p) to build, p points; 12 to 20 bytes a point.
/// - Note: Karger and others, *Consistent Hashing and Random Trees*, 1997.
@frozen
public struct HashRing: ConsistentHash {
    /// The number of backends, those of weight 0 included.
    public let backendCount: Int
    @usableFromInline let table: RingTable
    /// How the ring places points and hashes keys.
    public let dialect: RingDialect
    /// The weighted backends that own no point, in the order of the set.
    @usableFromInline let pointless: FixedTable<UInt32>

    /// The most points a ring may have: 2²⁶, at which it takes about a gigabyte.
    public static let maximumPointCount = 1 << 26

    /// Builds a ring.
    ///
    /// A set without backends, or without weights, gives a ring that answers `nil`.
    ///
    /// - Parameters:
    ///   - backends: the backends; answers are positions among them.
    ///   - dialect: how points are placed and keys hashed.
    /// - Throws: ``HashTableError`` for names given twice, weights out of range, more points than
    ///   ``maximumPointCount``, and names the dialect cannot read.
    public init(
        _ backends: some Collection<WeightedName>, dialect: RingDialect = .standard
    ) throws(HashTableError) {
        try HashTableError.check(backends, maximumCount: RingTable.maximumOwnerCount)
        let backends = Array(backends)
        let points = try dialect.points(of: backends)
        self.dialect = dialect
        backendCount = backends.count
        table = RingTable(points, bitWidth: dialect.bitWidth)
        var owns = [Bool](repeating: false, count: backends.count)
        for point in points { owns[Int(point.owner)] = true }
        pointless = FixedTable(
            backends.indices.filter { backends[$0].weight > 0 && !owns[$0] }.map { UInt32(truncatingIfNeeded: $0) })
    }

    /// The number of points on the ring; points that fall on another's place are not counted.
    public var pointCount: Int { table.count }

    /// The backend whose point comes next at or after `keyHash`; `nil` if none has a weight.
    ///
    /// A ring of 32 bits takes the low 32 bits of `keyHash`. See ``hash(ofKey:)``.
    @inlinable
    @inline(__always)
    public func backend(for keyHash: UInt64) -> Int? {
        guard table.count > 0 else { return nil }
        return table.owner(at: table.place(of: keyHash))
    }

    /// The first backend whose point comes at or after `keyHash` that `accepts` takes; `nil` if it takes none.
    ///
    /// Walks on round the ring, so the keys of a backend that is refused go where they would go without it. A weighted
    /// backend that owns no point comes after all others.
    public func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        if table.count > 0 {
            let start = table.place(of: keyHash)
            for step in 0..<table.count {
                let place = start + step
                let owner = table.owner(at: place < table.count ? place : place - table.count)
                if accepts(owner) { return owner }
            }
        }
        for place in 0..<pointless.count {
            let owner = Int(pointless[place])
            if accepts(owner) { return owner }
        }
        return nil
    }
}
