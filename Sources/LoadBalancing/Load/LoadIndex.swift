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
/// - Complexity: O(1) to ask, O(log₄ n) to count in or out, no allocation; 35 to 43 bytes a backend.
@usableFromInline
final class LoadIndex: Sendable {
    /// The leaf of a slot whose balancer keeps no index, nor anything else that leases are told to.
    @usableFromInline static let none = UInt32.max
    /// The leaf of a slot whose balancer keeps no index, but a total.
    static let totalOnly = UInt32.max - 1

    private let memory = LoadIndexMemory()
    /// The start of the turn that was served last.
    private let virtualTime = Atomic<UInt64>(0)
    private let vacancies = Guarded<(free: [UInt32], used: UInt32)>(([], 0))

    init() {}

    // MARK: - Membership, under the registry's lock

    /// A leaf for a new backend, closed until it is given a weight.
    func open() -> UInt32 {
        vacancies.withLock { vacancies in
            if let leaf = vacancies.free.popLast() { return leaf }
            vacancies.used += 1
            if memory.reserve(leaf: vacancies.used) {
                let tree = memory.tree
                var last = Int(vacancies.used)
                tree.forEachLevel { level in
                    last >>= LoadIndexMemory.arityBits
                    for node in 0...last { refresh(node, of: level, changed: Self.none, in: tree) }
                    return true
                }
            }
            return vacancies.used
        }
    }

    /// Makes `leaf` available for another backend.
    func free(leaf: UInt32) {
        guard leaf != Self.none else { return }
        setWeight(0, of: leaf)
        vacancies.withLock { $0.free.append(leaf) }
    }

    /// Sets weight × fraction, below 2⁴³; with 0 no work goes to `leaf`.
    func setWeight(_ weight: UInt64, of leaf: UInt32) {
        let tree = memory.tree
        guard leaf != Self.none, tree.exchangeWeight(weight, of: leaf) != weight else { return }
        tree.setTurnLength(Self.turnLength / max(weight, 1), of: leaf)
        // Whoever was away has no claim on the turns it missed.
        tree.setTurn(virtualTime.load(ordering: .relaxed), of: leaf)
        replay(from: leaf)
    }

    // MARK: - Leases

    /// Counts one lease more or less on `leaf`.
    func loadChanged(leaf: UInt32, by change: Int) {
        let tree = memory.tree
        if change > 0 {
            // Lost updates of racing turns cost a tie its order, nothing else.
            let turn = tree.turn(of: leaf)
            let present = virtualTime.load(ordering: .relaxed)
            let start = Int64(bitPattern: turn.start &- present) > 0 ? turn.start : present
            tree.setTurn(start &+ turn.length, of: leaf)
            virtualTime.store(start, ordering: .relaxed)
            if (start ^ present) >> Self.epochBits != 0 { bringForward(to: start) }
        }
        tree.addLoad(change, to: leaf)
        replay(from: leaf)
    }

    /// Lets no turn be so long overdue that it seems to lie ahead: those from before the epoch of `time` begin with it.
    ///
    /// Turns are compared by the sign of their difference, and while one lease lasts, others may take any number of
    /// turns. Turns that were in order stay so, no match has to be played again.
    ///
    /// - Complexity: O(n), once in 16 turns at the most, which are of weight 1 at the smallest fraction; once in 32,768
    ///   for each backend of weight 1.
    @inline(never)
    private func bringForward(to time: UInt64) {
        let epoch = time & (~0 << Self.epochBits)
        memory.tree.bringTurnsForward(to: epoch)
    }

    /// The open leaf with the least load for its weight of which `isExcluded` is not true.
    ///
    /// - Complexity: O(1) if the winner is not excluded; else O(k log n) for k excluded leaves.
    func least(isExcluded: (UInt32) -> Bool) -> UInt32? {
        let tree = memory.tree
        let root = tree.root
        let winner = tree.winner(root.firstNode)
        let leaf =
            isExcluded(winner)
            ? leastOfOthers(node: 0, of: root, in: tree, isExcluded: isExcluded)?.leaf ?? LoadIndexMemory.nobody
            : winner
        return tree.facts(of: leaf).weight > 0 ? leaf : nil
    }

