/// A table of slots in which every backend has its exact share: one look-up sends a key to its backend.
///
/// A key's hash chooses a slot, and the slot names its owner. In the ``MaglevDialect/standard(size:)`` dialect a backend
/// owns as many slots as its weight says, to less than one slot; the other dialects agree slot by slot with the programs
/// they are named after.
///
/// When a backend cannot be used only its keys move, at once and without a new table: ``backend(for:where:)`` names further
/// candidates for each key.
///
///     let table = try MaglevTable([WeightedName("10.0.0.1:80"), WeightedName("10.0.0.2:80", weight: 2)])
///     let index = table.backend(forKey: "user-17")
///
/// - Complexity: O(1) a look-up; one, two or four bytes a slot.
/// - Note: Eisenbud et al., *Maglev: A Fast and Reliable Software Network Load Balancer*, NSDI 2016, section 3.4.
public struct MaglevTable: ConsistentHash {
    @usableFromInline let reduction: SlotReduction
    @usableFromInline let ownerTable: PackedIndices
    @usableFromInline let secondTable: PackedIndices
    @usableFromInline let racers: FixedTable<MaglevRacer>
    let members: MaglevMembers

    /// What the table is compatible with.
    public let dialect: MaglevDialect

    /// Builds the table of `backends`, which it numbers from 0 in the order given.
    ///
    /// Backends of weight 0 own nothing; where no backend has a weight the table has no slots and answers `nil`.
    ///
    /// - Complexity: expected O(m log m), where m is the number of slots.
    public init(
        _ backends: some Collection<WeightedName>, dialect: MaglevDialect = .standard()
    ) throws(MaglevTableError) {
        try self.init(MaglevMembers(backends), dialect: dialect)
    }

    /// Builds the table of `backends` that are placed by `hashes` instead of their names.
    ///
    /// - Parameters:
    ///   - backends: the backends, numbered from 0.
    ///   - hashes: one for each backend.
    ///   - dialect: one that takes a single hash for each backend: Katran's or the paper's.
    /// - Throws: ``MaglevTableError``; also if the dialect hashes the names itself.
    public init(
        _ backends: some Collection<WeightedName>, hashes: some Collection<UInt64>, dialect: MaglevDialect
    ) throws(MaglevTableError) {
        guard dialect.takesHashes else { throw MaglevTableError(.dialectTakesNoHashes) }
        guard hashes.count == backends.count else {
            throw MaglevTableError(.hashesMissing(given: hashes.count, backends: backends.count))
        }
        try self.init(MaglevMembers(backends, given: Array(hashes)), dialect: dialect)
    }

    /// A table without slots, which answers `nil`.
    init(nobody dialect: MaglevDialect) {
        self.init(MaglevMembers(), dialect: dialect, owners: [], seconds: [])
    }

    private init(_ members: MaglevMembers, dialect: MaglevDialect) throws(MaglevTableError) {
        let owners = try dialect.owners(members, size: try dialect.size(for: members))
        self.init(members, dialect: dialect, owners: owners, seconds: MaglevDeal.seconds(of: owners, members))
    }

    init(_ members: MaglevMembers, dialect: MaglevDialect, owners: [UInt32], seconds: [UInt32]) {
        self.members = members
        self.dialect = dialect
        ownerTable = PackedIndices(owners, below: members.backends.count)
        secondTable = PackedIndices(seconds, below: members.backends.count)
        racers = FixedTable(members.racers)
        reduction = SlotReduction(size: owners.count, isModulo: dialect.isModulo)
    }

    /// The number of slots; 0 if no backend has a weight.
    public var size: Int { ownerTable.count }

    /// The backends as they were given.
    public var backends: [WeightedName] { members.backends }

    /// The number of backends, those of weight 0 included.
    public var backendCount: Int { members.backends.count }

    /// The backend that owns the key's slot; `nil` if none has a weight.
    ///
    /// - Complexity: O(1), without a division.
    @inlinable
    @inline(__always)
    public func backend(for keyHash: UInt64) -> Int? {
        ownerTable[reduction.slot(of: keyHash)]
    }
}
