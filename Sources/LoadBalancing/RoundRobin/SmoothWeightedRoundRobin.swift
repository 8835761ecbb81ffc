/// Everybody in turn, the heavier more often, and never more in a row than need be.
///
/// The order is nginx's to the last pick (checked against nginx 1.22.1, `nginx-smooth-wrr.json` among the tests) as long
/// as one whole cycle, the sum of the weights over their greatest common divisor, has at most 65,536 picks and
/// times the number of distinct weights is not above 2²⁴; it is then read off a table. Longer cycles go by rotations of the golden ratio, in bounded memory and with
/// this error bound: after N picks every backend was served its share to within 3 + 4.25 · ln N.
///
/// A turn that falls to a backend that may not take it becomes a draw by weight × fraction among those that may.
///
/// - Complexity: O(1) a pick, no allocation; the table is built once in O(cycle × distinct weights) and shared.
@frozen
public struct SmoothWeightedRoundRobin: Picker {
    @usableFromInline var cursor: Int = 0
    /// Where a rotation stands; in a cycle, what of the next turn has passed.
    @usableFromInline var point: UInt64
    @usableFromInline let cycle: FixedTable<UInt32>
    @usableFromInline let rotation: GoldenRotation?
    @usableFromInline var generator: SeededGenerator

    /// Creates a picker for `pool` that begins at the start of the cycle.
    public init(for pool: borrowing BackendPool, seed: UInt64) {
        let order = SmoothCycle.order(of: pool.weights)
        cycle = FixedTable(order ?? [])
        rotation = order == nil ? GoldenRotation(of: pool) : nil
        point = order == nil ? GoldenRotation.step >> 1 : 0
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
        guard let index = pickUnrestricted(request, from: pool) else { return nil }
        return pool.accepts(index, for: request, using: &generator) ? index : draw(from: pool, for: request)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if cycle.count > 0 {
            let turn = cursor < cycle.count ? cursor : 0
            cursor = turn &+ 1
            return Int(cycle[turn])
        }
        guard let rotation else { return nil }
        point &+= GoldenRotation.step
        return rotation.backend(at: point)
    }

    private mutating func draw(from pool: borrowing BackendPool, for request: PickRequest) -> Int? {
        // A random place of the cycle is a draw by weight.
        for _ in 0..<8 {
            let index =
                rotation?.backend(at: generator.next()) ?? Int(cycle[generator.nextIndex(below: cycle.count)])
            if pool.accepts(index, for: request, using: &generator) { return index }
        }
        return pool.drawAmongAdmitted(for: request, evenly: false, using: &generator)
    }

    /// Begins elsewhere in the cycle, except for the first copy.
    public mutating func diverge(_ seed: PickerSeed) {
        guard seed.copy > 0 else { return }
        generator = SeededGenerator(seed: seed.value)
        cursor = generator.nextIndex(below: cycle.count)
        point = generator.next()
    }

    /// Goes on at the same place of the cycle, scaled to the new one's length.
    public mutating func resume(from old: borrowing SmoothWeightedRoundRobin) {
        guard old.cycle.count > 0 || old.rotation != nil else { return }
        guard old.cycle.count != cycle.count else { return (cursor, point) = (old.cursor, old.point) }
        let phase =
            old.rotation == nil
            ? CyclePlace(turn: old.cursor, fraction: old.point).phase(of: old.cycle.count) : old.point
        guard rotation == nil else { return point = phase }
        let place = CyclePlace(phase: phase, of: cycle.count)
        (cursor, point) = (place.turn, place.fraction)
    }
}

/// Smooth weighted round robin: ``SmoothWeightedRoundRobin``.
public struct SmoothWeightedRoundRobinPolicy: Policy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> SmoothWeightedRoundRobin {
        SmoothWeightedRoundRobin(for: pool, seed: seed)
    }
}
