/// The backends as a picker sees them: numbered 0 ..< ``count``, with weights, admissions and loads.
///
/// A pool shows one generation of a set and is only lent to a picker, for one pick. Weights do not change within a
/// generation; admissions and loads may change at any time, also between two readings in one pick.
///
/// For tests, ``ScriptedPool`` makes pools from plain arrays.
///
/// A pool is one reference; readings go straight to the generation's tables.
@frozen
public struct BackendPool: ~Copyable, Sendable {
    @usableFromInline let generation: Generation

    @inlinable
    init(_ generation: Generation) {
        self.generation = generation
    }

    /// The number of backends.
    @inlinable
    public var count: Int { generation.count }

    /// The sum of all weights.
    @inlinable
    public var totalWeight: UInt64 { generation.totalWeight }

    /// Whether all weights are the same.
    @inlinable
    public var hasEqualWeights: Bool { generation.hasEqualWeights }

    /// Another view of the same backends.
    public func copy() -> BackendPool {
        BackendPool(generation)
    }

    /// The weight of a backend; 0 takes no work.
    @inlinable
    public func weight(at index: Int) -> UInt32 { generation.weight(at: index) }

    /// All weights, for tables that are built from them.
    var weights: [UInt32] { (0..<count).map { generation.weight(at: $0) } }

    /// The identity of a backend, which hashing policies place it by.
    public func id(at index: Int) -> String { slot(at: index).identity }

    /// The gate and the fraction of a backend.
    @inlinable
    public func admission(at index: Int) -> Admission { generation.admission(at: index) }

    /// Whether every backend has an open gate and its whole share.
    ///
    /// - Complexity: one load.
    @inlinable
    public var isUnrestricted: Bool { generation.isUnrestricted }

    /// The number of leases in flight on a backend.
    @inlinable
    public func inFlight(at index: Int) -> Int {
        Int(truncatingIfNeeded: slot(at: index).load.inFlight)
    }

    /// The leases in flight on all backends together.
    ///
    /// As counted where a policy asks for it with ``PolicyRequirements/countsInFlight``: then those on backends that have left the
    /// set are among them. Else it is added up.
    ///
    /// - Complexity: O(1) if counted, else O(n).
    @inlinable
    public var totalInFlight: Int { countedInFlight ?? sumOfInFlight }

    @usableFromInline
    var countedInFlight: Int? { generation.registry.totalInFlight }

    /// The leases in flight on the backends of the pool, read one after another.
    @usableFromInline
    var sumOfInFlight: Int { (0..<count).reduce(0) { $0 + inFlight(at: $1) } }

    /// The latency average of a backend, in nanoseconds; `nil` while nothing was measured.
    ///
    /// - Parameters:
    ///   - index: the backend.
    ///   - time: the present; averages that sink while nothing is measured are projected to it. Without it, the average as of
    ///     its last sample.
    /// - Returns: nanoseconds.
    @inlinable
    @inline(__always)
    public func latency(at index: Int, time: Timestamp?) -> Float? {
        let word = slot(at: index).latency
        guard !word.isUnmeasured else { return nil }
        guard let time, let estimator = generation.estimator else { return word.value }
        return estimator.reading(of: word, at: LatencyWord.stamp(of: time))
    }

    /// A number that stands for the backend in ``TriedBackends``, whatever its index in another generation.
    @inlinable
    public func slotID(at index: Int) -> UInt32 {
        slot(at: index).id
    }

    @inlinable
    func slot(at index: Int) -> Slot { generation.slot(at: index) }
}
