import Foundation
import Synchronization
import Testing

@testable import LoadBalancing

/// A load index, and the same facts in plain arrays.
private struct IndexModel {
    let index = LoadIndex()
    /// By leaf; a weight of -1 is that of a leaf which nobody has.
    private(set) var weights: [Int] = []
    private(set) var loads: [Int] = []
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    var leaves: [UInt32] { weights.indices.filter { weights[$0] >= 0 }.map { UInt32($0) } }

    mutating func open(weight: UInt64) -> UInt32 {
        let leaf = index.open()
        while weights.count <= Int(leaf) {
            weights.append(-1)
            loads.append(0)
        }
        setWeight(weight, of: leaf)
        return leaf
    }

    mutating func setWeight(_ weight: UInt64, of leaf: UInt32) {
        weights[Int(leaf)] = Int(weight)
        index.setWeight(weight, of: leaf)
    }

    mutating func change(_ leaf: UInt32, by change: Int) {
        loads[Int(leaf)] += change
        index.loadChanged(leaf: leaf, by: change)
    }

    mutating func free(_ leaf: UInt32) {
        weights[Int(leaf)] = -1
        index.free(leaf: leaf)
    }

    /// A weight as generations make them, weight × fraction: of all sizes, some equal, some 0.
    mutating func anyWeight() -> UInt64 {
        switch random.next(below: 8) {
        case 0: 0
        case 1: 1 + random.next(below: 4)
        case 2: 1 << 42
        case 3: 1 + random.next(below: 1 << 42)
        default: (1 + random.next(below: 3)) << 11
        }
    }

    /// Whether the index answers as a look at everybody does.
    func isExact(excluding excluded: [UInt32] = []) -> Bool {
        var takes = weights.map { $0 > 0 }
        for leaf in excluded { takes[Int(leaf)] = false }
        guard let winner = index.least(isExcluded: excluded.contains) else { return !takes.contains(true) }
        guard takes[Int(winner)] else { return false }
        let (load, weight) = (loads[Int(winner)], weights[Int(winner)])
        for leaf in takes.indices where takes[leaf] {
            let mine = load.multipliedFullWidth(by: weights[leaf])
            let theirs = loads[leaf].multipliedFullWidth(by: weight)
            if (mine.high, mine.low) > (theirs.high, theirs.low) { return false }
        }
        return true
    }
}

