/// The order of a key's backends beyond the first.
@usableFromInline
struct RingOrder: Sendable {
    /// Backends that own a point.
    private let ownerCount: Int
    /// The backends of the set.
    private let backendCount: Int
    /// The weighted backends that own no point, in the order of the set.
    private let pointless: FixedTable<UInt32>
    /// The points, where they are not the ends of their keys.
    let points: RingTable?
    /// The weights, where keys go by distance and weight.
    let reaches: FixedTable<UInt32>?
    private let heaviest: UInt64

    /// - Parameters:
    ///   - points: sorted, no two on the same place.
    ///   - weights: of all backends of the set.
    ///   - byReach: whether keys go by distance and weight.
    init(_ points: RingPoints, weights: [UInt32], byReach: Bool) {
        let owns = points.owners(among: weights.count)
        ownerCount = owns.count { $0 }
        backendCount = weights.count
        pointless = FixedTable(
            weights.indices.filter { weights[$0] > 0 && !owns[$0] }.map { UInt32(truncatingIfNeeded: $0) })
        let heaviest = weights.max() ?? 0
        self.heaviest = UInt64(heaviest)
        let areUnequal = byReach && weights.contains { $0 > 0 && $0 < heaviest }
        self.points = areUnequal ? RingTable(points) : nil
        reaches = areUnequal ? FixedTable(weights) : nil
    }

    /// The first of those without points that `accepts` takes.
    func pointless(where accepts: (Int) -> Bool) -> Int? {
        for index in 0..<pointless.count where accepts(Int(pointless[index])) { return Int(pointless[index]) }
        return nil
    }

    /// The first owner from `start` on that `accepts` takes.
    func next(in table: RingTable, from start: Int, where accepts: (Int) -> Bool) -> Int? {
        var seen = SeenOwners(of: backendCount, among: ownerCount)
        for step in 0..<table.count {
            let owner = table.owner(at: (start + step) % table.count)
            guard seen.isNew(owner) else { continue }
            if accepts(owner) { return owner }
            if seen.isComplete { return nil }
        }
        return nil
    }

    /// The owner that `accepts` takes whose next point from `place` on is nearest for its weight; the heavier on a tie.
    func nearest(to place: UInt64, weights: FixedTable<UInt32>, where accepts: (Int) -> Bool) -> Int? {
        guard let points else { return nil }
        var seen = SeenOwners(of: backendCount, among: ownerCount)
        var best: (owner: Int, distance: UInt64, weight: UInt64)?
        let start = points.index(of: place)
        let origin = place & (~0 &<< RingReach.shift)
        for step in 0..<points.count {
            let index = (start + step) % points.count
            let distance = (points.place(at: index) &- origin) &>> RingReach.shift
            // From here on even the heaviest would be farther off.
            if let best, Self.product(distance, best.weight) > Self.product(best.distance, heaviest) { break }
            let owner = points.owner(at: index)
            guard seen.isNew(owner) else { continue }
            let weight = UInt64(weights[owner])
            let isNearer =
                if let best {
                    (Self.product(distance, best.weight), best.weight)
                        < (Self.product(best.distance, weight), weight)
                } else { true }
            if isNearer, accepts(owner) { best = (owner, distance, weight) }
            if seen.isComplete { break }
        }
        return best?.owner
    }

    private static func product(_ left: UInt64, _ right: UInt64) -> UInt128 {
        UInt128(left) * UInt128(right)
    }
}

/// The owners that a walk has met, remembered once there are more than a few steps.
private struct SeenOwners {
    private let backendCount: Int
    private var missing: Int
    private var steps = 0
    private var seen: [Bool] = []

    init(of backendCount: Int, among ownerCount: Int) {
        self.backendCount = backendCount
        missing = ownerCount
    }

    /// Whether `owner` may not have been met yet.
    mutating func isNew(_ owner: Int) -> Bool {
        steps += 1
        guard steps > 32 else { return true }
        if seen.isEmpty { seen = Array(repeating: false, count: backendCount) }
        guard !seen[owner] else { return false }
        seen[owner] = true
        missing -= 1
        return true
    }

    /// Whether all were met.
    var isComplete: Bool { missing == 0 }
}
