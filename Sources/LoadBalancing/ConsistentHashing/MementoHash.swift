/// Jump hash with a memory of who has gone: any backend may leave, and only its own keys move.
///
/// Backends have numbered buckets, one for each unit of weight, by the order of their names at first, and keys jump to a
/// bucket as in ``JumpHash``. A bucket that is left is remembered with how many were taken then, and a key that
/// comes to it goes on to one of those. Shares follow the weights exactly, whoever has left.
///
/// ``updated(for:)`` makes the value for the next set. Whoever stays keeps its buckets, so no key moves between two that stay. Who
/// comes, or gains weight, gets the buckets that others leave in the same update, then those that were left last, then new
/// ones; and its own former ones if they are among these. So a backend that goes and comes back next has its keys
/// again, and a replacement takes over the keys of whom it replaces.
///
/// **What depends on history:** who has a bucket follows from all sets since the first. All who are to agree must see the
/// same sets in the same order, or begin anew from the same set. ``Rendezvous`` moves as few keys, without a history. A backend that is only unwell
/// should have its gate shut instead: that leaves no trace.
///
/// The key's order goes on where 15 further hashes of the key fall, and then as that of ``Rendezvous``.
///
/// - Complexity: O(log B) a look-up for B buckets of which T are taken, and on average O(log² (B / T)) more; 20 bytes a bucket, 8 to 20
///   a backend.
/// - Note: Coluccia and others, *MementoHash: A Stateful, Minimal Memory, Best Performing Consistent Hash Algorithm*,
///   2023 (arXiv 2306.09783).
@frozen
public struct MementoHash: ConsistentHash {
    /// Who has each bucket: the index of a backend; or ``left``, and how many buckets were taken after it was left.
    @usableFromInline let buckets: FixedTable<UInt32>
    @usableFromInline let order: Rendezvous
    private let ledger: BucketLedger

    @usableFromInline static let left: UInt32 = 1 << 31

    /// Spreads keys over `backends`, none of which has left.
    ///
    /// - Throws: ``BackendSetError`` if two backends have the same name, a weight is out of range, or the weights add up to
    ///   more than 2²².
    public init(_ backends: [WeightedName]) throws(BackendSetError) {
        try WeightUnits.check(backends)
        self.init(checked: backends, ledger: BucketLedger())
    }

    init(checked backends: [WeightedName], ledger: BucketLedger) {
        self.ledger = ledger.updated(for: backends)
        order = Rendezvous(checked: backends)
        var indices: [String: UInt32] = [:]
        for (index, backend) in backends.enumerated() { indices[backend.name] = UInt32(truncatingIfNeeded: index) }
        // A bucket whose last owner is not in the set was left.
        var buckets = self.ledger.owners.map { indices[$0] ?? Self.left }
        for (age, bucket) in self.ledger.left.enumerated() {
            buckets[bucket] = Self.left | UInt32(truncatingIfNeeded: buckets.count - age - 1)
        }
        self.buckets = FixedTable(buckets)
    }

    /// The value for the set that takes the place of this one's.
    ///
    /// - Throws: ``BackendSetError`` if two backends have the same name, a weight is out of range, or the weights add up to
    ///   more than 2²².
    public func updated(for backends: [WeightedName]) throws(BackendSetError) -> MementoHash {
        try WeightUnits.check(backends)
        return MementoHash(checked: backends, ledger: ledger)
    }

    /// The number of backends, those of weight 0 included.
    public var backendCount: Int { order.backendCount }

    /// The number of buckets, those that were left included.
    public var bucketCount: Int { buckets.count }

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

    /// The backend that `word` falls to; there must be one.
    @inlinable
    func owner(of word: UInt64) -> Int {
        var bucket = JumpHash.bucket(of: word, among: buckets.count)
        while true {
            let entry = buckets[bucket]
            guard entry >= Self.left else { return Int(entry) }
            // One of those that were taken then. Where one had been left before that, a bucket beyond stood in for it: the one that its
            // entry names.
            let taken = entry & ~Self.left
            bucket = Int(Mixing.mix(word, position: bucket).multipliedFullWidth(by: UInt64(taken)).high)
            while true {
                let other = buckets[bucket]
                guard other >= Self.left, other & ~Self.left >= taken else { break }
                bucket = Int(other & ~Self.left)
            }
        }
    }
}

/// Jump hash with a memory, over live updates: ``MementoHash``.
public struct MementoPolicy: ConsistentHashPolicy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// Whether the weights are not too many.
    ///
    /// - Throws: ``BackendSetError`` if they add up to more than 2²².
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {
        try WeightUnits.checkSum(of: backends)
    }

    /// The table for a set of backends, in which who was in the old one keeps its buckets.
    public func makeTable(for backends: [WeightedName], replacing old: MementoHash?) -> MementoHash {
        let table = try? old?.updated(for: backends) ?? MementoHash(backends)
        return table ?? MementoHash(checked: [], ledger: BucketLedger())
    }
}
