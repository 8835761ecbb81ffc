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
    /// refused may be named again.
    func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int?
}
