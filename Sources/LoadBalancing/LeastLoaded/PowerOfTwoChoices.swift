/// The less loaded of two distinct backends drawn at random.
///
/// The first is drawn by weight, the second by weight among the others; the load compared is leases in flight over weight,
/// as a · w_b < b · w_a in whole numbers; a tie goes to the first, so an idle system follows the weights. Of two or more
/// admitted backends the one whose load is strictly the greatest is never picked (with replacement, as Envoy and gRPC
/// draw, it is once in n² picks).
///
/// - Complexity: O(1) a pick; O(n) for n backends when most of them are refused.
/// - Note: Mitzenmacher, *The Power of Two Choices in Randomized Load Balancing*, 2001; nginx's `random two least_conn`.
@frozen
public struct PowerOfTwoChoices: Picker {
    @usableFromInline var choices: TwoChoices

    /// Creates a picker for `pool`.
    public init(for pool: borrowing BackendPool, seed: UInt64) {
        choices = TwoChoices(for: pool, seed: seed)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard choices.isUniform else { return nil }
        let (first, second) = choices.drawUniformly(from: pool)
        let difference = pool.slot(at: second).load.references &- pool.slot(at: first).load.references
        return TwoChoices.lesser(first: first, second: second, difference: Int64(bitPattern: difference))
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
        guard let (first, second) = choices.draw(for: request, from: pool) else { return nil }
        let firstLoad = pool.slot(at: first).load.inFlight &* UInt64(pool.weight(at: second))
        let secondLoad = pool.slot(at: second).load.inFlight &* UInt64(pool.weight(at: first))
        return secondLoad < firstLoad ? second : first
    }

    /// Draws from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        choices.generator = SeededGenerator(seed: seed.value)
    }
}

/// Power of two choices over leases in flight: ``PowerOfTwoChoices``.
public struct PowerOfTwoChoicesPolicy: Policy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> PowerOfTwoChoices {
        PowerOfTwoChoices(for: pool, seed: seed)
    }
}
