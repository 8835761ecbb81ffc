import Testing

@testable import LoadBalancing

/// One publisher, and balancers that take its tables over.
@Suite struct PublishedMaglevTests {
    static let first = WeightedName.servers([2, 1, 3, 1])
    static let second = first + [WeightedName("newcomer", weight: 2)]

    /// The publisher's tables, of which the second depends on the first.
    static func tables() throws -> [MaglevTable] {
        let table = try MaglevTable(first, dialect: .standard(size: 5_003))
        return [table, try table.repaired(for: second)]
    }

    static func backends(_ names: [WeightedName]) -> [Backend<String>] {
        names.map { Backend($0.name, weight: $0.weight) }
    }

    /// A table sent as its parts.
    static func sent(_ table: MaglevTable) throws -> MaglevTable {
        try MaglevTable(
            table.backends, owners: table.owners, secondOwners: table.secondOwners, dialect: table.dialect)
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func allPickAsThePublisherDoesInWhateverOrderTheyHaveTheBackends(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let taken = PublishedMaglevTables()
        let balancer = try LoadBalancer<String>(policy: AnyPolicy(PublishedMaglevPolicy(taken)), backends: [], seed: 1)
        var rebuilt = 0
        for table in try Self.tables() {
            taken.take(try Self.sent(table))
            try balancer.update(Self.backends(table.backends).shuffled(using: &random))
            let own = try MaglevTable(table.backends, dialect: table.dialect)
            for key in keyHashes(1_000) {
                let lease = try balancer.lease(for: PickRequest(keyHash: key))
                #expect(lease.id == table.backend(for: key).map { table.backends[$0].name })
                if own.backend(for: key) != table.backend(for: key) { rebuilt += 1 }
                var retry = PickRequest(keyHash: key)
                retry.tried.insert(lease.slotID)
                let next = try balancer.lease(for: retry).id
                let owner = table.backend(for: key)
                #expect(next == table.backend(for: key) { $0 != owner }.map { table.backends[$0].name })
            }
        }
        #expect(rebuilt > 0, "the control: a table of the set alone is another")
    }

    @Test func aSetWithoutATableIsRefused() throws {
        let tables = try Self.tables()
        let taken = PublishedMaglevTables()
        let policy = AnyPolicy(PublishedMaglevPolicy(taken))
        let error = try #require(throws: BackendSetError.self) {
            try LoadBalancer(policy: policy, backends: Self.backends(Self.first))
        }
        #expect(
            error.description == "the set does not suit the policy: "
                + "no table of these backends and weights was taken over; take the table before the update")
        taken.take(tables[0])
        let balancer = try LoadBalancer(policy: policy, backends: Self.backends(Self.first), seed: 1)
        #expect(throws: BackendSetError.self) { try balancer.update(Self.backends(Self.second)) }
        #expect(throws: BackendSetError.self) { try balancer.setWeights([Self.first[0].name: 7]) }
        #expect(balancer.snapshot().backends.map(\.id) == Self.first.map(\.name), "the set in force stays")
        try balancer.update([])
        #expect(throws: BalancerError.self) { _ = try balancer.lease() }
        try balancer.update(Self.backends(Self.first))
        #expect(try balancer.lease(for: .key("k")).id == tables[0].backend(forKey: "k").map { Self.first[$0].name })
    }

    @Test func theNewestOfASetCountsAndOldOnesAreForgotten() throws {
        let taken = PublishedMaglevTables()
        let first = try MaglevTable(Self.first, dialect: .standard(size: 5_003))
        let other = try MaglevTable(Self.first, dialect: .standard(size: 251))
        taken.take(first)
        #expect(taken.table(for: Self.first.reversed()) == first)
        taken.take(other)
        #expect(taken.table(for: Self.first) == other)
        let reweighted = try MaglevTable(WeightedName.servers([2, 1, 3, 2]), dialect: .standard(size: 251))
        for _ in 0..<3 { taken.take(reweighted) }
        #expect(taken.table(for: Self.first) == other)
        taken.take(reweighted)
        #expect(taken.table(for: Self.first) == nil)
    }
}
