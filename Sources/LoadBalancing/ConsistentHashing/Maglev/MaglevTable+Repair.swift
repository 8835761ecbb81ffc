extension MaglevTable {
    /// A table for another set that differs from this one by as few slots as possible.
    ///
    /// Every backend has its exact share, rounded down or up, and only those slots change hands that must: those of backends
    /// that are gone, and what others have too much of. A lost backend's slots go to their second owners, as far as their
    /// shares allow: keys that went there when the backend failed stay there when it is taken out of the set. The second
    /// choices change as little, and stay as even. Backends are known by their names; the number of slots stays.
    ///
    /// A repaired table depends on what it was before, so it is for those who all have the same: one publishes its tables
    /// (``owners`` and ``secondOwners``), or all apply the same changes in the same order to the same first table. Where
    /// everybody builds tables from the set alone, use ``init(_:dialect:)``. Where a backend only fails for a while, change no
    /// table: refuse the backend in ``backend(for:where:)``.
    ///
    /// In another dialect than the standard one the way from key to slot stays, but the program of that name would build
    /// another table.
    ///
    /// - Complexity: O(m + n log n) for m slots and n backends.
    /// - Throws: ``MaglevTableError``; only the new set can be at fault.
    public func repaired(for backends: some Collection<WeightedName>) throws(MaglevTableError) -> MaglevTable {
        let members = try MaglevMembers(backends)
        guard size > 0, !members.line.isEmpty else { return try MaglevTable(backends, dialect: dialect) }
        try dialect.check(size, for: members)
        var repair = MaglevRepair(of: self, for: members)
        repair.moveSlots()
        return MaglevTable(
            members, dialect: dialect, owners: repair.owners,
            seconds: MaglevDeal.seconds(of: repair.owners, members, keeping: repair.seconds))
    }
}

/// The slots of a table on their way to another set.
struct MaglevRepair {
    /// Where there is no owner.
    static let none = UInt32.max

    /// The owner of each slot, by the new set's numbers.
    private(set) var owners: [UInt32]
    /// The second choices, likewise.
    let seconds: [UInt32]
    private let members: MaglevMembers
    /// How many slots each backend has, and is to have.
    private var held: [Int]
    private var shares: [Int]

    init(of table: MaglevTable, for members: MaglevMembers) {
        let numbers = table.members.numbers(in: members)
        owners = table.ownerTable.elements.map { numbers[Int($0)] }
        seconds = table.secondTable.elements.map { numbers[Int($0)] }
        self.members = members
        held = Array(repeating: 0, count: members.backends.count)
        var inherited = held
        for (owner, second) in zip(owners, seconds) {
            if owner != Self.none {
                held[Int(owner)] += 1
            } else if second != Self.none {
                inherited[Int(second)] += 1
            }
        }
        shares = held.map { _ in 0 }
        let slots = MaglevShares.slots(
            of: members.line.map { members.backends[$0].weight }, size: owners.count,
            held: members.line.map { held[$0] }, inherited: members.line.map { inherited[$0] })
        for (index, count) in zip(members.line, slots) { shares[index] = count }
    }

    /// Takes from everybody what is too much, and gives to everybody what is missing.
    mutating func moveSlots() {
        releaseSurplus()
        var free: [Int] = []
        for slot in owners.indices where owners[slot] == Self.none {
            let second = seconds[slot]
            if second != Self.none, held[Int(second)] < shares[Int(second)] {
                owners[slot] = second
                held[Int(second)] += 1
            } else {
                free.append(slot)
            }
        }
        var takers = members.line.flatMap {
            repeatElement(UInt32(truncatingIfNeeded: $0), count: max(shares[$0] - held[$0], 0))
        }
        // In a random order, so that no taker's slots lie together; always the same one for the same takers.
        var random = SeededGenerator(seed: takers.reduce(0) { $0 &+ members.hashes[Int($1)] })
        for slot in free {
            takers.swapAt(random.nextIndex(below: takers.count), takers.count - 1)
            if let taker = takers.popLast() { owners[slot] = taker }
        }
    }

    /// Frees what backends have too much of, spread over all that they have.
    private mutating func releaseSurplus() {
        let surplus = zip(held, shares).map { max($0 - $1, 0) }
        let before = held
        var credits = zip(members.hashes, held).map { Int($0.multipliedFullWidth(by: UInt64($1)).high) }
        for slot in owners.indices where owners[slot] != Self.none {
            let owner = Int(owners[slot])
            guard surplus[owner] > 0 else { continue }
            credits[owner] += surplus[owner]
            if credits[owner] >= before[owner] {
                credits[owner] -= before[owner]
                owners[slot] = Self.none
                held[owner] -= 1
            }
        }
    }
}
