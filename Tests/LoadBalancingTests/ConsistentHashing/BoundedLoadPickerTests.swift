import Testing

@testable import LoadBalancing

@Suite struct BoundedLoadPickerTests {
    static func picker(_ table: ListedOrders, _ pool: ScriptedPool, factor: Double) -> BoundedLoadPicker<ListedOrders> {
        BoundedLoadPicker(ConsistentHashPicker(table, for: pool.pool(), seed: 1), factor: factor)
    }

    /// Full with ⌈c · t · w / W⌉ leases, where t counts the one to be placed.
    @Test(arguments: [
        (weights: [1, 1], inFlight: [0, 0], factor: 1.25, picked: 0, limit: 1),
        (weights: [1, 1], inFlight: [1, 0], factor: 1.25, picked: 0, limit: 2),
        (weights: [1, 1], inFlight: [2, 0], factor: 1.25, picked: 1, limit: 2),
        (weights: [1, 1], inFlight: [4, 3], factor: 1.25, picked: 0, limit: 5),
        (weights: [1, 1], inFlight: [5, 2], factor: 1.25, picked: 1, limit: 5),
        (weights: [1, 1], inFlight: [5, 2], factor: 1.5, picked: 0, limit: 6),
        (weights: [1, 1], inFlight: [2, 2], factor: 1, picked: 0, limit: 3),
        (weights: [1, 1], inFlight: [3, 2], factor: 1, picked: 1, limit: 3),
        (weights: [3, 1], inFlight: [4, 0], factor: 1.25, picked: 0, limit: 5),
        (weights: [1, 3], inFlight: [2, 2], factor: 1.25, picked: 1, limit: 5),
        (weights: [1, 1, 1, 1, 1], inFlight: [1, 1, 1, 0, 0], factor: 1.25, picked: 3, limit: 1),
        (weights: [1, 1], inFlight: [1_000_000, 0], factor: 1_000, picked: 0, limit: 500_000_500),
    ])
    func theFirstThatIsNotFullTakesTheKey(
        weights: [Int], inFlight: [Int], factor: Double, picked: Int, limit: Int
    ) {
        let pool = ScriptedPool(weights: weights, inFlight: inFlight)
        var picker = Self.picker(ListedOrders(Array(weights.indices)), pool, factor: factor)
        #expect(pool.pick(with: &picker, for: PickRequest(keyHash: 5)) == picked)
        #expect(picker.leaseLimit == limit)
    }

    /// Shares are those of the backends that may take the request, so there is always one that is not full.
    @Test func boundsAreAmongThoseThatMayTakeTheRequest() {
        let pool = ScriptedPool(weights: [1, 1, 1, 1], inFlight: [2, 2, 0, 0])
        var picker = Self.picker(ListedOrders([0, 1, 2, 3]), pool, factor: 1.25)
        let request = PickRequest(keyHash: 1)
        #expect(pool.pick(with: &picker, for: request) == 2)
        #expect(picker.leaseLimit == 2)
        pool.setAdmission(Admission(gate: .down), at: 3)
        #expect(pool.pick(with: &picker, for: request) == 0, "a third of five, times 1.25")
        #expect(picker.leaseLimit == 3)
        pool.setAdmission(Admission(fraction: 0.000_02), at: 2)
        #expect(pool.pick(with: &picker, for: request) == 0)
        #expect(picker.leaseLimit == 4)
        #expect(pool.pick(with: &picker, for: pool.request(tried: [0, 2], keyHash: 1)) == 1)
        #expect(picker.leaseLimit == 7, "all five and a quarter more")
        pool.setAdmission(.full, at: 2)
        pool.setAdmission(.full, at: 3)
        #expect(pool.pick(with: &picker, for: request) == 2, "as before")
    }

