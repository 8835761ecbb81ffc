/// The shard that a key jumps to: exact shares without a table of keys or points.
///
/// Backends are numbered in the order of the list, one of weight w as w in a row. What is appended takes its part from all others, and
/// what is taken off the end gives it back; no other key moves. That suits shards that are numbered and grow. A change before the
/// end renumbers all behind it, and about twice as many keys move as need be: shut the gate of a backend that is out of
/// service, or take ``MementoHash``.
///
/// Jump hash itself names one backend. Here the key's order goes on where 15 further hashes of the key fall, and then as that of
/// ``Rendezvous``.
///
/// - Complexity: O(log W) a look-up, W being the sum of the weights; 8 to 20 bytes a backend, and 4 · W bytes unless all
///   weights are 1.
/// - Note: Lamping and Veach, *A Fast, Minimal Memory, Consistent Hash Algorithm*, 2014 (arXiv 1406.2294).
@frozen
public struct JumpHash: ConsistentHash {
    /// The number of buckets: the sum of the weights.
    public let bucketCount: Int
    /// Who has each bucket; `nil` if the bucket's number says it.
    @usableFromInline let owners: FixedTable<UInt32>?
    @usableFromInline let order: Rendezvous

    /// Spreads keys over `backends` in their order.
    ///
    /// - Throws: ``BackendSetError`` if two backends have the same name, a weight is out of range, or the weights add up to
    ///   more than 2²².
    public init(_ backends: [WeightedName]) throws(BackendSetError) {
        try WeightUnits.check(backends)
        self.init(checked: backends)
    }

    init(checked backends: [WeightedName]) {
        order = Rendezvous(checked: backends)
        bucketCount = backends.reduce(0) { $0 + $1.weight }
        let isPlain = backends.allSatisfy { $0.weight == 1 }
        owners =
            isPlain
            ? nil
            : FixedTable(
                backends.enumerated().flatMap { repeatElement(UInt32(truncatingIfNeeded: $0), count: $1.weight) })
    }

    /// The number of backends, those of weight 0 included.
    public var backendCount: Int { order.backendCount }

    /// The backend of a key; `nil` if none has a weight.
    @inlinable
    @inline(__always)
    public func backend(for keyHash: UInt64) -> Int? {
        bucketCount > 0 ? owner(of: keyHash) : nil
    }

    /// The first backend in the key's order that `accepts` takes; `nil` if it takes none.
    @inlinable
    public func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        order.backend(for: keyHash, where: accepts, startingFrom: owner)
    }

    @inlinable
    func owner(of word: UInt64) -> Int {
        let bucket = Self.bucket(of: word, among: bucketCount)
        guard let owners else { return bucket }
        return Int(owners[bucket])
    }

    /// The bucket of a key, as published.
    ///
    /// - Parameters:
    ///   - key: the key; its bits need not be mixed.
    ///   - count: the number of buckets, from 1 to 2³¹; what is below or above counts as these.
    /// - Returns: the bucket, from 0.
    @inlinable
    public static func bucket(of key: UInt64, among count: Int) -> Int {
        let count = min(count, 1 << 31)
        var state = key
        var bucket: Int64 = 0
        var next: Int64 = 0
        repeat {
            bucket = next
            state = state &* 2_862_933_555_777_941_757 &+ 1
            // At most 2³¹ · 2³¹, since buckets are below the count.
            next = Int64(Double(bucket &+ 1) * (0x1p31 / Double(Int64(truncatingIfNeeded: state >> 33) &+ 1)))
        } while next < count
        return Int(truncatingIfNeeded: bucket)
    }
}

/// Jump hash: ``JumpHash``.
public struct JumpHashPolicy: ConsistentHashPolicy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// Whether the weights are not too many.
    ///
    /// - Throws: ``BackendSetError`` if they add up to more than 2²².
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {
        try WeightUnits.checkSum(of: backends)
    }

    /// The table for a set of backends.
    public func makeTable(for backends: [WeightedName], replacing old: JumpHash?) -> JumpHash {
        (try? JumpHash(backends)) ?? JumpHash(checked: [])
    }
}
