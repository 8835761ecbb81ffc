/// The backend with the fewest leases in flight for its weight.
///
/// Loads are compared as a · w_b < b · w_a in whole numbers; a backend with a fraction counts as lighter by that fraction
/// (by 2⁻¹¹ at the most, with the index).
/// Of equally loaded backends each gets its turn by weight, so an idle system follows the weights instead of sending all to
/// one backend.
///
/// Behind a balancer all picks share one index of the loads, which learns of every lease that begins or ends: a pick is
/// exact as long as calls do not overlap. On its own, the picker looks at every backend of the pool, and breaks ties by a
/// draw by weight.
///
/// - Complexity: with the index, O(1) a pick and O(log n) for each lease that begins or ends; without, O(n).
/// - Note: nginx's `least_conn`, HAProxy's `leastconn`.
@frozen
public struct LeastConnections: Picker {
    @usableFromInline var generator: SeededGenerator

    /// Creates a picker.
    public init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Chooses a backend.
    @inlinable
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if let index = pool.leastLoaded(for: request) { return index }
        return scan(pool, for: request)
    }

    @usableFromInline
    mutating func scan(_ pool: borrowing BackendPool, for request: PickRequest) -> Int? {
        var best: (index: Int, load: UInt64, weight: UInt64)?
        var tiedWeight: UInt64 = 0
        for index in 0..<pool.count where pool.admits(index, for: request) {
            let load = pool.slot(at: index).load.inFlight
            let weight = UInt64(pool.weight(at: index)) * UInt64(pool.admission(at: index).steps)
            guard weight > 0 else { continue }
            if let best {
                let mine = load.multipliedFullWidth(by: best.weight)
                let theirs = best.load.multipliedFullWidth(by: weight)
                if (mine.high, mine.low) > (theirs.high, theirs.low) { continue }
                if mine == theirs {
                    // Each of the tied ends up chosen with the probability of its weight.
                    let share = pool.summableShare(of: index)
                    tiedWeight &+= share
                    if generator.next(below: tiedWeight) >= share { continue }
                } else {
                    tiedWeight = pool.summableShare(of: index)
                }
            } else {
                tiedWeight = pool.summableShare(of: index)
            }
            best = (index, load, weight)
        }
        return best?.index
    }

    /// Draws from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

extension BackendPool {
    /// The winner of the balancer's load index; `nil` without an index, without a winner, or while an update goes on.
    @usableFromInline
    func leastLoaded(for request: PickRequest) -> Int? {
        let leaf = generation.registry.withLoadIndex { loadIndex in
            loadIndex.least { leaf in
                guard let index = generation.index(ofLeaf: leaf) else { return true }
                return !request.tried.isEmpty && request.tried.contains(slotID(at: index))
            }
        }
        guard let leaf = leaf ?? nil, let index = generation.index(ofLeaf: leaf), admits(index, for: request) else {
            return nil
        }
        return index
    }
}

/// Fewest leases in flight for the weight: ``LeastConnections``.
public struct LeastConnectionsPolicy: Policy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// The backends in order of their load.
    public var requirements: PolicyRequirements { PolicyRequirements(ordersByLoad: true) }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> LeastConnections {
        LeastConnections(seed: seed)
    }
}
