import LoadBalancing

/// Which source ports are taken: a bit each, in pages of 512 ports that exist only where a bit is set.
///
/// A page that is free holds the number of the next one where its bits were.
struct PortPages {
    enum Offset {
        static let key = 0
        static let bits = 8
        static let end = 72
    }

    static let pageByteCount = Offset.end
    static let portBits: UInt16 = 9
    static let portMask: UInt16 = 511

    private let index: ChunkedIndex
    let pages: TableMemory
    private let secret: SipKey
    /// Pages that were used so far, and the last of those that are free again.
    private var usedCount: UInt32 = 0
    private var lastFree = UInt32.max

    init(index: TableMemory, pages: TableMemory, secret: SipKey) {
        self.index = ChunkedIndex(clearing: index)
        self.pages = pages
        self.secret = secret
    }

    /// Takes the first free port from that of `source` on, of one page; `nil` if there is none, or no room for a page.
    mutating func takeFirst(from source: FlowSource, through last: UInt16, of group: SourceGroup) -> FlowSource? {
        guard let page = page(of: source, group) ?? addPage(of: source, group) else { return nil }
        var word = Int(source.port & Self.portMask) / 64
        var mask = UInt64.max << UInt64(source.port & 63)
        while word <= Int(last & Self.portMask) / 64 {
            let offset = page + Offset.bits + word * 8
            let free = ~pages.word64(at: offset) & mask
            if free != 0 {
                let bit = free.trailingZeroBitCount
                let port = source.port & ~Self.portMask | UInt16(word * 64 + bit)
                guard port <= last else { return nil }
                pages.store(pages.word64(at: offset) | 1 << UInt64(bit), at: offset)
                return FlowSource(address: source.address, port: port)
            }
            word += 1
            mask = .max
        }
        return nil
    }

    /// Makes the port of `source`, which is taken, free.
    mutating func clear(_ source: FlowSource, of group: SourceGroup) {
        guard let page = page(of: source, group) else { return }
        let offset = page + Offset.bits + Int(source.port & Self.portMask) / 64 * 8
        pages.store(pages.word64(at: offset) & ~(1 << UInt64(source.port & 63)), at: offset)
        guard isEmpty(page) else { return }
        let number = UInt32(page / Offset.end)
        index.remove(number, hash(key(of: source, group)))
        pages.store(lastFree, at: page + Offset.bits)
        lastFree = number
    }

    private func isEmpty(_ page: Int) -> Bool {
        for offset in stride(from: Offset.bits, to: Offset.end, by: 8) where pages.word64(at: page + offset) != 0 {
            return false
        }
        return true
    }

    /// How many ports of a group are taken.
    func takenCount(of group: SourceGroup) -> UInt32 {
        guard let ports = group.ports else { return 0 }
        var count: UInt32 = 0
        for address in group.addresses {
            for page in ports.lowerBound >> Self.portBits...ports.upperBound >> Self.portBits {
                let first = page << Self.portBits
                guard let place = self.page(of: FlowSource(address: address, port: first), group) else { continue }
                for port in max(first, ports.lowerBound)...min(first | Self.portMask, ports.upperBound) {
                    let word = pages.word64(at: place + Offset.bits + Int(port & Self.portMask) / 64 * 8)
                    count += UInt32(truncatingIfNeeded: word >> UInt64(port & 63) & 1)
                }
            }
        }
        return count
    }

    /// Where the page lies that the port of `source` is on.
    func page(of source: FlowSource, _ group: SourceGroup) -> Int? {
        let key = key(of: source, group)
        let number = index.first(hash(key)) { pages.word64(at: Int($0) * Offset.end + Offset.key) == key }
        return number.map { Int($0) * Offset.end }
    }

    private mutating func addPage(of source: FlowSource, _ group: SourceGroup) -> Int? {
        let hasFree = lastFree != .max
        let number = hasFree ? lastFree : usedCount
        let page = Int(number) * Offset.end
        guard page < pages.byteCount else { return nil }
        let key = key(of: source, group)
        guard index.insert(number, hash(key)) else { return nil }
        if hasFree { lastFree = pages.word32(at: page + Offset.bits) } else { usedCount += 1 }
        pages.part(at: page, byteCount: Offset.end).clear()
        pages.store(key, at: page + Offset.key)
        return page
    }

    /// What a page is known by: 32 bits of the endpoint, 16 of the address, 7 of the page, 8 of the protocol.
    private func key(of source: FlowSource, _ group: SourceGroup) -> UInt64 {
        UInt64(group.endpoint) | UInt64(source.address) << 32 | UInt64(source.port >> Self.portBits) << 48
            | UInt64(group.transport) << 55
    }

    private func hash(_ key: UInt64) -> UInt64 {
        var hash = FlowHash(secret: secret)
        hash.absorb(key)
        return hash.finish(0, byteCount: 8)
    }
}
