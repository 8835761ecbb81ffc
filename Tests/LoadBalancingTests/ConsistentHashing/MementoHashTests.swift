import Testing

@testable import LoadBalancing

/// The published algorithm by its description: a dictionary of removals.
private struct MementoModel {
    var size: Int
    var last: Int
    var replacements: [Int: (by: Int, previous: Int)] = [:]

    init(size: Int) {
        (self.size, last) = (size, size)
    }

    mutating func remove(_ bucket: Int) {
        if replacements.isEmpty, bucket == size - 1 {
            (size, last) = (bucket, bucket)
        } else {
            replacements[bucket] = (size - replacements.count - 1, last)
            last = bucket
        }
    }

    mutating func add() -> Int {
        let bucket = last
        if let replacement = replacements.removeValue(forKey: bucket) {
            last = replacement.previous
            if replacements.isEmpty { last = size }
        } else {
            (size, last) = (size + 1, size + 1)
        }
        return bucket
    }

    func bucket(of key: UInt64) -> Int {
        var bucket = JumpHash.bucket(of: key, among: size)
        while let replacement = replacements[bucket] {
            var other = Int(
                Mixing.mix(key, position: bucket).multipliedFullWidth(by: UInt64(replacement.by)).high)
            while let inner = replacements[other], inner.by >= replacement.by { other = inner.by }
            bucket = other
        }
        return bucket
    }
}

@Suite struct MementoHashTests {
    static func owner(_ table: MementoHash, _ backends: [WeightedName], _ key: UInt64) -> String? {
        table.backend(for: key).map { backends[$0].name }
    }

    @Test func itIsJumpHashUntilSomebodyLeaves() throws {
        let backends = WeightedName.servers(13).sorted { $0.name < $1.name }
        let (memento, jump) = (try MementoHash(backends), try JumpHash(backends))
        for key in keyHashes(500) { #expect(memento.backend(for: key) == jump.backend(for: key)) }
    }

    /// Against the published algorithm, over one removal or restoration at a time.
    @Test(arguments: 0..<30 as Range<UInt64>)
    func keysAreWhereThePaperPutsThem(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let size = random.number(in: 1...20)
        var present = (0..<size).map { WeightedName("host \(10 + $0)") }
        var bucketOf = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($1.name, $0) })
        var model = MementoModel(size: size)
        var table = try MementoHash(present)
        var newcomers = 0
        for _ in 0..<40 {
            if present.count > 1, random.number(in: 0...2) > 0 {
                let gone = present.remove(at: random.number(in: 0...present.count - 1))
                model.remove(try #require(bucketOf[gone.name]))
            } else {
                newcomers += 1
                let name = WeightedName("newcomer \(newcomers)")
                present.insert(name, at: random.number(in: 0...present.count))
                bucketOf[name.name] = model.add()
            }
            table = try table.updated(for: present)
            #expect(table.bucketCount == model.size)
            for key in keyHashes(30, seed: seed) {
                let owner = try #require(Self.owner(table, present, key))
                #expect(bucketOf[owner] == model.bucket(of: key), "seed \(seed)")
            }
        }
    }

