/// The links that a flow can be in at a time, by where they lie in it.
enum FlowLink: Int, Sendable {
    /// Flows that the timing wheel visits at one time.
    case timer = 40
    /// Half-open flows in the order in which they began.
    case order = 48
    /// The same of one service; later the flows of one backend.
    case group = 56
}

/// Lists of flows that run through the flows themselves, forwards and backwards: whatever is done takes the same few steps.
///
/// A list is a ring: behind its last flow and before its first one lies its head, which links like a flow do but has a
/// number of its own. A flow that is in no list links to itself, so it can be taken out once more.
struct FlowLists {
    /// The bit that tells heads from flows.
    private static let headBit: UInt32 = 0x8000_0000

    private let entries: TableMemory
    /// Eight bytes a list: what comes next (the first flow), and what came before (the last one).
    private let heads: TableMemory

    static let headByteCount = 8

    /// The lists whose heads lie in `heads`, all empty.
    init(entries: TableMemory, heads: TableMemory) {
        self.entries = entries
        self.heads = heads
        for list in 0..<heads.byteCount / Self.headByteCount {
            let head = Self.headBit | UInt32(truncatingIfNeeded: list)
            heads.store(Self.links(head, head), at: list * Self.headByteCount)
        }
    }

    /// Next below, before above.
    @inline(__always)
    private static func links(_ next: UInt32, _ before: UInt32) -> UInt64 {
        UInt64(next) | UInt64(before) &<< 32
    }

    @inline(__always)
    private func place(_ node: UInt32, _ link: FlowLink) -> (memory: TableMemory, offset: Int) {
        if node & Self.headBit != 0 {
            return (heads, Int(truncatingIfNeeded: node & ~Self.headBit) &* Self.headByteCount)
        }
        return (entries, Int(truncatingIfNeeded: node) &* FlowEntries.Offset.end &+ link.rawValue)
    }

    @inline(__always)
    private func next(_ node: UInt32, _ link: FlowLink) -> UInt32 {
        let (memory, offset) = place(node, link)
        return memory.word32(at: offset)
    }

    @inline(__always)
    private func setNext(_ node: UInt32, _ link: FlowLink, to next: UInt32) {
        let (memory, offset) = place(node, link)
        memory.store(next, at: offset)
    }

    @inline(__always)
    private func setBefore(_ node: UInt32, _ link: FlowLink, to before: UInt32) {
        let (memory, offset) = place(node, link)
        memory.store(before, at: offset &+ 4)
    }

    /// The first flow of a list.
    @inline(__always)
    func first(of list: Int) -> UInt32? {
        let next = heads.word32(at: list &* Self.headByteCount)
        return next & Self.headBit == 0 ? next : nil
    }

    /// The flow behind `position` in its list.
    @inline(__always)
    func next(after position: UInt32, _ link: FlowLink) -> UInt32? {
        let next = next(position, link)
        return next & Self.headBit == 0 ? next : nil
    }

    /// Puts a flow, which is in no list by this link, at the end of one.
    @inline(__always)
    func append(_ position: UInt32, to list: Int, _ link: FlowLink) {
        let head = Self.headBit | UInt32(truncatingIfNeeded: list)
        let last = heads.word32(at: list &* Self.headByteCount &+ 4)
        entries.store(Self.links(head, last), at: place(position, link).offset)
        setNext(last, link, to: position)
        heads.store(position, at: list &* Self.headByteCount &+ 4)
    }

    /// Puts a flow, which is in no list by this link, at the beginning of one.
    func prepend(_ position: UInt32, to list: Int, _ link: FlowLink) {
        let head = Self.headBit | UInt32(truncatingIfNeeded: list)
        let first = heads.word32(at: list &* Self.headByteCount)
        entries.store(Self.links(first, head), at: place(position, link).offset)
        setBefore(first, link, to: position)
        heads.store(position, at: list &* Self.headByteCount)
    }

    /// Takes a flow out of its list, if it is in one.
    @inline(__always)
    func remove(_ position: UInt32, _ link: FlowLink) {
        let offset = place(position, link).offset
        let links = entries.word64(at: offset)
        let next = UInt32(truncatingIfNeeded: links)
        let before = UInt32(truncatingIfNeeded: links &>> 32)
        setNext(before, link, to: next)
        setBefore(next, link, to: before)
        entries.store(Self.links(position, position), at: offset)
    }

    /// Whether a flow is in no list by this link.
    @inline(__always)
    func isIsolated(_ position: UInt32, _ link: FlowLink) -> Bool {
        next(position, link) == position
    }
}
