import LoadBalancing

/// Numbers found by addresses and ports: what a configuration names, made once and never changed.
///
/// Its keys come from the configuration, not from packets, so nobody can crowd a place in it.
///
/// - Complexity: expected O(1); half of the places are free.
struct AddressMap: Sendable {
    private struct Entry: BitwiseCopyable {
        var key: Key
        var value: UInt32
    }

    /// An address with a port, and what else tells keys apart.
    struct Key: Hashable, Sendable, BitwiseCopyable {
        private let high: UInt64
        private let low: UInt64
        /// Port, protocol and IP version.
        private let detail: UInt32

        /// An address alone.
        @inline(__always)
        init(_ address: IPAddress) {
            self.init(address, port: 0, transport: IPProtocol(rawValue: 0))
        }

        /// An end of a flow of a protocol.
        @inline(__always)
        init(_ address: IPAddress, port: UInt16, transport: IPProtocol) {
            high = address.high
            low = address.low
            detail = UInt32(port) | UInt32(transport.rawValue) &<< 16 | UInt32(address.version.rawValue) &<< 24
        }

        @inline(__always)
        fileprivate var hash: UInt64 {
            let word = low ^ high &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(detail) &<< 32
            return (word ^ word &>> 29) &* 0xBF58_476D_1CE4_E5B9
        }
    }

    private static let absent: UInt32 = .max
    private let entries: FixedTable<Entry>
    private let shift: UInt64

    /// A map of `values`; of several with one key the first counts.
    init(_ values: [(key: Key, value: UInt32)]) {
        var bits: UInt64 = 1
        while 1 << bits < 2 * values.count + 2 { bits += 1 }
        shift = 64 - bits
        let nobody = Entry(key: Key(IPAddress(v4: 0)), value: Self.absent)
        var entries = Array(repeating: nobody, count: 1 << bits)
        for (key, value) in values {
            var place = Int(key.hash >> shift)
            while entries[place].value != Self.absent, entries[place].key != key { place = (place + 1) % entries.count }
            if entries[place].value == Self.absent { entries[place] = Entry(key: key, value: value) }
        }
        self.entries = FixedTable(entries)
    }

    /// The number of a key; `nil` for one that is not here.
    @inline(__always)
    subscript(key: Key) -> UInt32? {
        var place = Int(truncatingIfNeeded: key.hash &>> shift)
        while true {
            let entry = entries[place]
            if entry.value == Self.absent { return nil }
            if entry.key == key { return entry.value }
            place = (place &+ 1) & (entries.count &- 1)
        }
    }
}
