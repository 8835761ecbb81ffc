/// The sources that were released last, each group's in order, and all of them in order.
///
/// They stand in a ring, sixteen bytes each: whoever is the oldest of all is also the first of its group.
struct RestingPorts {
    private enum Offset {
        static let released = 0
        static let group = 4
        static let next = 8
        static let address = 12
        static let port = 14
        static let end = 16
    }

    static let restByteCount = Offset.end
    private static let none = UInt32.max

    private let memory: TableMemory
    /// The oldest one's number, and how many there are behind it, those that were taken meanwhile included.
    private var oldest: UInt32 = 0
    private var count: UInt32 = 0

    init(_ memory: TableMemory) {
        self.memory = memory
    }

    private var capacity: UInt32 { UInt32(clamping: memory.byteCount / Offset.end) }

    private func start(_ rest: UInt32) -> Int { Int(rest) * Offset.end }

    /// Remembers that a source was released; there must be room for it.
    mutating func append(_ source: FlowSource, of group: SourceGroup, now: FlowTime) {
        var rest = oldest + count
        if rest >= capacity { rest -= capacity }
        count += 1
        memory.store(now.ticks, at: start(rest) + Offset.released)
        memory.store(group.number, at: start(rest) + Offset.group)
        memory.store(Self.none, at: start(rest) + Offset.next)
        memory.store(source.address, at: start(rest) + Offset.address)
        memory.store(source.port, at: start(rest) + Offset.port)
        let (first, last) = group.rests
        if first == Self.none {
            group.rests = (rest, rest)
        } else {
            memory.store(rest, at: start(last) + Offset.next)
            group.rests = (first, rest)
        }
    }

    /// Forgets the oldest release if there is no room for another; gives its source and its group, unless that was
    /// taken meanwhile.
    mutating func makeRoom(_ groups: TableMemory) -> (FlowSource, group: UInt32)? {
        guard count == capacity else { return nil }
        let rest = oldest
        oldest = rest + 1 < capacity ? rest + 1 : 0
        count -= 1
        let number = memory.word32(at: start(rest) + Offset.group)
        guard number != Self.none else { return nil }
        return (removeFirst(of: SourceGroup(groups, number)), number)
    }

    /// Takes the source of a group that was released first, if it has rested.
    mutating func takeFirst(of group: SourceGroup, now: FlowTime, rest: FlowTimeout) -> FlowSource? {
        let first = group.rests.first
        guard first != Self.none,
            (FlowTime(ticks: memory.word32(at: start(first) + Offset.released)) + rest).hasCome(by: now)
        else { return nil }
        return removeFirst(of: group)
    }

    /// The source that ``takeFirst(of:now:rest:)`` would take.
    func peekFirst(of group: SourceGroup, now: FlowTime, rest: FlowTimeout) -> FlowSource? {
        let first = group.rests.first
        guard first != Self.none,
            (FlowTime(ticks: memory.word32(at: start(first) + Offset.released)) + rest).hasCome(by: now)
        else { return nil }
        return source(at: first)
    }

    /// Forgets the source of a group that was released first, and gives it; `nil` if there is none.
    mutating func forgetFirst(of group: SourceGroup) -> FlowSource? {
        group.rests.first == Self.none ? nil : removeFirst(of: group)
    }

    private func source(at rest: UInt32) -> FlowSource {
        FlowSource(
            address: memory.word16(at: start(rest) + Offset.address),
            port: memory.word16(at: start(rest) + Offset.port))
    }

    private func removeFirst(of group: SourceGroup) -> FlowSource {
        let (first, last) = group.rests
        let next = memory.word32(at: start(first) + Offset.next)
        group.rests = next == Self.none ? (Self.none, Self.none) : (next, last)
        memory.store(Self.none, at: start(first) + Offset.group)
        return source(at: first)
    }
}
