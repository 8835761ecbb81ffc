/// How many keys a change moved, and how many it had to move.
struct Movement: Codable {
    /// Parts of all keys.
    private(set) var moved = 0.0
    private(set) var minimum = 0.0

    /// Moved over what had to move.
    var ratio: Double { moved / minimum }

    /// Adds what a change of the set did to the keys, of which each has an equal part.
    mutating func add(_ change: BackendChange, before: [Int32], after: [Int32]) {
        var count = 0
        var orphans = 0
        for (old, new) in zip(before, after) {
            if new == KeySample.nobody ? old != new : change.origins[Int(new)] != old { count += 1 }
            if let removed = change.removed, old == removed { orphans += 1 }
        }
        moved += Double(count) / Double(before.count)
        minimum += change.removed == nil ? change.minimum : Double(orphans) / Double(before.count)
    }

    /// Adds what failures did to the keys.
    mutating func add(dead: [Bool], before: [Int32], after: [Int32]) {
        let count = zip(before, after).count { $0 != $1 }
        let orphans = before.count { $0 != KeySample.nobody && dead[Int($0)] }
        moved += Double(count) / Double(before.count)
        minimum += Double(orphans) / Double(before.count)
    }
}
