import Synchronization

/// The memory of a ``LoadIndex``: leaves, which never move, and the tree above them, which is replaced when it grows.
///
/// Invariant: chunks of leaves and trees, once published, live as long as this object. Leaves are reserved in order, so a tree
/// has the chunks of all leaves up to the last that was reserved, and callers use no others; nodes without such leaves below
/// name `nobody`. Old trees are kept, because a thread may still be playing in one; together they are a third of the
/// present one.
///
/// Facts, nodes and the tree's address are read and written sequentially consistently: that a disturbed match was played with
/// the newer facts needs a thread's own write to come before its reading of the node for all others as well, which
/// acquiring and releasing does not say (and ARM's acquiring loads do not do).
@safe
final class LoadIndexMemory: @unchecked Sendable {
    fileprivate struct Leaf: ~Copyable {
        let load = Atomic<UInt64>(0)
        let weight = Atomic<UInt64>(0)
        let turn = Atomic<UInt64>(0)
        /// How long a turn is; kept with the leaf because a division would cost as much as a match.
        let turnLength = Atomic<UInt64>(0)
    }

    /// A leaf that never has a weight; backends' leaves begin after it.
    static let nobody: UInt32 = 0
    /// Children of a node, as a power of two.
    static let arityBits = 2
    /// Leaves of a chunk, as a power of two.
    fileprivate static let chunkBits = 6

    private let treeAddress: Atomic<UInt>
    private var trees: [UnsafeMutablePointer<TreeHeader>]

    init() {
        let header = unsafe TreeHeader.make(levelCount: 1)
        unsafe header.pointee.chunks[0].store(Self.makeChunk(), ordering: .relaxed)
        unsafe trees = [header]
        treeAddress = Atomic(UInt(bitPattern: header))
    }

    deinit {
        if let last = unsafe trees.last {
            for chunk in 0..<TreeHeader.chunkCount(levelCount: unsafe last.pointee.levelCount) {
                unsafe last.pointee.chunks[chunk].load(ordering: .relaxed)?.deallocate()
            }
        }
        for index in unsafe trees.indices { unsafe TreeHeader.destroy(trees[index]) }
    }

    /// Makes room for the next leaf, by one thread at a time; `true` when a larger tree was put in place, whose nodes are
    /// all to be played.
    func reserve(leaf: UInt32) -> Bool {
        var header = unsafe tree.header
        let levelCount = unsafe header.pointee.levelCount
        let grows = leaf >= 1 << (levelCount * Self.arityBits)
        if grows {
            let larger = unsafe TreeHeader.make(levelCount: levelCount + 1)
            for chunk in 0..<TreeHeader.chunkCount(levelCount: levelCount) {
                let leaves = unsafe header.pointee.chunks[chunk].load(ordering: .relaxed)
                unsafe larger.pointee.chunks[chunk].store(leaves, ordering: .relaxed)
            }
            unsafe trees.append(larger)
            unsafe header = unsafe larger
        }
        let chunk = Int(leaf) >> Self.chunkBits
        if unsafe header.pointee.chunks[chunk].load(ordering: .relaxed) == nil {
            unsafe header.pointee.chunks[chunk].store(Self.makeChunk(), ordering: .releasing)
        }
        if grows { treeAddress.store(UInt(bitPattern: header), ordering: .sequentiallyConsistent) }
        return grows
    }

    private static func makeChunk() -> UnsafeMutablePointer<Leaf> {
        let capacity = 1 << chunkBits
        let leaves = UnsafeMutablePointer<Leaf>.allocate(capacity: capacity)
        for index in 0..<capacity { unsafe (leaves + index).initialize(to: Leaf()) }
        return unsafe leaves
    }

    /// The tree in force.
    var tree: Tree {
        let address = treeAddress.load(ordering: .sequentiallyConsistent)
        guard let header = unsafe UnsafeMutablePointer<TreeHeader>(bitPattern: address) else {
            preconditionFailure("an index always has a tree")
        }
        return unsafe Tree(header: header)
    }

    @safe
    fileprivate struct TreeHeader: ~Copyable {
        let levelCount: Int
        let root: Level
        let nodes: UnsafeMutablePointer<Atomic<UInt64>>
        let chunks: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<Leaf>?>>

        /// A tree of n levels has up to 4ⁿ leaves below it and 4ⁿ / 4 + 4ⁿ / 16 + … + 1 nodes.
        static func nodeCount(levelCount: Int) -> Int { (1 << (levelCount * arityBits)) / 3 }
        static func chunkCount(levelCount: Int) -> Int { max(1, (1 << (levelCount * arityBits)) >> chunkBits) }

        static func make(levelCount: Int) -> UnsafeMutablePointer<TreeHeader> {
            let header = UnsafeMutablePointer<TreeHeader>.allocate(capacity: 1)
            unsafe header.initialize(to: TreeHeader(levelCount: levelCount))
            return unsafe header
        }

        private init(levelCount: Int) {
            self.levelCount = levelCount
            let nodeCount = Self.nodeCount(levelCount: levelCount)
            root = Level(
                firstNode: nodeCount - 1, nodeCount: 1,
                firstChild: levelCount > 1 ? nodeCount - 1 - 1 << arityBits : nil)
            unsafe nodes = .allocate(capacity: nodeCount)
            for node in 0..<nodeCount { unsafe (nodes + node).initialize(to: Atomic(UInt64(nobody))) }
            let chunkCount = Self.chunkCount(levelCount: levelCount)
            unsafe chunks = .allocate(capacity: chunkCount)
            for chunk in 0..<chunkCount { unsafe (chunks + chunk).initialize(to: Atomic(nil)) }
        }

        static func destroy(_ header: UnsafeMutablePointer<TreeHeader>) {
            unsafe header.pointee.nodes.deallocate()
            unsafe header.pointee.chunks.deallocate()
            unsafe header.deallocate()
        }
    }