    // MARK: - Matches

    /// The turn of weight 1 at the smallest fraction; long enough that turns of the largest weights still differ.
    private static let turnLength: UInt64 = 1 << 56

    /// The length of an epoch, as a power of two: of what signs can compare an eighth, so that turns are brought
    /// forward in time by a thread that is seven epochs late.
    private static let epochBits: UInt64 = 60

    private struct Contestant {
        var leaf: UInt32
        var load: UInt64
        var weight: UInt64
        var turn: UInt64

        init(_ leaf: UInt32, in tree: LoadIndexMemory.Tree) {
            self.leaf = leaf
            (load, weight, turn) = tree.facts(of: leaf)
        }

        /// Takes the place of the loser.
        ///
        /// Loads are below 2²⁰ and weights below 2⁴³, so that products are below 2⁶³ and the sign of a difference
        /// compares them: who wins cannot be predicted, so nothing here branches.
        mutating func meet(_ other: Contestant) {
            let mine = load &* other.weight
            let theirs = other.load &* weight
            let isLess = (theirs &- mine) >> 63
            let isEqual: UInt64 = theirs == mine ? 1 : 0
            let isEarlier = (other.turn &- turn) >> 63
            let isOpen: UInt64 = other.weight > 0 ? 1 : 0
            let isAlone: UInt64 = weight == 0 ? 1 : 0
            let mask = 0 &- (isOpen & (isLess | (isEqual & isEarlier) | isAlone))
            leaf ^= (leaf ^ other.leaf) & UInt32(truncatingIfNeeded: mask)
            load ^= (load ^ other.load) & mask
            weight ^= (weight ^ other.weight) & mask
            turn ^= (turn ^ other.turn) & mask
        }
    }

    private func replay(from leaf: UInt32) {
        // The tree is read after the leaf has changed, both sequentially consistent: either this sees a tree that is being
        // put in place, or whoever puts it in place sees the change.
        let tree = memory.tree
        var node = Int(leaf)
        tree.forEachLevel { level in
            node >>= LoadIndexMemory.arityBits
            return refresh(node, of: level, changed: leaf, in: tree)
        }
    }

    /// Plays the match of one node; `false` when nothing above it can have changed.
    @discardableResult
    @inline(__always)
    private func refresh(
        _ node: Int, of level: LoadIndexMemory.Level, changed: UInt32, in tree: LoadIndexMemory.Tree
    ) -> Bool {
        for _ in 0..<2 {
            let old = tree.node(level.firstNode &+ node)
            let children = tree.children(of: node, in: level)
            // Two semifinals, which a processor plays at the same time.
            var winner = Contestant(children.0, in: tree)
            winner.meet(Contestant(children.1, in: tree))
            var other = Contestant(children.2, in: tree)
            other.meet(Contestant(children.3, in: tree))
            winner.meet(other)
            // Counting versions makes a swap fail that rests on facts from before another's swap.
            let new = (old >> 32 &+ 1) << 32 | UInt64(winner.leaf)
            if tree.replace(level.firstNode &+ node, expected: old, desired: new) {
                return winner.leaf == changed || UInt32(truncatingIfNeeded: old) != winner.leaf
            }
        }
        return true
    }

    private func leastOfOthers(
        node: Int, of level: LoadIndexMemory.Level, in tree: LoadIndexMemory.Tree, isExcluded: (UInt32) -> Bool
    ) -> Contestant? {
        var best: Contestant?
        let children = tree.children(of: node, in: level)
        // Below nobody there may be leaves that were never reserved.
        for (position, leaf) in [children.0, children.1, children.2, children.3].enumerated()
        where leaf != LoadIndexMemory.nobody {
            var challenger: Contestant? = Contestant(leaf, in: tree)
            if isExcluded(leaf) {
                let child = node << LoadIndexMemory.arityBits + position
                challenger = level.below.flatMap {
                    leastOfOthers(node: child, of: $0, in: tree, isExcluded: isExcluded)
                }
            }
            guard let challenger else { continue }
            if best == nil { best = challenger } else { best?.meet(challenger) }
        }
        return best
    }
}
