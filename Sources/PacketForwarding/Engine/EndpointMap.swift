import LoadBalancing

/// Numbers found by IPv4 addresses with port and protocol: an ``AddressMap`` whose keys are one word.
///
/// - Complexity: expected O(1); half of the places are free.
struct EndpointMap: Sendable {
    private struct Entry: BitwiseCopyable {
        var key: UInt64
        var value: UInt32
    }

    private static let absent: UInt32 = .max
    private let entries: FixedTable<Entry>
    private let shift: UInt64

    /// A map of `values`, those of IPv6 left out; of several with one key the first counts.
    init(_ values: [(end: Endpoint, transport: IPProtocol, value: UInt32)]) {
        let values = values.filter { $0.end.address.version == .v4 }
        var bits: UInt64 = 1
        while 1 << bits < 2 * values.count + 2 { bits += 1 }
        shift = 64 - bits
        var entries = Array(repeating: Entry(key: 0, value: Self.absent), count: 1 << bits)
        for (end, transport, value) in values {
            let key = Self.key(end.address.v4Bits, end.port, transport)
            var place = Self.place(of: key, shift)
            while entries[place].value != Self.absent, entries[place].key != key { place = (place + 1) % entries.count }
            if entries[place].value == Self.absent { entries[place] = Entry(key: key, value: value) }
        }
        self.entries = FixedTable(entries)
    }

    @inline(__always)
    private static func key(_ address: UInt32, _ port: UInt16, _ transport: IPProtocol) -> UInt64 {
        UInt64(address) | UInt64(port) &<< 32 | UInt64(transport.rawValue) &<< 48
    }

    @inline(__always)
    private static func place(of key: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }

    /// The number of an end; `nil` for one that is not here.
    @inline(__always)
    subscript(address: UInt32, port: UInt16, transport: IPProtocol) -> UInt32? {
        let key = Self.key(address, port, transport)
        var place = Self.place(of: key, shift)
        while true {
            let entry = entries[place]
            if entry.value == Self.absent { return nil }
            if entry.key == key { return entry.value }
            place = (place &+ 1) & (entries.count &- 1)
        }
    }
}
