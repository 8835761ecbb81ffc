import Testing

@testable import LoadBalancing

@Suite struct MaglevTableTests {
    static func weighted(_ weights: [Int], size: Int = 5_003) throws -> MaglevTable {
        try MaglevTable(WeightedName.servers(weights), dialect: .standard(size: size))
    }

    /// The exact number of slots of each backend, by its weight.
    static func quotas(_ table: MaglevTable) -> [Double] {
        let total = Double(table.backends.reduce(0) { $0 + $1.weight })
        return table.backends.map { Double(table.size * $0.weight) / total }
    }

    @Test(arguments: [[1], [1, 1, 1], [5, 1, 3, 0, 2], [1 << 31, 1, 1 << 30], Array(1...40)])
    func everybodyHasItsShareToLessThanOneSlot(weights: [Int]) throws {
        let table = try Self.weighted(weights)
        for (count, quota) in zip(table.slotCounts, Self.quotas(table)) {
            // Whoever has a weight has a slot.
            #expect(abs(Double(count) - quota) < 1 || count == 1, "\(count) for \(quota)")
        }
        #expect(zip(table.slotCounts, weights).allSatisfy { ($0 > 0) == ($1 > 0) })
    }

    @Test(arguments: [
        (backends: 1, size: 65_537), (100, 65_537), (101, 655_373), (1_000, 655_373), (1_001, 1_310_723),
    ])
    func withoutASizeTheNumberOfBackendsDecides(backends: Int, size: Int) throws {
        let members = try MaglevMembers(WeightedName.servers(backends))
        #expect(try MaglevDialect.standard().size(for: members) == size)
        #expect(size >= 655 * backends && Primes.contains(size))
    }

    /// Every other backend gets its part of an owner's slots as second choices, rounded down or up.
    @Test(arguments: [[1, 1, 1, 1, 1], [4, 1, 2, 3], [10, 1, 1, 1, 1, 1]])
    func secondChoicesAreDealtOutByWeight(weights: [Int]) throws {
        let table = try Self.weighted(weights)
        let counts = table.slotCounts
        for owner in weights.indices {
            var dealt = weights.map { _ in 0 }
            for (first, second) in zip(table.owners, table.secondOwners) where first == owner { dealt[second] += 1 }
            for other in weights.indices where other != owner {
                let part = Double(counts[owner] * counts[other]) / Double(table.size - counts[owner])
                #expect(abs(Double(dealt[other]) - part) <= 2, "\(dealt[other]) for \(part)")
            }
            #expect(dealt[owner] == 0)
        }
    }

    /// One backend down: the survivors' slots follow their weights within two slots of exact, which is what two roundings make.
    @Test(arguments: [Array(repeating: 1, count: 20), (0..<20).map { 1 + $0 % 10 }])
    func survivorsAreAsEvenAsCanBe(weights: [Int]) throws {
        let table = try Self.weighted(weights, size: 13_103)
        let total = weights.reduce(0, +)
        for dead in weights.indices {
            var counts = weights.map { _ in 0 }
            for (first, second) in zip(table.owners, table.secondOwners) { counts[first == dead ? second : first] += 1 }
            for index in weights.indices where index != dead {
                let fair = Double(table.size * weights[index]) / Double(total - weights[dead])
                #expect(abs(Double(counts[index]) - fair) < 2, "\(index) without \(dead): \(counts[index]) for \(fair)")
            }
        }
    }

    /// Whoever fails, in whatever order, and comes back: only the keys of the dead move, and who is dead decides where.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func failuresMoveTheirOwnKeysAndLeaveNoTrace(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let table = try Self.weighted(random.numbers(12, in: 1...5))
        let dead = Set((0..<5).map { _ in random.number(in: 0...11) })
        for key in keyHashes(500, seed: seed) {
            let owner = try #require(table.backend(for: key))
            let other = try #require(table.backend(for: key) { !dead.contains($0) })
            #expect(dead.contains(owner) ? !dead.contains(other) : other == owner, "seed \(seed)")
            let slot = try #require(table.slot(for: key))
            #expect(table.owners[slot] == owner)
            let second = table.secondOwners[slot]
            if dead.contains(owner), !dead.contains(second) { #expect(other == second, "seed \(seed)") }
        }
    }