    /// Whoever is open, whatever was tried, somebody is found as long as there is anybody; it is another one each time, unless
    /// more were tried than a request remembers.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func somebodyIsNeverFull(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = random.number(in: 1...12)
        let weights = random.numbers(count, in: 0...[1, 5, 1 << 31][random.number(in: 0...2)])
        let admissions = weights.map { _ in
            [Admission.full, .full, Admission(fraction: 0.1), Admission(gate: .draining)][random.number(in: 0...3)]
        }
        let pool = ScriptedPool(
            weights: weights, inFlight: random.numbers(count, in: 0...[0, 3, 500][random.number(in: 0...2)]),
            admissions: admissions)
        let order = Array(0..<count).shuffled(using: &random).filter { weights[$0] > 0 }
        var picker = Self.picker(ListedOrders(order), pool, factor: 1)
        let admitted = order.filter { admissions[$0].isOpen }
        let walk = pool.walk(with: &picker, key: random.next())
        #expect(walk.count == admitted.count && Set(walk).isSubset(of: admitted), "seed \(seed)")
        #expect(Set(walk.prefix(9)).count == min(walk.count, 9), "seed \(seed)")
    }

    @Test func nobodyIsFoundWhereNobodyIs() {
        for pool in [
            ScriptedPool(weights: []), ScriptedPool(weights: [0]),
            ScriptedPool(weights: [1], admissions: [Admission(gate: .down)]),
        ] {
            var picker = Self.picker(ListedOrders(), pool, factor: 1.25)
            #expect(pool.pick(with: &picker, for: PickRequest(keyHash: 1)) == nil)
            #expect(pool.pick(with: &picker) == nil)
        }
    }

    /// Requests without a key stay with one draw while it is looked who is full.
    @Test func requestsWithoutAKeyAreBoundedToo() {
        let pool = ScriptedPool(count: 4)
        var picker = Self.picker(ListedOrders([0, 1, 2, 3], [1, 0, 3, 2]), pool, factor: 1)
        for total in 1...40 {
            guard let index = pool.pick(with: &picker) else {
                Issue.record("nobody at \(total)")
                return
            }
            pool.setInFlight(pool.pool().inFlight(at: index) + 1, at: index)
        }
        #expect((0..<4).map { pool.pool().inFlight(at: $0) } == [10, 10, 10, 10])
    }

    /// The total of a scripted pool follows the script.
    @Test func aScriptedPoolCountsItsTotal() {
        let pool = ScriptedPool(weights: [1, 1, 1], inFlight: [3, 4])
        #expect(pool.pool().totalInFlight == 7)
        pool.setInFlight(1, at: 1)
        pool.setInFlight(9, at: 2)
        #expect(pool.pool().totalInFlight == 13)
        #expect(pool.pool().sumOfInFlight == 13)
    }

    @Test(arguments: [(0.5, 1), (1, 1), (1.25, 1.25), (5_000, 1_000), (.nan, 1), (.infinity, 1_000), (-.infinity, 1)])
    func factorsAreWithinBounds(given: Double, taken: Double) {
        #expect(BoundedLoadPolicy(RendezvousPolicy(), factor: given).factor == taken)
        #expect(BoundedLoadPolicy(RendezvousPolicy()).factor == 1.25)
    }

    /// Where every key goes: all placed in order, and then each once more while all others stay, so that the total is the same for
    /// all.
    static func placed(_ keys: [UInt64], on pool: ScriptedPool, with policy: some Policy) -> [Int] {
        var picker = policy.makePicker(for: pool.pool(), seed: 1)
        func place(_ key: UInt64) -> Int {
            guard let index = pool.pick(with: &picker, for: PickRequest(keyHash: key)) else { return -1 }
            pool.setInFlight(pool.pool().inFlight(at: index) + 1, at: index)
            return index
        }
        let first = keys.map(place)
        return zip(keys, first).map { key, index in
            pool.setInFlight(pool.pool().inFlight(at: index) - 1, at: index)
            return place(key)
        }
    }

    /// With 1,000 keys a backend and c = 1.25 an even hash sends next to nothing on, and nobody has more than 1.25 of the mean.
    @Test func anEvenHashHardlySpills() {
        let keys = keyHashes(20_000)
        let backends = WeightedName.servers(20)
        let pool = ScriptedPool(backends)
        let table = Rendezvous(checked: backends)
        let placed = Self.placed(keys, on: pool, with: BoundedLoadPolicy(RendezvousPolicy()))
        let loads = (0..<20).map { index in placed.count { $0 == index } }
        #expect(loads.allSatisfy { $0 <= 1_250 })
        #expect(zip(keys, placed).count { table.backend(for: $0) != $1 } == 0)
    }

    /// Of skewed keys, half of them one and the same, everybody gets up to the bound, in the order of the key.
    @Test func oneHotKeyFillsItsCandidatesInTurn() {
        let backends = WeightedName.servers(10)
        let pool = ScriptedPool(backends)
        let placed = Self.placed(
            Array(repeating: 7, count: 1_000), on: pool, with: BoundedLoadPolicy(RendezvousPolicy(), factor: 2))
        let order = Array(Rendezvous(checked: backends).candidates(of: 7))
        #expect(order.map { index in placed.count { $0 == index } } == [200, 200, 200, 200, 200, 0, 0, 0, 0, 0])
    }
}