@Suite struct LoadIndexTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func answersAsALookAtEverybodyDoes(seed: UInt64) throws {
        var model = IndexModel(seed: seed)
        let size = 1 + Int(model.random.next(below: 300))
        #expect(model.isExact(), "an index without leaves has no winner")
        for _ in 0..<size {
            _ = model.open(weight: model.anyWeight())
            #expect(model.isExact(), "seed \(seed)")
        }
        for step in 0..<150 {
            let leaves = model.leaves
            let leaf = leaves[model.random.nextIndex(below: leaves.count)]
            let load = model.loads[Int(leaf)]
            switch model.random.next(below: 12) {
            case 0: model.setWeight(model.anyWeight(), of: leaf)
            case 1 where load == 0 && leaves.count > 1: model.free(leaf)
            case 2: _ = model.open(weight: model.anyWeight())
            case 3..<6 where load > 0: model.change(leaf, by: -1)
            case 3..<9: model.change(leaf, by: 1)
            default: if let winner = model.index.least(isExcluded: { _ in false }) { model.change(winner, by: 1) }
            }
            #expect(model.isExact(), "seed \(seed), step \(step)")
            var excluded: [UInt32] = []
            for _ in 0...model.random.next(below: 8) {
                // The winner and those next to it, one after another; now and then somebody else.
                let next = model.index.least(isExcluded: excluded.contains)
                excluded.append(model.random.next(below: 4) > 0 ? next ?? leaf : leaf)
                #expect(model.isExact(excluding: excluded), "seed \(seed), step \(step), without \(excluded)")
            }
        }
        #expect(model.isExact(excluding: model.leaves), "without everybody there is nobody")
    }

    @Test func growsPastEachSizeOfItsTree() {
        var model = IndexModel(seed: 1)
        for count in 1...1_030 {
            let leaf = model.open(weight: (1 + model.random.next(below: 3)) << 11)
            model.change(leaf, by: 1 + Int(model.random.next(below: 3)))
            let near = [4, 16, 64, 256, 1_024].contains { abs(count - $0) <= 2 }
            if near || count % 50 == 0 { #expect(model.isExact(), "\(count) leaves") }
        }
        for leaf in model.leaves.reversed() {
            while model.loads[Int(leaf)] > 0 { model.change(leaf, by: -1) }
            if leaf % 50 == 0 { #expect(model.isExact(), "leaf \(leaf)") }
        }
    }

    @Test func freedLeavesAreUsedAgain() {
        var model = IndexModel(seed: 1)
        for _ in 0..<20 { _ = model.open(weight: 1 << 11) }
        for _ in 0..<500 {
            let leaf = model.leaves[model.random.nextIndex(below: 20)]
            model.free(leaf)
            #expect(model.isExact())
            #expect(model.open(weight: 1 << 11) == leaf)
            #expect(model.isExact())
        }
    }

    @Test func aClosedLeafIsNeverTheWinner() {
        let index = LoadIndex()
        let leaf = index.open()
        #expect(index.least(isExcluded: { _ in false }) == nil, "no weight yet")
        index.setWeight(5, of: leaf)
        #expect(index.least(isExcluded: { _ in false }) == leaf)
        #expect(index.least(isExcluded: { $0 == leaf }) == nil)
        index.setWeight(0, of: leaf)
        #expect(index.least(isExcluded: { _ in false }) == nil)
        index.setWeight(1, of: LoadIndex.none)
        index.free(leaf: LoadIndex.none)
        #expect(index.least(isExcluded: { _ in false }) == nil)
    }

    /// Serves `count` requests one after another, each of which ends before the next begins.
    private func serve(_ count: Int, weights: [UInt64], each: ([Int], Int) -> Void) {
        let index = LoadIndex()
        let leaves = weights.map { weight in
            let leaf = index.open()
            index.setWeight(weight << 11, of: leaf)
            return leaf
        }
        var served = Array(repeating: 0, count: weights.count)
        for step in 1...count {
            guard let leaf = index.least(isExcluded: { _ in false }) else { return }
            index.loadChanged(leaf: leaf, by: 1)
            index.loadChanged(leaf: leaf, by: -1)
            if let position = leaves.firstIndex(of: leaf) { served[position] += 1 }
            each(served, step)
        }
    }

    @Test(arguments: [
        [1, 1, 1], [5, 1, 1], [1, 2, 3, 4], [100, 1], [7, 7, 7, 7, 7, 3], [1], [1 << 20, 1 << 19, 3],
    ])
    func anIdleSystemFollowsTheWeights(weights: [UInt64]) {
        let total = Double(weights.reduce(0, +))
        serve(700, weights: weights) { served, step in
            // Start-time fair queueing: of two that wait, c/w differs by at most 1/w + 1/w' at any time (Goyal, Vin,
            // Cheng, 1996, theorem 1). Summed up over all others: after N requests, a backend of weight w among n was
            // served N · w/W to within 1 + (n − 2) · w/W.
            for (weight, count) in zip(weights, served) {
                let share = Double(weight) / total
                let bound = weights.count == 1 ? 0 : 1 + Double(weights.count - 2) * share
                let error = abs(Double(count) - Double(step) * share)
                #expect(error <= bound + 1e-6, "\(served) after \(step)")
            }
        }
    }

    @Test func equalWeightsTakeTurns() {
        var order: [[Int]] = []
        serve(9, weights: [2, 2, 2]) { served, _ in order.append(served) }
        #expect(order[2] == [1, 1, 1] && order[5] == [2, 2, 2] && order[8] == [3, 3, 3])
    }

    @Test func whoWasAwayHasNoClaimOnMissedTurns() {
        var model = IndexModel(seed: 1)
        let leaves = (0..<3).map { _ in model.open(weight: 1 << 11) }
        model.setWeight(0, of: leaves[2])
        func next() -> UInt32? {
            guard let leaf = model.index.least(isExcluded: { _ in false }) else { return nil }
            model.index.loadChanged(leaf: leaf, by: 1)
            model.index.loadChanged(leaf: leaf, by: -1)
            return leaf
        }
        for _ in 0..<100 { #expect(next() != leaves[2]) }
        model.setWeight(1 << 11, of: leaves[2])
        let turns = (0..<30).map { _ in next() }
        for leaf in leaves { #expect((9...11).contains(turns.count { $0 == leaf }), "\(turns)") }
    }

    /// While one lease lasts, others take so many turns that the sign of a difference would take the oldest turn for
    /// the latest.
    ///
    /// Turns of weight 1 and the whole fraction, which is 2¹¹ here, are 2⁴⁵ long, and signs reach to 2¹⁸ of them; to
    /// 128 of the longest, which are of 1 here.
    @Test(
        arguments: [
            (others: 1, weight: 1 << 11, picks: 300_000), (others: 1, weight: 1, picks: 200),
            (others: 1, weight: 1, picks: 300), (others: 3, weight: 1, picks: 1_000),
            (others: 70, weight: 1, picks: 20_000), (others: 2, weight: 5, picks: 10_000),
            (others: 1, weight: 1 << 4, picks: 10_000),
        ] as [(others: Int, weight: UInt64, picks: Int)])
    func whoeverHeldALongLeaseHasTheNextTurn(others: Int, weight: UInt64, picks: Int) {
        let index = LoadIndex()
        let leaves = (0...others).map { _ in
            let leaf = index.open()
            index.setWeight(weight, of: leaf)
            return leaf
        }
        func serve() -> UInt32? {
            guard let leaf = index.least(isExcluded: { _ in false }) else { return nil }
            index.loadChanged(leaf: leaf, by: 1)
            index.loadChanged(leaf: leaf, by: -1)
            return leaf
        }
        index.loadChanged(leaf: leaves[0], by: 1)
        var toTheOthers = 0
        for _ in 0..<picks where serve() != leaves[0] { toTheOthers += 1 }
        #expect(toTheOthers == picks)
        // As loaded as it is, the others lose against it as well.
        for leaf in leaves.dropFirst() { index.loadChanged(leaf: leaf, by: 1) }
        #expect(index.least(isExcluded: { _ in false }) == leaves[0])
        for leaf in leaves { index.loadChanged(leaf: leaf, by: -1) }
        #expect(serve() == leaves[0])
        let order = (0..<60 * (others + 1)).map { _ in serve() }
        for leaf in leaves { #expect(abs(order.count { $0 == leaf } - 60) <= 1) }
    }

    @Test(arguments: [2, 3, 6], 0..<8 as Range<UInt64>)
    func isExactAfterEachRoundOfRacingCalls(threads: Int, seed: UInt64) {
        let index = LoadIndex()
        let leaves = (0..<3 * threads).map { _ in
            let leaf = index.open()
            index.setWeight(1 << 11, of: leaf)
            return leaf
        }
        // Each thread moves leaves of its own between no lease and a few; what all do in a round follows from the seed.
        let rounds = 3_000
        var random = SeededGenerator(seed: seed)
        let moves = (0..<rounds).map { _ in (0..<threads).map { _ in Int(random.next(below: 3)) } }
        let barrier = Barrier(threads)
        let failures = Counter()
        ThreadTeam(threads) { thread in
            var isBusy = Array(repeating: false, count: leaves.count)
            for round in 0..<rounds {
                barrier.wait(2 * round + 1)
                let mine = 3 * thread + moves[round][thread]
                index.loadChanged(leaf: leaves[mine], by: isBusy[mine] ? -1 : 1)
                barrier.wait(2 * round + 2)
                for other in 0..<threads { isBusy[3 * other + moves[round][other]].toggle() }
                // A thread that left would keep the others waiting, so it only counts.
                let winner = index.least(isExcluded: { _ in false }).flatMap(leaves.firstIndex(of:))
                if winner.map({ isBusy[$0] }) ?? true, isBusy.contains(false) { failures.add() }
            }
        }.join()
        #expect(failures.value == 0, "seed \(seed)")
    }

    @Test(arguments: [4, 8], 0..<6 as Range<UInt64>)
    func isExactAgainAfterRacingThreads(threads: Int, seed: UInt64) {
        let index = LoadIndex()
        var random = SeededGenerator(seed: seed)
        let count = 2 + Int(random.next(below: 40))
        let weights = (0..<count).map { _ in (1 + random.next(below: 5)) << 11 }
        let leaves = weights.map { weight in
            let leaf = index.open()
            index.setWeight(weight, of: leaf)
            return leaf
        }
        let results = Results(threads: threads)
        let team = ThreadTeam(threads) { thread in
            var random = SeededGenerator(seed: seed &* 100 &+ UInt64(thread))
            var held: [UInt32: Int] = [:]
            for _ in 0..<1_500 {
                let leaf =
                    random.next(below: 2) == 0
                    ? index.least(isExcluded: { _ in false }) : leaves[random.nextIndex(below: count)]
                guard let leaf, leaves.contains(leaf) else { continue }
                if let load = held[leaf], load > 0, random.next(below: 2) == 0 {
                    held[leaf] = load - 1
                    index.loadChanged(leaf: leaf, by: -1)
                } else {
                    held[leaf, default: 0] += 1
                    index.loadChanged(leaf: leaf, by: 1)
                }
            }
            results.all.withLock { $0[thread] = held }
        }
        // Others come and go meanwhile, and the tree grows over them.
        let extra = (0..<300).map { step in
            let leaf = index.open()
            index.setWeight(UInt64(step % 3) << 11, of: leaf)
            return leaf
        }
        for leaf in extra.reversed() { index.free(leaf: leaf) }
        team.join()

        var loads: [UInt32: Int] = [:]
        for held in results.all.withLock({ $0 }) { loads.merge(held, uniquingKeysWith: +) }
        let weight = Dictionary(uniqueKeysWithValues: zip(leaves, weights))
        func expectExact(_ text: String) {
            var excluded: Set<UInt32> = []
            var last = -1.0
            // One after another, all leaves in the order of their loads.
            for _ in 0..<count {
                guard let leaf = index.least(isExcluded: excluded.contains) else {
                    Issue.record("only \(excluded.count) of \(count) leaves, seed \(seed), \(text)")
                    return
                }
                let load = Double(loads[leaf, default: 0]) / Double(weight[leaf, default: 0])
                #expect(load >= last, "seed \(seed), \(text)")
                last = load
                excluded.insert(leaf)
            }
            #expect(index.least(isExcluded: excluded.contains) == nil)
        }
        expectExact("with leases")
        let ending = ThreadTeam(threads) { thread in
            for (leaf, load) in results.all.withLock({ $0[thread] }) {
                for _ in 0..<load { index.loadChanged(leaf: leaf, by: -1) }
            }
        }
        ending.join()
        loads = [:]
        expectExact("without leases")
        // A leaf with one lease and a weight beyond all others' loses against each that has none, and wins otherwise.
        let probe = index.open()
        index.setWeight(1 << 42, of: probe)
        index.loadChanged(leaf: probe, by: 1)
        for leaf in leaves {
            #expect(index.least(isExcluded: { $0 != leaf && $0 != probe }) == leaf, "its count is zero, seed \(seed)")
        }
    }
}

/// Lets threads go on together, again and again.
private final class Barrier: Sendable {
    private let count: Int
    private let arrived = Atomic<Int>(0)

    init(_ count: Int) {
        self.count = count
    }

    /// Waits for all others to come here for the `round`-th time, counted from 1.
    func wait(_ round: Int) {
        arrived.add(1, ordering: .acquiringAndReleasing)
        while arrived.load(ordering: .acquiring) < round * count { sched_yield() }
    }
}

private final class Results: Sendable {
    let all: Guarded<[[UInt32: Int]]>

    init(threads: Int) {
        all = Guarded(Array(repeating: [:], count: threads))
    }
}

private final class Counter: Sendable {
    private let atomic = Atomic<Int>(0)

    func add() { atomic.add(1, ordering: .relaxed) }
    var value: Int { atomic.load(ordering: .relaxed) }
}
