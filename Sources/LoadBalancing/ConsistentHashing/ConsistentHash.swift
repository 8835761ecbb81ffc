/// Where keys go: for each key hash a backend and, behind it, all others in an order of the key's own.
///
/// Rings, tables and the rest are plain immutable values of this kind; ``ConsistentHashPicker`` makes a picker of any of
/// them. All that a value answers follows from the backends' names, weights and the construction alone, so that all who
/// were given the same backends agree.
public protocol ConsistentHash: Sendable {
    /// The number of backends, those of weight 0 included.
    var backendCount: Int { get }

    /// The first backend in the key's order; `nil` if none has a weight.
    func backend(for keyHash: UInt64) -> Int?

    /// The first backend in the key's order that `accepts` takes; `nil` if it takes none.
    ///
    /// The order begins with ``backend(for:)`` and names every backend that has a weight, at least once: one that was
    /// refused may be named again. `accepts` may be asked about backends in any order and more than once, so its answer
    /// must depend on the backend alone.
    func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int?
}

extension ConsistentHash {
    /// The backends that have a weight, each once, in the key's order: replicas, or where to look next.
    ///
    /// - Complexity: lazy; the k-th costs the construction's walk past k backends.
    public func candidates(of keyHash: UInt64) -> Candidates<Self> {
        Candidates(table: self, keyHash: keyHash)
    }
}

/// The distinct backends of a key, in the key's own order.
public struct Candidates<Table: ConsistentHash>: Sequence, IteratorProtocol, Sendable {
    private let table: Table
    private let keyHash: UInt64
    private var given: Set<Int> = []

    init(table: Table, keyHash: UInt64) {
        self.table = table
        self.keyHash = keyHash
    }

    /// The next backend; `nil` when all were given.
    public mutating func next() -> Int? {
        guard let index = table.backend(for: keyHash, where: { !given.contains($0) }) else { return nil }
        given.insert(index)
        return index
    }
}