    /// Repairs give exact shares, and move as many slots as the shares differ by.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func aRepairMovesAsFewSlotsAsCanBe(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var table = try Self.weighted(random.numbers(random.number(in: 2...20), in: 1...9))
        for step in 0..<6 {
            var backends = table.backends
            switch random.number(in: 0...2) {
            case 0 where backends.count > 2: backends.remove(at: random.nextIndex(below: backends.count))
            case 1: backends.append(WeightedName("new \(step)", weight: random.number(in: 1...9)))
            default: backends[random.nextIndex(below: backends.count)].weight = random.number(in: 1...9)
            }
            let next = try table.repaired(for: backends.shuffled(using: &random))
            for (count, quota) in zip(next.slotCounts, Self.quotas(next)) {
                #expect(abs(Double(count) - quota) < 1, "seed \(seed)")
            }
            let before = table.owners.map { table.backends[$0].name }
            let after = next.owners.map { next.backends[$0].name }
            let held = Dictionary(uniqueKeysWithValues: zip(table.backends.map(\.name), table.slotCounts))
            let gained = zip(next.backends, next.slotCounts).reduce(0) { sum, entry in
                sum + max(0, entry.1 - (held[entry.0.name] ?? 0))
            }
            #expect(zip(before, after).count { $0 != $1 } == gained, "seed \(seed)")
            table = next
        }
    }

    /// Sent as parts, a table answers alike; parts that are not those of a table are refused.
    @Test func aTableMayBeSent() throws {
        let table = try Self.weighted([3, 1, 2]).repaired(for: WeightedName.servers([3, 1, 2, 2]))
        let sent = try MaglevTable(
            table.backends, owners: table.owners, secondOwners: table.secondOwners, dialect: .standard())
        #expect(sent == table)
        #expect(throws: MaglevTableError(.secondOwnersMissing(given: 1, slots: 5_003))) {
            try MaglevTable(table.backends, owners: table.owners, secondOwners: [0], dialect: .standard())
        }
        var owners = table.owners
        owners[17] = 4
        #expect(throws: MaglevTableError(.ownerOutOfRange(slot: 17, owner: 4))) {
            try MaglevTable(table.backends, owners: owners, secondOwners: table.secondOwners, dialect: .standard())
        }
    }

    @Test(arguments: [
        ([("a", 1), ("a", 2)], MaglevDialect.standard(), MaglevTableError.Reason.duplicateName),
        ([("a", -1)], .standard(), .weightOutOfRange(-1)),
        ([("a", 1 << 31 + 1)], .envoy(), .weightOutOfRange(1 << 31 + 1)),
        ([("a", 1)], .standard(size: 100), .sizeNotPrime(100, next: 101)),
        ([("a", 1)], .standard(size: 0), .sizeOutOfRange(0, maximum: 134_217_689)),
        ([("a", 1)], .katran(size: 65_536), .sizeNotPrime(65_536, next: 65_537)),
        ([("a", 1), ("b", 1), ("c", 1)], .paper(size: 2), .moreBackendsThanSlots(backends: 3, slots: 2)),
    ])
    func whatCannotBeATableIsRefused(
        set: [(String, Int)], dialect: MaglevDialect, reason: MaglevTableError.Reason
    ) throws {
        let error = try #require(throws: MaglevTableError.self) {
            try MaglevTable(set.map { WeightedName($0.0, weight: $0.1) }, dialect: dialect)
        }
        #expect(error.reason == reason)
    }

    @Test func hashesAreForThoseThatTakeThem() throws {
        let backends = WeightedName.servers(2)
        #expect(throws: MaglevTableError(.dialectTakesNoHashes)) {
            try MaglevTable(backends, hashes: [1, 2], dialect: .envoy())
        }
        #expect(throws: MaglevTableError(.hashesMissing(given: 1, backends: 2))) {
            try MaglevTable(backends, hashes: [1], dialect: .katran())
        }
        #expect(try MaglevTable(backends, hashes: [1, 2], dialect: .katran()).slotCounts.reduce(0, +) == 65_537)
    }
}
