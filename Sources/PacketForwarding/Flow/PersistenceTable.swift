import LoadBalancing

/// Which backend the clients of a prefix went to last, for services that send them there again: bounded and exact.
///
/// Whoever came last is remembered longest: where there is no room, the prefix gives way whose last new flow is the oldest.
struct PersistenceTable: ~Copyable {
    private struct Entry {
        var prefix: IPAddress
        var service: UInt16
        var backend: UInt32
        var deadline: FlowTime
        /// Neighbours in the order of the last new flow; those that are free link forwards only.
        var older: UInt32
        var newer: UInt32
    }

    private static let none = UInt32.max

    private let allocation: TableAllocation
    private let index: ChunkedIndex
    private let secret: SipKey
    private var entries: [Entry]
    private var oldest = Self.none
    private var newest = Self.none
    private var free: UInt32 = 0

    /// How many prefixes are remembered.
    private(set) var count = 0

    /// A table for `prefixes` at a time, at least one; its memory is taken at once.
    init(prefixes: Int, secret: SipKey) {
        precondition((1...1 << 24).contains(prefixes), "a persistence table holds 1 to 2²⁴ prefixes")
        allocation = TableAllocation(byteCount: ChunkedIndex.byteCount(for: prefixes))
        index = ChunkedIndex(clearing: allocation.memory)
        self.secret = secret
        let nobody = Entry(
            prefix: IPAddress(v4: 0), service: 0, backend: 0, deadline: FlowTime(ticks: 0), older: Self.none,
            newer: Self.none)
        entries = Array(repeating: nobody, count: prefixes)
        for place in entries.indices.dropLast() { entries[place].newer = UInt32(place + 1) }
    }

    /// The backend that clients of a prefix go to; `nil` if there is none, or its time is over.
    func backend(of prefix: IPAddress, service: UInt16, now: FlowTime) -> UInt32? {
        guard let place = find(prefix, service) else { return nil }
        let entry = entries[Int(place)]
        return entry.deadline.hasCome(by: now) ? nil : entry.backend
    }

    /// Says where a new flow of a prefix went; that is forgotten after `timeout`.
    mutating func note(_ backend: UInt32, of prefix: IPAddress, service: UInt16, timeout: FlowTimeout, now: FlowTime) {
        if let place = find(prefix, service) {
            unlink(place)
            write(backend, now + timeout, at: place)
            return
        }
        if free == Self.none { forget(oldest) }
        let place = free
        guard index.insert(place, hash(prefix, service)) else { return }
        free = entries[Int(place)].newer
        count += 1
        entries[Int(place)].prefix = prefix
        entries[Int(place)].service = service
        write(backend, now + timeout, at: place)
    }

    /// Forgets the oldest prefixes while their time is over, at most `budget`.
    mutating func expire(now: FlowTime, budget: Int) {
        for _ in 0..<max(budget, 0) {
            guard oldest != Self.none, entries[Int(oldest)].deadline.hasCome(by: now) else { return }
            forget(oldest)
        }
    }

    /// Forgets the prefixes that went to some backends.
    ///
    /// - Complexity: O(n) for n prefixes.
    mutating func forget(_ areMeant: (UInt32) -> Bool) {
        var place = oldest
        while place != Self.none {
            let next = entries[Int(place)].newer
            if areMeant(entries[Int(place)].backend) { forget(place) }
            place = next
        }
    }

    private func hash(_ prefix: IPAddress, _ service: UInt16) -> UInt64 {
        var hash = FlowHash(secret: secret)
        hash.absorb(prefix.high)
        hash.absorb(prefix.low)
        return hash.finish(UInt64(service), byteCount: 18)
    }

    private func find(_ prefix: IPAddress, _ service: UInt16) -> UInt32? {
        index.first(hash(prefix, service)) { place in
            entries[Int(place)].service == service && entries[Int(place)].prefix == prefix
        }
    }

    /// Puts an entry, which is in no order, behind all others.
    private mutating func write(_ backend: UInt32, _ deadline: FlowTime, at place: UInt32) {
        entries[Int(place)].backend = backend
        entries[Int(place)].deadline = deadline
        entries[Int(place)].older = newest
        entries[Int(place)].newer = Self.none
        if newest == Self.none { oldest = place } else { entries[Int(newest)].newer = place }
        newest = place
    }

    private mutating func unlink(_ place: UInt32) {
        let (older, newer) = (entries[Int(place)].older, entries[Int(place)].newer)
        if older == Self.none { oldest = newer } else { entries[Int(older)].newer = newer }
        if newer == Self.none { newest = older } else { entries[Int(newer)].older = older }
    }

    private mutating func forget(_ place: UInt32) {
        let entry = entries[Int(place)]
        index.remove(place, hash(entry.prefix, entry.service))
        unlink(place)
        entries[Int(place)].newer = free
        free = place
        count -= 1
    }
}

/// How clients of a service are remembered.
struct Persistence: Hashable, Sendable {
    private let v4Bits: Int
    private let v6Bits: Int
    let timeout: FlowTimeout

    init(_ configuration: PersistenceConfiguration) {
        v4Bits = configuration.ipv4PrefixLength
        v6Bits = configuration.ipv6PrefixLength
        timeout = FlowTimeout(.seconds(configuration.timeout))
    }

    /// What stands for a client, and for all that share its prefix.
    func prefix(of client: IPAddress) -> IPAddress {
        IPPrefix(client, bitCount: client.version == .v4 ? v4Bits : v6Bits)?.address ?? client
    }
}
