extension MaglevTable {
    /// A table for another set that differs from this one by as few slots as possible.
    ///
    /// Every backend has its exact share, rounded down or up, and only those slots change hands that must: those of backends
    /// that are gone, and what others have too much of. A lost backend's slot goes to its second owner, if that is to get any:
    /// keys that went there when the backend failed stay there when it is taken out of the set. The second choices change as
    /// little, and stay as even. Backends are known by their names; the size stays.
    ///
    /// A repaired table depends on what it was before, so it is for those who all have the same: one publishes its tables
    /// (``owners`` and ``secondOwners``), or all apply the same changes in the same order to the same first table. Where
    /// everybody builds a table from the set alone, as with no ``MaglevTable`` in common, use ``init(_:dialect:)``; where a
    /// backend only fails for a while, change no table and refuse it in ``backend(for:where:)``.
    ///
    /// The table of another dialect keeps its slots and key hashes, but its program would build another one.
    ///
    /// - Complexity: O(m + n log n) for m slots and n backends.
    /// - Throws: ``MaglevTableError``; nothing but the new set can be at fault.
    public func repaired(for backends: some Collection<WeightedName>) throws(MaglevTableError) -> MaglevTable {
        let members = try MaglevMembers(backends)
        guard size > 0, !members.line.isEmpty else { return try MaglevTable(backends, dialect: dialect) }
        try dialect.check(size, for: members)
        var repair = MaglevRepair(of: self, for: members)
        repair.moveSlots()
        let owners = repair.owners.map { UInt32(truncatingIfNeeded: $0) }
        return MaglevTable(
            members, dialect: dialect, owners: owners,
            seconds: MaglevDeal.seconds(of: owners, members, keeping: repair.seconds))
    }
}

/// The slots of a table on their way to another set.
struct MaglevRepair {
    /// The owner of each slot in the new set's numbers; −1 where there is none.
    private(set) var owners: [Int]
    /// The second choices, likewise.
    let seconds: [Int]
    private let members: MaglevMembers
    /// How many more slots each backend is to get.
    private var missing: [Int]

    init(of table: MaglevTable, for members: MaglevMembers) {
        let numbers = table.members.numbers(in: members)
        owners = table.owners.map { numbers[$0] }
        seconds = table.secondOwners.map { numbers[$0] }
        self.members = members
        var held = Array(repeating: 0, count: members.backends.count)
        for owner in owners where owner >= 0 { held[owner] += 1 }
        missing = Array(repeating: 0, count: members.backends.count)
        let shares = MaglevShares.slots(
            of: members.line.map { members.backends[$0].weight }, size: owners.count, held: members.line.map { held[$0] })
        for (index, share) in zip(members.line, shares) { missing[index] = share - held[index] }
    }

    /// Takes from everybody what is too much and gives to everybody what is missing.
    mutating func moveSlots() {
        releaseSurplus()
        for slot in owners.indices where owners[slot] < 0 && seconds[slot] >= 0 && missing[seconds[slot]] > 0 {
            give(slot, to: seconds[slot])
        }
        var takers = members.line.flatMap { repeatElement($0, count: max(missing[$0], 0)) }
        // In a random order, so that no taker's slots lie together; the same one for the same takers.
        var random = SeededGenerator(seed: takers.reduce(0) { $0 &+ members.hashes[$1] })
        for slot in owners.indices where owners[slot] < 0 {
            let position = random.nextIndex(below: takers.count)
            takers.swapAt(position, takers.count - 1)
            if let taker = takers.popLast() { give(slot, to: taker) }
        }
    }

    private mutating func give(_ slot: Int, to taker: Int) {
        owners[slot] = taker
        missing[taker] -= 1
    }

    /// Frees what backends have too much of, spread over all they have.
    private mutating func releaseSurplus() {
        var held = Array(repeating: 0, count: missing.count)
        for owner in owners where owner >= 0 { held[owner] += 1 }
        let surplus = missing.map { max(-$0, 0) }
        var credits = members.hashes.indices.map { index in
            Int(members.hashes[index].multipliedFullWidth(by: UInt64(max(held[index], 1))).high)
        }
        for slot in owners.indices {
            let owner = owners[slot]
            guard owner >= 0, surplus[owner] > 0 else { continue }
            credits[owner] += surplus[owner]
            if credits[owner] >= held[owner] {
                credits[owner] -= held[owner]
                owners[slot] = -1
                missing[owner] += 1
            }
        }
    }
}
