import Synchronization

/// Who has the least load for its weight, known at any time without looking at everybody.
///
/// A tournament tree over the backends: each node names the winner below it, four children a node. A lease that begins or
/// ends plays the matches on its backend's way to the root again. There is no lock: a node changes by compare and swap,
/// and a match that another thread disturbs twice was played by that thread with the newer facts (the *double refresh* of
/// Jayanti's f-arrays, PODC 2002). So whenever no call is under way the root is exact; among overlapping calls it was true
/// at some moment of each.
///
/// Order: less load / weight first, compared as a · w_b < b · w_a in whole numbers. Ties go to whoever's turn it is:
/// turns follow the weights, as in start-time fair queueing (Goyal, Vin, Cheng, 1996), so an idle system is served by weight.
///
/// - Complexity: O(1) to ask, O(log₄ n) to count in or out, no allocation; 37 bytes a backend.
@usableFromInline
final class LoadIndex: Sendable {
    /// The leaf of a slot whose balancer keeps no index.
    @usableFromInline static let none = UInt32.max

    private let memory = LoadIndexMemory()
    /// The start of the turn that was served last.
    private let virtualTime = Atomic<UInt64>(0)
    private let vacancies = Mutex<(free: [UInt32], used: UInt32)>(([], 0))

    init() {}

    // MARK: - Membership, under the registry's lock

    /// A leaf for a new backend, closed until it is given a weight.
    func open() -> UInt32 {
        vacancies.withLock { vacancies in
            if let leaf = vacancies.free.popLast() { return leaf }
            let leaf = vacancies.used
            vacancies.used += 1
            if memory.reserve(leafCount: vacancies.used) {
                let tree = memory.tree
                for level in 0..<tree.levelCount {
                    for node in 0..<tree.nodeCount(level: level) {
                        refresh(level: level, node: node, changed: Self.none, in: tree)
                    }
                }
            }
            return leaf
        }
    }

    /// Makes `leaf` available for another backend.
    func free(leaf: UInt32) {
        guard leaf != Self.none else { return }
        setWeight(0, of: leaf)
        vacancies.withLock { $0.free.append(leaf) }
    }

    /// Sets weight × fraction; with 0 no work goes to `leaf`.
    func setWeight(_ weight: UInt64, of leaf: UInt32) {
        guard leaf != Self.none, memory.exchangeWeight(weight, of: leaf) != weight else { return }
        // Whoever was away has no claim on the turns it missed.
        memory.setTurn(virtualTime.load(ordering: .relaxed), of: leaf)
        replay(from: leaf)
    }

    // MARK: - Leases

    /// Counts one lease more or less on `leaf`.
    func loadChanged(leaf: UInt32, by change: Int) {
        if change > 0 {
            // Lost updates of racing turns cost a tie its order, nothing else.
            let facts = memory.facts(of: leaf)
            let present = virtualTime.load(ordering: .relaxed)
            let start = Int64(bitPattern: facts.turn &- present) > 0 ? facts.turn : present
            memory.setTurn(start &+ Self.turnLength / max(facts.weight, 1), of: leaf)
            virtualTime.store(start, ordering: .relaxed)
        }
        memory.addLoad(change, to: leaf)
        replay(from: leaf)
    }

    /// The open leaf with the least load for its weight of which `isExcluded` is not true.
    ///
    /// - Complexity: O(1) if the winner is not excluded; else O(k log n) for k excluded leaves.
    func least(isExcluded: (UInt32) -> Bool) -> UInt32? {
        let tree = memory.tree
        let leaf = least(level: tree.levelCount - 1, node: 0, in: tree, isExcluded: isExcluded)
        guard let leaf, memory.facts(of: leaf).weight > 0 else { return nil }
        return leaf
    }

    // MARK: - Matches

    /// The turn of weight 1 at the smallest fraction; long enough that turns of the largest weights still differ.
    private static let turnLength: UInt64 = 1 << 56

    private struct Contestant {
        var leaf: UInt32
        var load: UInt64
        var weight: UInt64
        var turn: UInt64

        func beats(_ other: Contestant) -> Bool {
            guard weight > 0, other.weight > 0 else { return weight > 0 }
            let mine = load.multipliedFullWidth(by: other.weight)
            let theirs = other.load.multipliedFullWidth(by: weight)
            if mine.high != theirs.high { return mine.high < theirs.high }
            if mine.low != theirs.low { return mine.low < theirs.low }
            let ahead = Int64(bitPattern: turn &- other.turn)
            return ahead != 0 ? ahead < 0 : leaf < other.leaf
        }
    }

    private func contestant(_ leaf: UInt32) -> Contestant {
        let facts = memory.facts(of: leaf)
        return Contestant(leaf: leaf, load: facts.load, weight: facts.weight, turn: facts.turn)
    }

    private func replay(from leaf: UInt32) {
        // The tree is read after the leaf has changed, both sequentially consistent: either this sees a tree that is being
        // put in place, or whoever puts it in place sees the change.
        let tree = memory.tree
        var node = Int(leaf)
        for level in 0..<tree.levelCount {
            node >>= LoadIndexMemory.arityBits
            if !refresh(level: level, node: node, changed: leaf, in: tree) { return }
        }
    }

    /// Plays the match of one node; `false` when nothing above it can have changed.
    @discardableResult
    private func refresh(level: Int, node: Int, changed: UInt32, in tree: LoadIndexMemory.Tree) -> Bool {
        for _ in 0..<2 {
            let old = tree.node(level: level, node)
            let winner = winner(level: level, node: node, in: tree) { _ in false }?.leaf ?? Self.none
            // Counting versions makes a swap fail that rests on facts from before another's swap.
            let new = (old >> 32 &+ 1) << 32 | UInt64(winner)
            if tree.replace(level: level, node, expected: old, desired: new) {
                return winner == changed || UInt32(truncatingIfNeeded: old) != winner
            }
        }
        return true
    }

    private func winner(
        level: Int, node: Int, in tree: LoadIndexMemory.Tree, isExcluded: (UInt32) -> Bool
    ) -> Contestant? {
        var best: Contestant?
        let first = node << LoadIndexMemory.arityBits
        for child in first..<first + 1 << LoadIndexMemory.arityBits {
            let leaf = tree.child(level: level, child)
            guard leaf != Self.none else { continue }
            var challenger: Contestant? = contestant(leaf)
            if isExcluded(leaf) {
                challenger =
                    level > 0 ? winner(level: level - 1, node: child, in: tree, isExcluded: isExcluded) : nil
            }
            guard let challenger else { continue }
            if best.map(challenger.beats) ?? true { best = challenger }
        }
        return best
    }

    private func least(
        level: Int, node: Int, in tree: LoadIndexMemory.Tree, isExcluded: (UInt32) -> Bool
    ) -> UInt32? {
        let root = UInt32(truncatingIfNeeded: tree.node(level: level, node))
        guard root != Self.none else { return nil }
        guard isExcluded(root) else { return root }
        return winner(level: level, node: node, in: tree, isExcluded: isExcluded)?.leaf
    }
}
