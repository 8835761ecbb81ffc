import Testing

@testable import LoadBalancing

/// A construction by name, so that what all promise is asked of each.
struct Construction: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let table: @Sendable ([WeightedName]) throws -> any ConsistentHash
    /// Whether shares follow weights but for chance; else they differ by the construction's unevenness.
    var isEven = true
    /// Whether the order of the list matters.
    var isPositional = false
    /// Whether whoever leaves, from wherever, moves no keys but its own when the table is made anew.
    var isConsistent = true
    /// Whether a wrong set is a ``BackendSetError``; rings and tables of slots have errors of their own.
    var throwsSetErrors = true

    static let all = [
        Construction(testDescription: "static", table: { try StaticHash($0) }, isPositional: true, isConsistent: false),
        Construction(testDescription: "rendezvous", table: { try Rendezvous($0) }),
        Construction(testDescription: "jump", table: { try JumpHash($0) }, isPositional: true, isConsistent: false),
        Construction(testDescription: "multi-probe", table: { try MultiProbeHash($0) }, isEven: false),
        Construction(testDescription: "memento", table: { try MementoHash($0) }, isConsistent: false),
        Construction(testDescription: "ring", table: { try HashRing($0) }, isEven: false, throwsSetErrors: false),
        Construction(
            testDescription: "maglev", table: { try MaglevTable($0, dialect: .standard(size: 65_537)) },
            isConsistent: false, throwsSetErrors: false),
    ]
}

@Suite struct ConsistentHashTests {
    static func counts(_ table: any ConsistentHash, keys: [UInt64]) -> [Int] {
        var counts = Array(repeating: 0, count: table.backendCount)
        for key in keys {
            if let index = table.backend(for: key) { counts[index] += 1 }
        }
        return counts
    }

    @Test(
        arguments: Construction.all.filter(\.isEven),
        [
            [1, 1, 1, 1], [7, 7, 7], [4, 1, 2, 3], [0, 5, 1, 2], [1, 0, 0, 1], [3_000, 20_000, 7], [1, 100, 1, 1],
        ])
    func sharesFollowWeights(construction: Construction, weights: [Int]) throws {
        let table = try construction.table(WeightedName.servers(weights))
        let test = ChiSquare(of: Self.counts(table, keys: keyHashes(20_000)), shares: weights.map(Double.init))
        #expect(test.isPassed, "\(construction.testDescription): \(test)")
    }

    /// An order names everybody who has a weight, once, and begins with the key's backend.
    @Test(arguments: Construction.all, 0..<40 as Range<UInt64>)
    func ordersNameEverybodyOnce(construction: Construction, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let weights = random.numbers(random.number(in: 1...40), in: 0...[1, 9, 1_000][random.number(in: 0...2)])
        let table = try construction.table(WeightedName.servers(weights))
        #expect(table.backendCount == weights.count)
        for _ in 0..<5 {
            let key = random.next()
            let order = Array(sequence(of: table, key: key))
            #expect(order.sorted() == weights.indices.filter { weights[$0] > 0 }, "seed \(seed)")
            #expect(order.first == table.backend(for: key), "seed \(seed)")
            #expect(Array(sequence(of: table, key: key)) == order, "seed \(seed)")
        }
    }

    private func sequence(of table: some ConsistentHash, key: UInt64) -> [Int] {
        Array(table.candidates(of: key))
    }

    /// The keys of a backend that is refused go to the others by weight.
    @Test(arguments: Construction.all.filter(\.isEven), [[1, 1, 1, 1, 1], [6, 4, 1, 3, 2]])
    func secondsFollowWeightsToo(construction: Construction, weights: [Int]) throws {
        let table = try construction.table(WeightedName.servers(weights))
        var counts = Array(repeating: 0, count: weights.count)
        for key in keyHashes(20_000) where table.backend(for: key) == 1 {
            if let second = table.backend(for: key, where: { $0 != 1 }) { counts[second] += 1 }
        }
        let test = ChiSquare(of: counts, shares: weights.enumerated().map { $0 == 1 ? 0 : Double($1) })
        #expect(test.isPassed, "\(construction.testDescription): \(test)")
    }

    /// Nineteen of twenty are refused: their keys are shared by the weights of what is left all the same.
    @Test(arguments: Construction.all.filter { $0.isEven && $0.testDescription != "static" })
    func theLastFollowWeightsToo(construction: Construction) throws {
        let weights = (0..<40).map { 1 + $0 % 3 }
        let table = try construction.table(WeightedName.servers(weights))
        var counts = Array(repeating: 0, count: 40)
        for key in keyHashes(5_000) {
            if let index = table.backend(for: key, where: { $0 == 7 || $0 == 26 }) { counts[index] += 1 }
        }
        let test = ChiSquare(
            of: counts, shares: weights.enumerated().map { [7, 26].contains($0) ? Double($1) : 0 })
        #expect(test.isPassed, "\(construction.testDescription): \(test)")
    }

