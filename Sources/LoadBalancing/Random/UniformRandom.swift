/// Anybody, each as likely as the next, whatever the weights; backends of weight 0 are left out.
///
/// - Complexity: O(1) a pick; O(n) for n backends when most of them are refused.
@frozen
public struct UniformRandom: Picker {
    @usableFromInline let backends: EligibleBackends
    @usableFromInline var generator: SeededGenerator

    /// Creates a picker for `pool`.
    public init(for pool: borrowing BackendPool, seed: UInt64) {
        backends = EligibleBackends(of: pool)
        generator = SeededGenerator(seed: seed)
    }

    /// Chooses a backend.
    @inlinable
    @inline(__always)
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if pool.admitsAll(for: request), let index = pickUnrestricted(request, from: pool) { return index }
        return pickAmongAdmitted(request, from: pool)
    }

    @usableFromInline
    mutating func pickAmongAdmitted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        backends.draw(from: pool, for: request, using: &generator)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard backends.count > 0 else { return nil }
        return backends[generator.nextIndex(below: backends.count)]
    }

    /// Draws from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

/// Uniform random choice: ``UniformRandom``.
public struct UniformRandomPolicy: Policy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> UniformRandom {
        UniformRandom(for: pool, seed: seed)
    }
}
