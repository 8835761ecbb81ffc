import LoadBalancing

/// Where the first fragment of a datagram went, so that the later ones can follow.
struct FragmentRoute: Hashable, Sendable, BitwiseCopyable {
    /// Whether it went to the backend, not to the client.
    var isToBackend: Bool
    /// The number of the service.
    var service: UInt16
    /// The number of the backend.
    var backend: UInt32
    /// The client.
    var client: IPAddress
    /// With full NAT the source that the flow is given.
    var source: FlowSource
    /// The hash of the flow.
    var flowHash: UInt64
}

/// The datagrams whose first fragment was seen lately: bounded and exact.
///
/// They stand in a ring in the order in which they came: where there is no room, the oldest gives way, in as many steps
/// as it takes to forget one. Nothing is kept of later fragments, which have to come behind the first one.
struct FragmentTable: ~Copyable {
    private enum Offset {
        static let source = 0
        static let destination = 16
        static let client = 32
        static let flowHash = 48
        static let identification = 56
        static let backend = 60
        static let service = 64
        static let sourceAddress = 66
        static let sourcePort = 68
        static let transport = 70
        /// The IP version of the fragments.
        static let version = 71
        static let clientVersion = 72
        static let isToBackend = 73
        static let deadline = 76
        static let end = 80
    }

    /// In place of a backend's number: the datagram goes nowhere any more.
    private static let nobody = UInt32.max

    private let allocation: TableAllocation
    private let index: ChunkedIndex
    private let entries: TableMemory
    private let secret: SipKey
    private let capacity: UInt32
    private var oldest: UInt32 = 0
    private var count: UInt32 = 0

    /// Bytes of memory that a table for `datagrams` takes.
    static func byteCount(for datagrams: Int) -> Int {
        ChunkedIndex.byteCount(for: datagrams) + datagrams * Offset.end
    }

    /// A table for `datagrams` at a time, at least one, in memory of its own.
    init(datagrams: Int, secret: SipKey) {
        precondition((1...1 << 24).contains(datagrams), "a fragment table holds 1 to 2²⁴ datagrams")
        let chunks = ChunkedIndex.byteCount(for: datagrams)
        allocation = TableAllocation(byteCount: Self.byteCount(for: datagrams))
        index = ChunkedIndex(clearing: allocation.memory.part(at: 0, byteCount: chunks))
        entries = allocation.memory.part(at: chunks, byteCount: datagrams * Offset.end)
        self.secret = secret
        capacity = UInt32(datagrams)
    }

    /// Says where a first fragment went; its datagram is forgotten after `timeout`.
    mutating func note(_ key: FragmentKey, _ route: FragmentRoute, timeout: FlowTimeout, now: FlowTime) {
        expire(now: now, budget: 2)
        let hash = key.hash(secret: secret)
        if let entry = find(key, hash) {
            write(key, route, now + timeout, at: entry)
            return
        }
        if count == capacity { forgetOldest() }
        let entry = (oldest + count) % capacity
        guard index.insert(entry, hash) else { return }
        count += 1
        write(key, route, now + timeout, at: entry)
    }

    /// Where the later fragments of a datagram go; `nil` if its first one was not seen, or its time is over.
    func route(_ key: FragmentKey, now: FlowTime) -> FragmentRoute? {
        guard let entry = find(key, key.hash(secret: secret)) else { return nil }
        let start = Int(entry) * Offset.end
        guard !deadline(at: start).hasCome(by: now), entries.word32(at: start + Offset.backend) != Self.nobody else {
            return nil
        }
        return FragmentRoute(
            isToBackend: entries.byte(at: start + Offset.isToBackend) != 0,
            service: entries.word16(at: start + Offset.service), backend: entries.word32(at: start + Offset.backend),
            client: address(at: start + Offset.client, version: entries.byte(at: start + Offset.clientVersion)),
            source: FlowSource(
                address: entries.word16(at: start + Offset.sourceAddress),
                port: entries.word16(at: start + Offset.sourcePort)),
            flowHash: entries.word64(at: start + Offset.flowHash))
    }

    /// Forgets the oldest datagrams while their time is over.
    ///
    /// To be called at times, so that none is kept until the clock has gone round.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - budget: The most datagrams to forget.
    mutating func expire(now: FlowTime, budget: Int) {
        for _ in 0..<budget {
            guard count > 0, deadline(at: Int(oldest) * Offset.end).hasCome(by: now) else { return }
            forgetOldest()
        }
    }

    /// Forgets where datagrams of some backends went.
    ///
    /// - Complexity: O(n) for n datagrams.
    mutating func forget(_ areMeant: (UInt32) -> Bool) {
        for place in 0..<count {
            let start = Int((oldest + place) % capacity) * Offset.end
            if areMeant(entries.word32(at: start + Offset.backend)) {
                entries.store(Self.nobody, at: start + Offset.backend)
            }
        }
    }

    private mutating func forgetOldest() {
        index.remove(oldest, key(at: Int(oldest) * Offset.end).hash(secret: secret))
        oldest = (oldest + 1) % capacity
        count -= 1
    }

    private func find(_ key: FragmentKey, _ hash: UInt64) -> UInt32? {
        index.first(hash) { self.key(at: Int($0) * Offset.end) == key }
    }

    private func deadline(at start: Int) -> FlowTime {
        FlowTime(ticks: entries.word32(at: start + Offset.deadline))
    }

    private func key(at start: Int) -> FragmentKey {
        let version = entries.byte(at: start + Offset.version)
        return FragmentKey(
            source: address(at: start + Offset.source, version: version),
            destination: address(at: start + Offset.destination, version: version),
            identification: entries.word32(at: start + Offset.identification),
            transport: IPProtocol(rawValue: entries.byte(at: start + Offset.transport)))
    }

    private func address(at offset: Int, version: UInt8) -> IPAddress {
        let low = entries.word64(at: offset + 8)
        return version == IPVersion.v4.rawValue
            ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6: entries.word64(at: offset), low)
    }

    private func write(_ key: FragmentKey, _ route: FragmentRoute, _ deadline: FlowTime, at entry: UInt32) {
        let start = Int(entry) * Offset.end
        write(key.source, at: start + Offset.source)
        write(key.destination, at: start + Offset.destination)
        write(route.client, at: start + Offset.client)
        entries.store(route.flowHash, at: start + Offset.flowHash)
        entries.store(key.identification, at: start + Offset.identification)
        entries.store(route.backend, at: start + Offset.backend)
        entries.store(route.service, at: start + Offset.service)
        entries.store(route.source.address, at: start + Offset.sourceAddress)
        entries.store(route.source.port, at: start + Offset.sourcePort)
        entries.store(byte: key.transport, at: start + Offset.transport)
        entries.store(byte: key.source.version.rawValue, at: start + Offset.version)
        entries.store(byte: route.client.version.rawValue, at: start + Offset.clientVersion)
        entries.store(byte: route.isToBackend ? 1 : 0, at: start + Offset.isToBackend)
        entries.store(deadline.ticks, at: start + Offset.deadline)
    }

    private func write(_ address: IPAddress, at offset: Int) {
        entries.store(address.high, at: offset)
        entries.store(address.low, at: offset + 8)
    }
}
