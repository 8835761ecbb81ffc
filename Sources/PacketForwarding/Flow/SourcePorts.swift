import LoadBalancing

/// How much memory full NAT's sources take.
struct SourcePortShape: Hashable, Sendable {
    /// The most groups of ports: one for each set of source addresses, backend's address and port, and protocol.
    let groups: Int
    /// The most pages: 512 ports of one address each, of which at least one is in use or rests.
    let pages: Int
    /// The most ports whose release is remembered.
    let rests: Int

    init(groups: Int, pages: Int, rests: Int) {
        precondition(groups > 0 && pages > 0 && rests > 0, "sources need room for a group, a page and a rest at least")
        self.groups = groups
        self.pages = pages
        self.rests = rests
    }

    /// Room for the sources of `flows` flows, in 6 bytes each beside the lists of addresses.
    ///
    /// There is a page for sixteen flows, which is enough unless the flows are spread over so many groups and addresses
    /// that few of them share 512 ports.
    init(groups: Int, flows: Int) {
        self.init(groups: groups, pages: max(flows / 16, 1), rests: max(flows / 16, 1))
    }

    /// Bytes of memory that sources of this shape take.
    var byteCount: Int {
        var layout = TableLayout()
        _ = SourcePorts.Parts(self, &layout)
        return layout.byteCount
    }
}

/// Which sources full NAT may give to the flows of a group.
struct SourceRange: Hashable, Sendable {
    /// Places of our addresses in the lists of ``SourcePorts/setLists(_:)``.
    let addresses: ClosedRange<UInt16>
    let ports: ClosedRange<UInt16>
}

/// The sources of full NAT: an address of ours and a port, unique for a backend's address and port and a protocol.
///
/// The port that was unused the longest comes first. Ports that nobody used come in turn; then those that were
/// released, in the order of their release, each after its rest. What is kept in memory is only what is not plain: a
/// bit for each port in use or remembered, in pages that come and go, and the order of the last releases. If more are
/// released than can be remembered, the oldest count as never used: they are older than all others, though not in order
/// among themselves.
///
/// Taking and releasing take a few steps; only where nearly all ports of a group are in use, taking looks through its
/// pages, 128 an address.
struct SourcePorts {
    struct Parts {
        let groups, index, pages, rests, lists: Int

        init(_ shape: SourcePortShape, _ layout: inout TableLayout) {
            groups = layout.place(byteCount: shape.groups * SourceGroup.byteCount)
            index = layout.place(byteCount: ChunkedIndex.byteCount(for: shape.pages))
            pages = layout.place(byteCount: shape.pages * PortPages.pageByteCount)
            rests = layout.place(byteCount: shape.rests * RestingPorts.restByteCount)
            lists = layout.place(byteCount: SourcePorts.listsByteCount)
        }
    }

    let groups: TableMemory
    private(set) var pages: PortPages
    private(set) var resting: RestingPorts

    /// Two bytes for each place of an address.
    static let listsByteCount = 2 << 16

    /// The numbers of our addresses, by their places in the lists that groups have parts of; if not, places are numbers.
    private let lists: TableMemory
    private var hasLists = false

    /// How long a port rests after its release.
    var rest = FlowTimeout.none

    /// Sources in `memory`, none in use; no group has any to give.
    init(_ memory: TableMemory, _ shape: SourcePortShape, secret: SipKey) {
        var layout = TableLayout()
        let parts = Parts(shape, &layout)
        groups = memory.part(at: parts.groups, byteCount: shape.groups * SourceGroup.byteCount)
        for group in 0..<UInt32(shape.groups) { SourceGroup(groups, group).clear() }
        pages = PortPages(
            index: memory.part(at: parts.index, byteCount: ChunkedIndex.byteCount(for: shape.pages)),
            pages: memory.part(at: parts.pages, byteCount: shape.pages * PortPages.pageByteCount), secret: secret)
        resting = RestingPorts(
            memory.part(at: parts.rests, byteCount: shape.rests * RestingPorts.restByteCount))
        lists = memory.part(at: parts.lists, byteCount: Self.listsByteCount)
    }

    /// Says which addresses are at the places that groups name, up to 65,536: their numbers, one list behind the other.
    mutating func setLists(_ numbers: [UInt16]) {
        for (place, number) in numbers.prefix(Self.listsByteCount / 2).enumerated() {
            lists.store(number, at: 2 * place)
        }
        hasLists = true
    }

    /// Says which sources a group may give, and toward whom they are unique.
    ///
    /// Services that use the same sources toward the same endpoint share the group, which stays what it is.
    func configure(group: UInt32, _ range: SourceRange, endpoint: UInt32, transport: IPProtocol) {
        SourceGroup(groups, group).configure(range, endpoint: endpoint, transport: transport)
    }

    /// A group; `nil` if there is none of the number.
    func group(_ number: UInt32) -> SourceGroup? {
        guard Int(number) < groups.byteCount / SourceGroup.byteCount else { return nil }
        return SourceGroup(groups, number, lists: hasLists ? lists : nil)
    }

    /// Takes the source that was unused the longest; `nil` if none is free and has rested.
    mutating func take(from number: UInt32, now: FlowTime) -> FlowSource? {
        guard let group = group(number) else { return nil }
        if group.takenCount < group.count, let source = takeUnremembered(group) { return source }
        return resting.takeFirst(of: group, now: now, rest: rest)
    }

    /// Gives back a source; it rests from now on, if it is one that the group may give.
    mutating func release(_ source: FlowSource, to number: UInt32, now: FlowTime) {
        guard let group = group(number) else { return }
        guard group.place(of: source) != nil else { return pages.clear(source, of: group) }
        if let (source, number) = resting.makeRoom(groups), let group = self.group(number) {
            pages.clear(source, of: group)
            group.forget(source)
        }
        resting.append(source, of: group, now: now)
    }

    /// Takes this very source, be it one that the group gave when it was another; `false` if it is taken.
    mutating func occupy(_ source: FlowSource, of number: UInt32) -> Bool {
        guard let group = group(number), pages.takeFirst(from: source, through: source.port, of: group) != nil
        else { return false }
        if group.place(of: source) != nil { group.takenCount += 1 }
        return true
    }

    /// Makes up for the change of a backend from one group to another: nothing rests any more, and what flows have is given
    /// back to the other one.
    mutating func move(from old: UInt32, to new: UInt32, hasFlows: Bool) {
        if let group = group(old) { wake(group) }
        if hasFlows, let group = group(new) { group.takenCount = pages.takenCount(of: group) }
    }

    /// Forgets a group that no flow has sources of: another one gets its number.
    mutating func remove(group number: UInt32) {
        guard let group = group(number) else { return }
        wake(group)
        group.clear()
    }

    /// Has no source of a group rest any more.
    private mutating func wake(_ group: SourceGroup) {
        while let source = resting.forgetFirst(of: group) {
            pages.clear(source, of: group)
            group.forget(source)
        }
    }

    /// Takes the next source in turn that is neither in use nor remembered.
    private mutating func takeUnremembered(_ group: SourceGroup) -> FlowSource? {
        var place = group.turn
        for _ in 0...group.pageCount {
            let source = group.source(at: place)
            let last = group.lastPort(ofPageOf: source)
            if let taken = pages.takeFirst(from: source, through: last, of: group) {
                group.takenCount += 1
                group.turn = group.place(after: place &+ UInt32(taken.port &- source.port))
                return taken
            }
            place = group.place(after: place &+ UInt32(last &- source.port))
        }
        return nil
    }
}