    @Test(arguments: Construction.all)
    func whoIsNotThereHasNoKeys(construction: Construction) throws {
        for weights in [[], [0], [0, 0, 0]] as [[Int]] {
            let table = try construction.table(WeightedName.servers(weights))
            #expect(table.backendCount == weights.count)
            for key in [0, 1, .max] + keyHashes(20) {
                #expect(table.backend(for: key) == nil)
                #expect(table.backend(for: key, where: { _ in true }) == nil)
            }
        }
        let table = try construction.table(WeightedName.servers([1, 1]))
        #expect(table.backend(for: 5, where: { _ in false }) == nil)
        for key in [0, 1, .max] as [UInt64] { #expect(table.backend(for: key) != nil) }
    }

    @Test(arguments: Construction.all.filter(\.throwsSetErrors))
    func setsWithAMistakeAreRefused(construction: Construction) {
        #expect(throws: BackendSetError(.duplicateIdentity, id: "a")) {
            try construction.table([WeightedName("a"), WeightedName("a")])
        }
        #expect(throws: BackendSetError(.weightOutOfRange(-1), id: "a")) {
            try construction.table([WeightedName("a", weight: -1)])
        }
    }

    /// The share of a key is by its backend's name, wherever that stands.
    @Test(arguments: Construction.all.filter { !$0.isPositional })
    func theOrderOfTheListDoesNotMatter(construction: Construction) throws {
        let backends = WeightedName.servers([3, 1, 0, 2, 5, 1, 1])
        var random = SeededGenerator(seed: 3)
        let shuffled = backends.shuffled(using: &random)
        let (table, other) = (try construction.table(backends), try construction.table(shuffled))
        for key in keyHashes(500) {
            let names = sequence(of: table, key: key).map { backends[$0].name }
            #expect(sequence(of: other, key: key).map { shuffled[$0].name } == names)
        }
    }

    /// Who leaves, comes back: only its own keys move, and all come back.
    @Test(arguments: Construction.all.filter(\.isConsistent), [0, 4, 9])
    func onlyTheKeysOfWhoLeavesMove(construction: Construction, leaving: Int) throws {
        for weights in [Array(repeating: 1, count: 10), [5, 1, 2, 7, 3, 1, 6, 2, 8, 4]] {
            let backends = WeightedName.servers(weights)
            var fewer = backends
            fewer.remove(at: leaving)
            let (table, other) = (try construction.table(backends), try construction.table(fewer))
            for key in keyHashes(2_000) {
                let before = table.backend(for: key).map { backends[$0].name }
                let after = other.backend(for: key).map { fewer[$0].name }
                #expect(before == backends[leaving].name || after == before)
            }
        }
    }

    /// More weight takes keys from others, less gives keys to others; nothing moves between those.
    @Test(arguments: Construction.all.filter(\.isConsistent), [(3, 4), (4, 3), (1, 8), (5, 0)])
    func aChangedWeightMovesKeysOfItsBackendOnly(construction: Construction, change: (Int, Int)) throws {
        var weights = [8, 2, change.0, 5, 1]
        let table = try construction.table(WeightedName.servers(weights))
        weights[2] = change.1
        let other = try construction.table(WeightedName.servers(weights))
        var moved = 0
        for key in keyHashes(4_000) {
            let (before, after) = (table.backend(for: key), other.backend(for: key))
            guard before != after else { continue }
            moved += 1
            #expect((change.1 > change.0 ? after : before) == 2)
        }
        #expect(moved > 0)
    }

    /// Where a unit of weight takes memory there is an end to weights, and the error says what to do.
    @Test(arguments: Construction.all.filter { ["jump", "multi-probe", "memento"].contains($0.testDescription) })
    func weightsThatAreTooManyAreRefused(construction: Construction) throws {
        let error = try #require(throws: BackendSetError.self) {
            try construction.table([WeightedName("a", weight: 1 << 22), WeightedName("b")])
        }
        #expect(
            error.description == "the set does not suit the policy: its weights add up to 4194305, and at most 4194304 "
                + "are possible; divide all by a common factor")
    }

    @Test(arguments: Construction.all.filter { ["static", "rendezvous"].contains($0.testDescription) })
    func theGreatestWeightsAreWeights(construction: Construction) throws {
        let weights = [1 << 31, 1 << 30, 3]
        let table = try construction.table(WeightedName.servers(weights))
        let test = ChiSquare(of: Self.counts(table, keys: keyHashes(5_000)), shares: weights.map(Double.init))
        #expect(test.isPassed, "\(construction.testDescription): \(test)")
    }
}