    /// A level of a tree.
    struct Level {
        /// The number of its first node.
        let firstNode: Int
        let nodeCount: Int
        /// The number of the first node below; `nil` above the leaves.
        let firstChild: Int?

        /// The level below.
        var below: Level? {
            guard let firstChild else { return nil }
            let count = nodeCount << arityBits
            return Level(
                firstNode: firstChild, nodeCount: count,
                firstChild: firstChild > 0 ? firstChild - count << arityBits : nil)
        }
    }

    /// A tree that was in force at some moment, and the leaves below it.
    @safe
    struct Tree {
        fileprivate let header: UnsafeMutablePointer<TreeHeader>

        fileprivate init(header: UnsafeMutablePointer<TreeHeader>) {
            unsafe self.header = unsafe header
        }

        /// The level that is one node.
        var root: Level { unsafe header.pointee.root }

        /// Goes from the level above the leaves to the root, while `body` says so.
        @inline(__always)
        func forEachLevel(_ body: (Level) -> Bool) {
            var level = Level(
                firstNode: 0, nodeCount: 1 << ((unsafe header.pointee.levelCount - 1) * arityBits), firstChild: nil)
            while body(level), level.nodeCount > 1 {
                level = Level(
                    firstNode: level.firstNode &+ level.nodeCount, nodeCount: level.nodeCount >> arityBits,
                    firstChild: level.firstNode)
            }
        }

        /// The leaves that the children of a node stand for.
        @inline(__always)
        func children(of node: Int, in level: Level) -> (UInt32, UInt32, UInt32, UInt32) {
            let first = node << arityBits
            guard let firstChild = level.firstChild else {
                let leaf = UInt32(truncatingIfNeeded: first)
                return (leaf, leaf &+ 1, leaf &+ 2, leaf &+ 3)
            }
            let child = firstChild &+ first
            return (winner(child), winner(child &+ 1), winner(child &+ 2), winner(child &+ 3))
        }

        /// A node: the winning leaf in the lower half, a version in the upper.
        @inline(__always)
        func node(_ number: Int) -> UInt64 {
            unsafe header.pointee.nodes[number].load(ordering: .sequentiallyConsistent)
        }

        @inline(__always)
        func winner(_ number: Int) -> UInt32 {
            UInt32(truncatingIfNeeded: node(number))
        }

        func replace(_ number: Int, expected: UInt64, desired: UInt64) -> Bool {
            unsafe header.pointee.nodes[number].compareExchange(
                expected: expected, desired: desired, ordering: .sequentiallyConsistent
            ).exchanged
        }

        @inline(__always)
        private func pointer(to leaf: UInt32) -> UnsafeMutablePointer<Leaf> {
            let chunk = unsafe header.pointee.chunks[Int(leaf) &>> chunkBits].load(ordering: .acquiring)
            guard let chunk = unsafe chunk else { preconditionFailure("a leaf that was never reserved") }
            return unsafe chunk + (Int(leaf) & (1 << chunkBits - 1))
        }

        /// When the leaf's next turn begins, and how long its turns are.
        func turn(of leaf: UInt32) -> (start: UInt64, length: UInt64) {
            let leaf = unsafe pointer(to: leaf)
            return unsafe (
                leaf.pointee.turn.load(ordering: .relaxed), leaf.pointee.turnLength.load(ordering: .relaxed)
            )
        }

        func setTurnLength(_ length: UInt64, of leaf: UInt32) {
            unsafe pointer(to: leaf).pointee.turnLength.store(length, ordering: .relaxed)
        }

        /// What a match is decided by.
        @inline(__always)
        func facts(of leaf: UInt32) -> (load: UInt64, weight: UInt64, turn: UInt64) {
            let leaf = unsafe pointer(to: leaf)
            return unsafe (
                leaf.pointee.load.load(ordering: .sequentiallyConsistent),
                leaf.pointee.weight.load(ordering: .sequentiallyConsistent),
                leaf.pointee.turn.load(ordering: .relaxed)
            )
        }

        func setTurn(_ turn: UInt64, of leaf: UInt32) {
            unsafe pointer(to: leaf).pointee.turn.store(turn, ordering: .relaxed)
        }

        /// Lets turns that begin before `time`, by at most half of all numbers, begin then.
        func bringTurnsForward(to time: UInt64) {
            for chunk in 0..<TreeHeader.chunkCount(levelCount: unsafe header.pointee.levelCount) {
                guard let leaves = unsafe header.pointee.chunks[chunk].load(ordering: .acquiring) else { return }
                for leaf in 0..<1 << chunkBits {
                    let turn = unsafe leaves[leaf].turn.load(ordering: .relaxed)
                    guard Int64(bitPattern: turn &- time) < 0 else { continue }
                    // One that is served meanwhile has a later turn.
                    _ = unsafe leaves[leaf].turn.compareExchange(
                        expected: turn, desired: time, ordering: .relaxed)
                }
            }
        }

        func addLoad(_ change: Int, to leaf: UInt32) {
            unsafe pointer(to: leaf).pointee.load.wrappingAdd(
                UInt64(bitPattern: Int64(change)), ordering: .sequentiallyConsistent)
        }

        /// Sets the weight; gives the one before.
        func exchangeWeight(_ weight: UInt64, of leaf: UInt32) -> UInt64 {
            unsafe pointer(to: leaf).pointee.weight.exchange(weight, ordering: .sequentiallyConsistent)
        }
    }
}
