/// Everybody in turn, whatever the weights; backends of weight 0 are left out.
///
/// A turn that falls to a backend that may not take it becomes a draw among those that may, so that nobody inherits the
/// whole share of a neighbour that is down.
///
/// - Complexity: O(1) a pick; O(n) for n backends when most of them are refused.
/// - Note: the order of nginx and gRPC with equal weights. To begin at a random backend (grpc-go, Envoy) keeps a fleet of
///   clients that start together off the first one.
@frozen
public struct RoundRobin: Picker {
    @usableFromInline var cursor: Int
    /// What of the next turn has passed, in units of 2⁻⁶⁴: more than 0 after updates only.
    @usableFromInline var fraction: UInt64 = 0
    @usableFromInline let turns: EligibleBackends
    @usableFromInline var generator: SeededGenerator

    /// Creates a picker for `pool`.
    ///
    /// - Parameters:
    ///   - pool: the backends.
    ///   - start: the turn to begin with; `nil` for a random one.
    ///   - seed: what random choices follow from.
    public init(for pool: borrowing BackendPool, start: Int? = nil, seed: UInt64) {
        turns = EligibleBackends(of: pool)
        generator = SeededGenerator(seed: seed)
        cursor = generator.nextIndex(below: turns.count)
        if let start { cursor = max(0, start) }
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
        guard let index = pickUnrestricted(request, from: pool) else { return nil }
        if pool.accepts(index, for: request, using: &generator) { return index }
        return turns.draw(from: pool, for: request, using: &generator)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        let turn = cursor < turns.count ? cursor : 0
        guard turn < turns.count else { return nil }
        cursor = turn &+ 1
        return turns[turn]
    }

    /// Begins elsewhere, except for the first copy.
    public mutating func diverge(_ seed: PickerSeed) {
        guard seed.copy > 0 else { return }
        generator = SeededGenerator(seed: seed.value)
        cursor = generator.nextIndex(below: turns.count)
    }

    /// Goes on with the turn after the last; where the number of turns has changed, at the same part of all turns.
    public mutating func resume(from old: borrowing RoundRobin) {
        guard old.turns.count != turns.count else { return (cursor, fraction) = (old.cursor, old.fraction) }
        guard old.turns.count > 0 else { return }
        let phase = CyclePlace(turn: old.cursor, fraction: old.fraction).phase(of: old.turns.count)
        let place = CyclePlace(phase: phase, of: turns.count)
        (cursor, fraction) = (place.turn, place.fraction)
    }
}

/// Round robin: ``RoundRobin``.
public struct RoundRobinPolicy: Policy, Hashable, Codable {
    /// The turn to begin with; `nil` for a random one.
    public var start: Int?

    /// Creates the policy.
    public init(start: Int? = nil) {
        self.start = start
    }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> RoundRobin {
        RoundRobin(for: pool, start: start, seed: seed)
    }
}
