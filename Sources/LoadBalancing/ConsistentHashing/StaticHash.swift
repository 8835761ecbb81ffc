/// The key's hash modulo the sum of the weights.
///
/// Equal keys go to the same backend for as long as the set stays the same; when it changes, most keys move (a ring or a
/// table moves few). The key's order goes on where further hashes of the key fall, and names the rest in a circle that begins
/// at a place of the key's own.
///
/// - Complexity: expected O(1) a look-up, O(n) at worst; 16 bytes a backend.
/// - Note: nginx's `hash` and `ip_hash`, HAProxy's `hash-type map-based` and `balance source`, in spirit: which backend a
///   key gets is this package's own.
@frozen
public struct StaticHash: ConsistentHash {
    @usableFromInline let line: CumulativeWeights

    /// Spreads keys over `backends` in their order.
    ///
    /// - Throws: ``BackendSetError`` if two backends have the same name, or a weight is out of range.
    public init(_ backends: [WeightedName]) throws(BackendSetError) {
        try BackendSetError.check(backends)
        self.init(checked: backends)
    }

    init(checked backends: [WeightedName]) {
        line = CumulativeWeights(backends.map { UInt32(clamping: $0.weight) })
    }

    /// The number of backends, those of weight 0 included.
    public var backendCount: Int { line.ends.count }

    /// The backend of a key; `nil` if none has a weight.
    @inlinable
    @inline(__always)
    public func backend(for keyHash: UInt64) -> Int? {
        guard line.total > 0 else { return nil }
        return line.backend(at: keyHash % line.total)
    }

    /// The first backend in the key's order that `accepts` takes; `nil` if it takes none.
    @inlinable
    public func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        guard line.total > 0 else { return nil }
        let first = line.backend(at: keyHash % line.total)
        if accepts(first) { return first }
        let hashed = 16
        for position in 1..<hashed {
            let index = line.backend(at: Mixing.mix(keyHash, position: position) % line.total)
            if accepts(index) { return index }
        }
        let count = line.ends.count
        var index = Int(truncatingIfNeeded: Mixing.mix(keyHash, position: hashed) % UInt64(count))
        for _ in 0..<count {
            if line.weight(of: index) > 0, accepts(index) { return index }
            index = index &+ 1 < count ? index &+ 1 : 0
        }
        return nil
    }
}

/// Key modulo weights: ``StaticHash``.
public struct StaticHashPolicy: ConsistentHashPolicy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// The table for a set of backends.
    public func makeTable(for backends: [WeightedName], replacing old: StaticHash?) -> StaticHash {
        StaticHash(checked: backends)
    }
}
