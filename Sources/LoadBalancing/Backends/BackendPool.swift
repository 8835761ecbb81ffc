public import Synchronization

/// The backends as a picker sees them: numbered 0 ..< ``count``, with weights, admissions and loads.
///
/// A pool shows one generation of a set and is only lent to a picker, for one pick. Weights do not change within a
/// generation; admissions and loads may change at any time, also between two readings in one pick.
///
/// For tests, ``ScriptedPool`` makes pools from plain arrays.
///
/// Invariant: the pointers are those of `generation`, which this value keeps alive; indices are checked against `count`.
@frozen
@safe
public struct BackendPool: ~Copyable, @unchecked Sendable {
    @usableFromInline let generation: Generation
    /// The number of backends.
    public let count: Int
    @usableFromInline let slots: UnsafeMutablePointer<Slot>
    @usableFromInline let weights: UnsafeMutablePointer<UInt32>
    @usableFromInline let admissions: UnsafeMutablePointer<Atomic<UInt32>>
    /// The sum of all weights.
    public let totalWeight: UInt64
    /// Whether all weights are the same.
    public let hasEqualWeights: Bool

    @usableFromInline
    init(_ generation: Generation) {
        self.generation = generation
        count = generation.count
        unsafe slots = unsafe generation.slots
        unsafe weights = unsafe generation.weights
        unsafe admissions = unsafe generation.admissions
        totalWeight = generation.totalWeight
        hasEqualWeights = generation.hasEqualWeights
    }

    /// Another view of the same backends.
    public func copy() -> BackendPool {
        BackendPool(generation)
    }

    @inlinable
    func check(_ index: Int) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "a backend index outside the pool")
    }

    /// The weight of a backend; 0 takes no work.
    @inlinable
    public func weight(at index: Int) -> UInt32 {
        check(index)
        return unsafe weights[index]
    }

    /// The gate and the fraction of a backend.
    @inlinable
    public func admission(at index: Int) -> Admission {
        check(index)
        return Admission(word: unsafe admissions[1 &+ index].load(ordering: .relaxed))
    }

    /// Whether every backend has an open gate and its whole share. One load.
    @inlinable
    public var isUnrestricted: Bool {
        unsafe admissions[0].load(ordering: .acquiring) == 0
    }

    /// The number of leases in flight on a backend.
    @inlinable
    public func inFlight(at index: Int) -> Int {
        Int(truncatingIfNeeded: slot(at: index).load.inFlight)
    }

    /// The latency average of a backend, in nanoseconds; `nil` while nothing was measured.
    ///
    /// - Parameters:
    ///   - index: the backend.
    ///   - time: the present; averages that sink while nothing is measured are projected to it. Without it, the average as of
    ///     its last sample.
    @inlinable
    public func latency(at index: Int, time: Timestamp?) -> Float? {
        let slot = slot(at: index)
        let word = slot.latency
        guard !word.isUnmeasured else { return nil }
        guard let time, let estimator = slot.measurement.latency else { return word.value }
        return estimator.reading(of: word, at: LatencyWord.stamp(of: time))
    }

    /// A number that stands for the backend in ``TriedBackends``, whatever its index in another generation.
    @inlinable
    public func slotID(at index: Int) -> UInt32 {
        slot(at: index).id
    }

    @inlinable
    func slot(at index: Int) -> Slot {
        check(index)
        return unsafe slots[index]
    }
}