    /// Whatever sets follow each other: a key moves only from who leaves, or to who comes.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func noKeyMovesBetweenTwoThatStay(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let everybody = (0..<16).map { WeightedName("host \($0)") }
        func someSet() -> [WeightedName] {
            let size = random.number(in: 0...16)
            return Array(everybody.shuffled(using: &random).prefix(size))
        }
        var (set, keys) = (someSet(), keyHashes(200, seed: seed))
        var table = try MementoHash(set)
        for _ in 0..<20 {
            let next = someSet()
            let updated = try table.updated(for: next)
            let (left, come) = (Set(set).subtracting(next), Set(next).subtracting(set))
            var moved = 0
            for key in keys {
                let (before, after) = (Self.owner(table, set, key), Self.owner(updated, next, key))
                #expect((after == nil) == next.isEmpty)
                if before != after {
                    moved += 1
                    #expect(
                        before == nil || after == nil || left.contains { $0.name == before }
                            || come.contains { $0.name == after }, "seed \(seed)")
                }
            }
            if left.isEmpty, come.isEmpty { #expect(moved == 0) }
            (set, table) = (next, updated)
            keys.append(random.next())
        }
        #expect(table.bucketCount <= 16)
    }

    /// Shares are even after many have left, in any order.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func sharesStayEven(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var set = WeightedName.servers(30)
        var table = try MementoHash(set)
        for _ in 0..<20 {
            set.remove(at: random.number(in: 0...set.count - 1))
            table = try table.updated(for: set)
        }
        let test = ChiSquare(
            of: ConsistentHashTests.counts(table, keys: keyHashes(10_000, seed: seed)),
            shares: set.map { _ in 1 })
        #expect(test.isPassed, "\(test)")
    }

    /// Who leaves and comes back next has its keys again; so have several that come back at once.
    @Test(arguments: [[3], [0], [9], [9, 8, 7], [0, 4, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9], Array(0...9)])
    func whoComesBackHasItsKeysAgain(leaving: [Int]) throws {
        let set = WeightedName.servers([1, 1, 1, 4, 1, 1, 2, 1, 1, 1])
        let table = try MementoHash(set)
        let fewer = set.indices.filter { !leaving.contains($0) }.map { set[$0] }
        var gone = table
        for index in leaving {
            let left = set.enumerated().filter {
                !leaving.prefix { $0 != index }.contains($0.offset) && $0.offset != index
            }
            gone = try gone.updated(for: left.map(\.element))
        }
        for away in [gone, try table.updated(for: fewer)] {
            let back = try away.updated(for: set)
            for key in keyHashes(300) { #expect(back.backend(for: key) == table.backend(for: key)) }
        }
    }

    /// A replacement in one update takes over the keys of whom it replaces, and no other key moves.
    @Test func aReplacementTakesOverTheKeys() throws {
        let set = WeightedName.servers(10)
        var next = set
        next[4] = WeightedName("replacement")
        let table = try MementoHash(set)
        let updated = try table.updated(for: next)
        for key in keyHashes(1_000) { #expect(updated.backend(for: key) == table.backend(for: key)) }
    }

    /// Replicas that are told the same sets agree, whatever the order of the lists; one that missed some may not.
    @Test func whoSawTheSameSetsAgrees() throws {
        let everybody = WeightedName.servers(12)
        let sets = [
            Array(0..<12), [0, 1, 2, 4, 5, 6, 9], [0, 2, 3, 4, 5, 6, 9, 10], [3, 5, 11, 9, 10], Array(1..<12),
        ]
        var random = SeededGenerator(seed: 1)
        var (one, two) = (try MementoHash([]), try MementoHash([]))
        var (first, second): ([WeightedName], [WeightedName]) = ([], [])
        for set in sets {
            first = set.map { everybody[$0] }
            second = first.shuffled(using: &random)
            (one, two) = (try one.updated(for: first), try two.updated(for: second))
            for key in keyHashes(200) {
                #expect(Self.owner(one, first, key) == Self.owner(two, second, key))
            }
        }
        let fresh = try MementoHash(first)
        #expect(keyHashes(200).contains { fresh.backend(for: $0) != one.backend(for: $0) }, "history counts")
    }

    /// A weight that changes moves keys to or from its backend only; one that is taken back moves them back.
    @Test func aWeightThatChangesMovesItsOwnKeysOnly() throws {
        var set = WeightedName.servers([4, 2, 3, 1])
        let table = try MementoHash(set)
        set[2].weight = 1
        let lighter = try table.updated(for: set)
        set[2].weight = 5
        let heavier = try lighter.updated(for: set)
        for key in keyHashes(2_000) {
            let (first, second, third) = (table.backend(for: key), lighter.backend(for: key), heavier.backend(for: key))
            #expect(first == second || first == 2)
            #expect(second == third || third == 2)
        }
        let test = ChiSquare(of: ConsistentHashTests.counts(heavier, keys: keyHashes(5_000)), shares: [4, 2, 5, 1])
        #expect(test.isPassed, "\(test)")
        set[2].weight = 1
        let again = try heavier.updated(for: set)
        for key in keyHashes(500) { #expect(again.backend(for: key) == lighter.backend(for: key)) }
    }

    /// What one loses and another gains goes from the one to the other.
    @Test func weightGoesFromOneToAnother() throws {
        let table = try MementoHash(WeightedName.servers([3, 3, 3]))
        let updated = try table.updated(for: WeightedName.servers([2, 3, 4]))
        var moved = 0
        for key in keyHashes(900) where table.backend(for: key) != updated.backend(for: key) {
            #expect(table.backend(for: key) == 0 && updated.backend(for: key) == 2)
            moved += 1
        }
        #expect(abs(moved - 100) < 57, "a ninth; six standard deviations")
    }

    @Test func aBalancersUpdatesKeepTheBuckets() throws {
        func owners(_ balancer: Balancer<String, MementoPolicy>) throws -> [String] {
            try keyHashes(200).map { key in
                let lease = try balancer.lease(for: PickRequest(keyHash: key))
                return lease.id
            }
        }
        let names = WeightedName.servers(6).map(\.name)
        let balancer = try Balancer(policy: MementoPolicy(), backends: names.map { Backend($0) }, seed: 1)
        let before = try owners(balancer)
        try balancer.update(names.filter { $0 != names[2] }.map { Backend($0) })
        let during = try owners(balancer)
        #expect(zip(before, during).allSatisfy { $0 == names[2] ? $1 != names[2] : $0 == $1 })
        try balancer.update(names.reversed().map { Backend($0) })
        #expect(try owners(balancer) == before)
    }
}
