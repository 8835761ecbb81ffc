import Testing

@testable import LoadBalancing

@Suite struct ConsistentHashPickerTests {
    typealias Picker = ConsistentHashPicker<ListedOrders>

    static func picker(_ table: ListedOrders, _ pool: ScriptedPool, seed: UInt64 = 1) -> Picker {
        ConsistentHashPicker(table, for: pool.pool(), seed: seed)
    }

    @Test(
        arguments: [
            (shut: [], tried: [], picked: 2),
            (shut: [2], tried: [], picked: 0),
            (shut: [], tried: [2], picked: 0),
            (shut: [2], tried: [0], picked: 3),
            (shut: [2, 0], tried: [3], picked: 1),
            (shut: [2, 0, 1], tried: [3], picked: nil),
        ] as [(shut: [Int], tried: [Int], picked: Int?)])
    func theFirstThatMayTakesTheKey(shut: [Int], tried: [Int], picked: Int?) {
        let pool = ScriptedPool(count: 4)
        for index in shut { pool.setAdmission(Admission(gate: .down), at: index) }
        var picker = Self.picker(ListedOrders([2, 2, 0, 2, 3, 1]), pool)
        #expect(pool.pick(with: &picker, for: pool.request(tried: tried, keyHash: 5)) == picked)
    }

    /// The first candidate takes the share of keys that its fraction says, the second as much of the rest, and so on.
    @Test func fractionsDecideByTheSecondHash() {
        let fractions = [0.5, 0.25, 1]
        let pool = ScriptedPool(weights: [1, 1, 1], admissions: fractions.map { Admission(fraction: $0) })
        var picker = Self.picker(ListedOrders([0, 1, 2]), pool)
        var counts = [0, 0, 0]
        for key in keyHashes(8_000) {
            if let index = pool.pick(with: &picker, for: PickRequest(keyHash: key)) { counts[index] += 1 }
        }
        let test = ChiSquare(of: counts, shares: [0.5, 0.125, 0.375])
        #expect(test.isPassed, "\(test)")
    }

    @Test func whereFractionsRefuseAllTheFirstAdmittedTakesTheKey() {
        let small = Admission(fraction: 0.000_02)
        let pool = ScriptedPool(weights: [1, 1, 1], admissions: [small, small, Admission(gate: .down)])
        var picker = Self.picker(ListedOrders([2, 1, 0]), pool)
        let picks = keyHashes(100).map { pool.pick(with: &picker, for: PickRequest(keyHash: $0)) }
        #expect(picks.count { $0 == 1 } >= 99)
        #expect(!picks.contains(nil) && !picks.contains(2))
    }

    /// What a warming backend holds follows from its name: other indices, other neighbours and other slots change nothing.
    @Test func anUpdateThatRenumbersLeavesTheKeysOfAWarmingBackend() {
        let warming = Admission(fraction: 0.3)
        func held(_ names: [String], _ table: ListedOrders) -> Set<UInt64> {
            let pool = ScriptedPool(
                weights: names.map { _ in 1 }, admissions: names.map { $0 == "b" ? warming : .full }, ids: names)
            var picker = Self.picker(table, pool)
            return Set(
                keyHashes(1_000).filter { key in
                    pool.pick(with: &picker, for: PickRequest(keyHash: key)).map { names[$0] } == "b"
                })
        }
        let before = held(["a", "b"], ListedOrders([1, 0]))
        #expect(abs(before.count - 300) < 60, "four standard deviations of 1,000 keys: \(before.count)")
        #expect(held(["b", "c", "a"], ListedOrders([0, 2, 1])) == before)
        #expect(held(["c", "z", "b"], ListedOrders([2, 0, 1])) == before)
        #expect(held(["b", "a"], ListedOrders([1, 0])) == [], "the control: here b is second to a")
    }

    /// As many attempts as there are backends, each on another one: also more than a request remembers.
    @Test(arguments: [1, 8, 9, 10, 17, 40])
    func retriesWalkTheWholeOrderOnce(count: Int) {
        let order = (0..<count).map { ($0 * 7 + 3) % count }
        let orders = Set(order).count == count ? order : Array((0..<count).reversed())
        let pool = ScriptedPool(count: count)
        var picker = Self.picker(ListedOrders(orders + orders), pool)
        #expect(pool.walk(with: &picker, key: 9) == orders)
    }

    /// Those that take the key come first, those whose fraction refuses it next, each once.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func longRetriesWalkTheAdmittedOnce(key: UInt64) {
        var random = SeededGenerator(seed: key)
        let admissions = (0..<30).map { _ in
            [Admission.full, Admission(fraction: 0.5), Admission(gate: .down)][random.number(in: 0...2)]
        }
        let pool = ScriptedPool(weights: Array(repeating: 1, count: 30), admissions: admissions)
        let order = Array(0..<30).shuffled(using: &random)
        var picker = Self.picker(ListedOrders(order), pool)
        let walk = pool.walk(with: &picker, key: key)
        #expect(walk.sorted() == admissions.indices.filter { admissions[$0].isOpen })
        let fully = walk.filter { admissions[$0] == .full }
        #expect(fully == order.filter { admissions[$0] == .full }, "in the key's order")
        #expect(pool.walk(with: &picker, key: key) == walk)
    }

    @Test func requestsWithoutAKeyAreSpread() {
        let pool = ScriptedPool(count: 3)
        var picker = Self.picker(ListedOrders([0, 1], [1, 2], [2, 0]), pool)
        #expect(ChiSquare(of: pool.counts(3_000, of: 3, with: &picker), shares: [1, 1, 1]).isPassed)
        pool.setAdmission(Admission(gate: .down), at: 1)
        #expect(ChiSquare(of: pool.counts(3_000, of: 3, with: &picker), shares: [1, 0, 2]).isPassed)
    }

    @Test func copiesDrawOnTheirOwnForRequestsWithoutAKey() {
        let pool = ScriptedPool(count: 3)
        let table = ListedOrders([0], [1], [2])
        var (one, same, other) = (Self.picker(table, pool), Self.picker(table, pool), Self.picker(table, pool))
        other.diverge(PickerSeed(copy: 1, common: 1))
        let picks = pool.picks(20, with: &one)
        #expect(pool.picks(20, with: &same) == picks)
        #expect(pool.picks(20, with: &other) != picks)
        #expect(pool.picks(3, with: &one, for: PickRequest(keyHash: 4)) == [1, 1, 1])
        #expect(pool.picks(3, with: &other, for: PickRequest(keyHash: 4)) == [1, 1, 1])
    }

    @Test func aTableOfNobodyGivesNobody() {
        let pool = ScriptedPool(count: 2)
        var picker = Self.picker(ListedOrders(), pool)
        #expect(pool.picks(3, with: &picker, for: PickRequest(keyHash: 1)) == [nil, nil, nil])
        #expect(pool.picks(3, with: &picker) == [nil, nil, nil])
    }

    @Test func candidatesAreTheOrderWithoutRepetitions() {
        let table = ListedOrders([2, 2, 0, 2, 1, 0], [1])
        #expect(Array(table.candidates(of: 0)) == [2, 0, 1])
        #expect(Array(table.candidates(of: 1)) == [1])
        #expect(Array(ListedOrders().candidates(of: 1)) == [])
        #expect(Array(table.candidates(of: 2).prefix(2)) == [2, 0])
    }
}
