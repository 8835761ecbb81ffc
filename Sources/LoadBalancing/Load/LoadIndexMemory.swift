import Synchronization

/// The memory of a ``LoadIndex``: leaves, which never move, and the tree above them, which is replaced when it grows.
///
/// Invariant: chunks of leaves and trees, once published, live as long as this object; a leaf below `leafCount` has its
/// chunk, and the callers' leaves come from `reserve`. Old trees are kept, because a thread may still be playing in one;
/// together they are a third of the present one.
///
/// Facts, nodes and the tree's address are read and written sequentially consistently: that a disturbed match was played with
/// the newer facts needs a thread's own write to come before its reading of the node for all others as well, which
/// acquiring and releasing does not say (and ARM's acquiring loads do not do).
@safe
final class LoadIndexMemory: @unchecked Sendable {
    private struct Leaf: ~Copyable {
        let load = Atomic<UInt64>(0)
        let weight = Atomic<UInt64>(0)
        let turn = Atomic<UInt64>(0)
    }

    /// Children of a node, as a power of two.
    static let arityBits = 2
    /// Chunk 0 holds 64 leaves; chunk k > 0 the 64 · 2^(k−1) that follow.
    private static let firstChunkBits = 6
    private static let chunkCount = UInt32.bitWidth - firstChunkBits + 1

    private let chunks: UnsafeMutablePointer<Atomic<UInt>>
    private let leafCount = Atomic<UInt32>(0)
    private let treeAddress: Atomic<UInt>
    private var trees: [UnsafeMutablePointer<TreeHeader>]

    init() {
        unsafe chunks = .allocate(capacity: Self.chunkCount)
        for chunk in 0..<Self.chunkCount { unsafe (chunks + chunk).initialize(to: Atomic(0)) }
        let header = unsafe TreeHeader.make(levelCount: 1)
        unsafe trees = unsafe [header]
        treeAddress = Atomic(UInt(bitPattern: header))
    }

    deinit {
        for chunk in 0..<Self.chunkCount {
            let address = unsafe chunks[chunk].load(ordering: .relaxed)
            unsafe UnsafeMutablePointer<Leaf>(bitPattern: address)?.deallocate()
        }
        unsafe chunks.deallocate()
        for index in unsafe trees.indices { unsafe TreeHeader.destroy(trees[index]) }
    }

    // MARK: - Growth, by one thread at a time

    /// Makes room for leaves below `count`; `true` when a larger tree was put in place, whose nodes are all to be played.
    func reserve(leafCount count: UInt32) -> Bool {
        guard count > leafCount.load(ordering: .relaxed) else { return false }
        let (chunk, _) = Self.place(of: count - 1)
        if unsafe chunks[chunk].load(ordering: .relaxed) == 0 {
            let capacity = 1 << (Self.firstChunkBits + max(chunk - 1, 0))
            let base = UnsafeMutablePointer<Leaf>.allocate(capacity: capacity)
            for index in 0..<capacity { unsafe (base + index).initialize(to: Leaf()) }
            unsafe chunks[chunk].store(UInt(bitPattern: base), ordering: .releasing)
        }
        leafCount.store(count, ordering: .sequentiallyConsistent)
        let levelCount = tree.levelCount
        guard count > 1 << (levelCount * Self.arityBits) else { return false }
        let header = unsafe TreeHeader.make(levelCount: levelCount + 1)
        unsafe trees.append(header)
        treeAddress.store(UInt(bitPattern: header), ordering: .sequentiallyConsistent)
        return true
    }

    // MARK: - Leaves

    private static func place(of leaf: UInt32) -> (chunk: Int, offset: Int) {
        let bits = max(firstChunkBits, UInt32.bitWidth - leaf.leadingZeroBitCount)
        let chunk = bits - firstChunkBits
        return (chunk, Int(leaf) - (chunk == 0 ? 0 : 1 << (bits - 1)))
    }

