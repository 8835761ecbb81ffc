/// A group of source ports, 32 bytes: which there are, whose turn it is, and which were released.
struct SourceGroup {
    private enum Offset {
        static let endpoint = 0
        static let turn = 4
        static let takenCount = 8
        static let firstRest = 12
        static let lastRest = 16
        static let firstAddress = 20
        static let addressCount = 22
        static let firstPort = 24
        static let transport = 26
        static let portCount = 28
        static let end = 32
    }

    static let byteCount = Offset.end

    private let memory: TableMemory
    let number: UInt32
    /// The numbers of addresses by their places in lists; `nil` where places are numbers.
    private let lists: TableMemory?

    init(_ groups: TableMemory, _ number: UInt32, lists: TableMemory? = nil) {
        memory = groups.part(at: Int(number) * Offset.end, byteCount: Offset.end)
        self.number = number
        self.lists = lists
    }

    /// Has no sources.
    func clear() {
        memory.clear()
        rests = (.max, .max)
    }

    func configure(_ range: SourceRange, endpoint: UInt32, transport: IPProtocol) {
        clear()
        memory.store(endpoint, at: Offset.endpoint)
        memory.store(range.addresses.lowerBound, at: Offset.firstAddress)
        memory.store(UInt16(clamping: range.addresses.count), at: Offset.addressCount)
        memory.store(range.ports.lowerBound, at: Offset.firstPort)
        memory.store(byte: transport.rawValue, at: Offset.transport)
        memory.store(UInt32(range.ports.count), at: Offset.portCount)
    }

    /// The number of the backend's address and port.
    var endpoint: UInt32 { memory.word32(at: Offset.endpoint) }
    /// The protocol.
    var transport: UInt8 { memory.byte(at: Offset.transport) }
    /// Sources that there are, of all addresses.
    var count: UInt32 { UInt32(memory.word16(at: Offset.addressCount)) &* portCount }

    /// The place of the source whose turn it is: counted port by port, address by address.
    var turn: UInt32 {
        get { memory.word32(at: Offset.turn) }
        nonmutating set { memory.store(newValue, at: Offset.turn) }
    }

    /// Sources that are in use or whose release is remembered.
    var takenCount: UInt32 {
        get { memory.word32(at: Offset.takenCount) }
        nonmutating set { memory.store(newValue, at: Offset.takenCount) }
    }

    /// The first and the last source of those whose release is remembered, by their numbers; all ones for none.
    var rests: (first: UInt32, last: UInt32) {
        get { (memory.word32(at: Offset.firstRest), memory.word32(at: Offset.lastRest)) }
        nonmutating set {
            memory.store(newValue.first, at: Offset.firstRest)
            memory.store(newValue.last, at: Offset.lastRest)
        }
    }

    private var firstAddress: UInt16 { memory.word16(at: Offset.firstAddress) }
    private var firstPort: UInt16 { memory.word16(at: Offset.firstPort) }
    private var portCount: UInt32 { memory.word32(at: Offset.portCount) }

    /// Counts a source out, which is neither in use nor remembered any more.
    func forget(_ source: FlowSource) {
        // Where all others are taken, a search need not go far.
        if takenCount == count, let place = place(of: source) { turn = place }
        if takenCount > 0 { takenCount -= 1 }
    }

    /// The number of the address at an index.
    private func address(at index: UInt32) -> UInt16 {
        let place = firstAddress &+ UInt16(truncatingIfNeeded: index)
        return lists?.word16(at: 2 * Int(place)) ?? place
    }

    /// The source at a place.
    func source(at place: UInt32) -> FlowSource {
        let (index, port) = place.quotientAndRemainder(dividingBy: portCount)
        return FlowSource(address: address(at: index), port: firstPort &+ UInt16(truncatingIfNeeded: port))
    }

    /// The place of a source; `nil` if it is not of this group.
    func place(of source: FlowSource) -> UInt32? {
        guard source.port >= firstPort, UInt32(source.port - firstPort) < portCount else { return nil }
        let index = (0..<UInt32(memory.word16(at: Offset.addressCount))).first { address(at: $0) == source.address }
        return index.map { $0 * portCount + UInt32(source.port - firstPort) }
    }

    /// The ports of each address.
    var ports: ClosedRange<UInt16>? {
        portCount > 0 ? firstPort...firstPort &+ UInt16(truncatingIfNeeded: portCount &- 1) : nil
    }

    /// The numbers of the addresses.
    var addresses: [UInt16] { (0..<UInt32(memory.word16(at: Offset.addressCount))).map { address(at: $0) } }

    /// The place behind one, round and round.
    func place(after place: UInt32) -> UInt32 {
        place &+ 1 < count ? place &+ 1 : 0
    }

    /// The last port of the page of a source that is of this group.
    func lastPort(ofPageOf source: FlowSource) -> UInt16 {
        min(source.port | PortPages.portMask, firstPort &+ UInt16(truncatingIfNeeded: portCount &- 1))
    }

    /// Pages that the sources are spread over.
    var pageCount: Int {
        let last = Int(firstPort) + Int(portCount) - 1
        let pages = last >> PortPages.portBits - Int(firstPort) >> PortPages.portBits + 1
        return pages * Int(memory.word16(at: Offset.addressCount))
    }
}
