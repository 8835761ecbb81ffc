extension MaglevTable {
    /// The owner of each slot, as its index in ``backends``.
    public var owners: [Int] { ownerTable.elements }

    /// Who takes the keys of each slot when its owner cannot; the owner itself if nobody else has a slot.
    public var secondOwners: [Int] { secondTable.elements }

    /// The slot that a key's hash leads to; `nil` if there is none.
    @inlinable
    public func slot(for keyHash: UInt64) -> Int? {
        size > 0 ? Int(truncatingIfNeeded: reduction.slot(of: keyHash)) : nil
    }

    /// The number of slots of each backend.
    public var slotCounts: [Int] {
        owners.reduce(into: Array(repeating: 0, count: backendCount)) { $0[$1] += 1 }
    }

    /// A table that somebody else built or repaired, from its parts.
    ///
    /// It answers as the other does: send the backends in their order with ``owners`` and ``secondOwners``, and agree on the
    /// dialect.
    ///
    /// - Parameters:
    ///   - backends: the backends as the other has them.
    ///   - owners: the owner of each slot.
    ///   - secondOwners: who takes the keys of each slot when its owner cannot.
    ///   - dialect: the other's dialect; its size is not looked at.
    /// - Throws: ``MaglevTableError`` if the parts are not those of a table.
    public init(
        _ backends: some Collection<WeightedName>, owners: some Collection<Int>, secondOwners: some Collection<Int>,
        dialect: MaglevDialect
    ) throws(MaglevTableError) {
        let members = try MaglevMembers(backends)
        guard owners.count == secondOwners.count else {
            throw MaglevTableError(.secondOwnersMissing(given: secondOwners.count, slots: owners.count))
        }
        if members.line.isEmpty, owners.isEmpty {
            self.init(members, dialect: dialect, owners: [], seconds: [])
            return
        }
        try dialect.check(owners.count, for: members)
        for (slot, owner) in owners.enumerated() where !members.hasWeight(owner) {
            throw MaglevTableError(.ownerOutOfRange(slot: slot, owner: owner))
        }
        for (slot, owner) in secondOwners.enumerated() where !members.hasWeight(owner) {
            throw MaglevTableError(.ownerOutOfRange(slot: slot, owner: owner))
        }
        self.init(
            members, dialect: dialect, owners: owners.map { UInt32(truncatingIfNeeded: $0) },
            seconds: secondOwners.map { UInt32(truncatingIfNeeded: $0) })
    }
}

extension MaglevTable: Equatable {
    /// Whether two tables answer alike for the same backends in the same order.
    public static func == (one: MaglevTable, other: MaglevTable) -> Bool {
        one.dialect.isModulo == other.dialect.isModulo && one.backends == other.backends && one.owners == other.owners
            && one.secondOwners == other.secondOwners
    }
}