    private func pointer(to leaf: UInt32) -> UnsafeMutablePointer<Leaf> {
        let (chunk, offset) = Self.place(of: leaf)
        let address = unsafe chunks[chunk].load(ordering: .acquiring)
        guard let base = unsafe UnsafeMutablePointer<Leaf>(bitPattern: address) else {
            preconditionFailure("a leaf that was never reserved")
        }
        return unsafe base + offset
    }

    /// What a match is decided by.
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

    func addLoad(_ change: Int, to leaf: UInt32) {
        unsafe pointer(to: leaf).pointee.load.wrappingAdd(
            UInt64(bitPattern: Int64(change)), ordering: .sequentiallyConsistent)
    }

    /// Sets the weight; gives the one before.
    func exchangeWeight(_ weight: UInt64, of leaf: UInt32) -> UInt64 {
        unsafe pointer(to: leaf).pointee.weight.exchange(weight, ordering: .sequentiallyConsistent)
    }

    // MARK: - Tree

    @safe
    private struct TreeHeader {
        let levelCount: Int
        let nodes: UnsafeMutablePointer<Atomic<UInt64>>

        /// A tree of n levels has 4ⁿ leaves below it and 4ⁿ / 4 + 4ⁿ / 16 + … + 1 nodes.
        static func nodeCount(levelCount: Int) -> Int { (1 << (levelCount * arityBits)) / 3 }

        static func make(levelCount: Int) -> UnsafeMutablePointer<TreeHeader> {
            let count = nodeCount(levelCount: levelCount)
            let nodes = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: count)
            for node in 0..<count { unsafe (nodes + node).initialize(to: Atomic(UInt64(LoadIndex.none))) }
            let header = UnsafeMutablePointer<TreeHeader>.allocate(capacity: 1)
            unsafe header.initialize(to: TreeHeader(levelCount: levelCount, nodes: nodes))
            return unsafe header
        }

        static func destroy(_ header: UnsafeMutablePointer<TreeHeader>) {
            unsafe header.pointee.nodes.deallocate()
            unsafe header.deallocate()
        }
    }

    /// The tree in force.
    var tree: Tree {
        let address = treeAddress.load(ordering: .sequentiallyConsistent)
        guard let header = unsafe UnsafeMutablePointer<TreeHeader>(bitPattern: address) else {
            preconditionFailure("an index always has a tree")
        }
        return unsafe Tree(memory: self, nodes: header.pointee.nodes, levelCount: header.pointee.levelCount)
    }

    @safe
    struct Tree {
        fileprivate unowned(unsafe) let memory: LoadIndexMemory
        fileprivate let nodes: UnsafeMutablePointer<Atomic<UInt64>>
        /// Levels of nodes; level 0 lies above the leaves and the root is alone on the last.
        let levelCount: Int

        /// The nodes of a level.
        func nodeCount(level: Int) -> Int { 1 << ((levelCount - 1 - level) * arityBits) }

        private func pointer(level: Int, node: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
            precondition(level < levelCount && node < nodeCount(level: level), "a node outside the tree")
            let all = 1 << (levelCount * arityBits)
            return unsafe nodes + ((all - all >> (level * arityBits)) / 3 + node)
        }

        /// A node: the winning leaf in the lower half, a version in the upper.
        func node(level: Int, _ node: Int) -> UInt64 {
            unsafe pointer(level: level, node: node).pointee.load(ordering: .sequentiallyConsistent)
        }

        func replace(level: Int, _ node: Int, expected: UInt64, desired: UInt64) -> Bool {
            unsafe pointer(level: level, node: node).pointee.compareExchange(
                expected: expected, desired: desired, ordering: .sequentiallyConsistent
            ).exchanged
        }

        /// The leaf that a child of a node of `level` stands for; `LoadIndex.none` if there is nobody below.
        func child(level: Int, _ child: Int) -> UInt32 {
            guard level > 0 else {
                let count = unsafe memory.leafCount.load(ordering: .sequentiallyConsistent)
                return child < Int(count) ? UInt32(truncatingIfNeeded: child) : LoadIndex.none
            }
            return UInt32(truncatingIfNeeded: node(level: level - 1, child))
        }
    }
}
