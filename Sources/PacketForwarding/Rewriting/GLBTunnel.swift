public import LoadBalancing

/// What GLB Director puts between the outer UDP header and a packet: the hosts that the packet visits one after the other
/// until one of them knows its connection.
///
/// - Note: github/glb-director at a62d37ea (2026-06): GUE variant 0 with private data.
public struct GLBHeader: Hashable, Sendable {
    /// The UDP port of GLB's tunnels.
    public static let port: UInt16 = 19_523
    /// The most hosts behind the first one.
    public static let longestChain = 4

    /// The hosts behind the first one, which is the outer destination.
    public let hops: [IPAddress]
    /// Which version the packet has.
    public let version: IPVersion

    /// The header of a packet; `nil` if there are too many hops, or one has not IPv4.
    public init?(hops: [IPAddress], around version: IPVersion) {
        guard hops.count <= Self.longestChain, hops.allSatisfy({ $0.version == .v4 }) else { return nil }
        self.hops = hops
        self.version = version
    }

    /// The bytes, from the GUE header to the last hop.
    public var bytes: [UInt8] {
        let words = UInt8(1 + hops.count)
        let transport: IPProtocol = version == .v4 ? .ipv4 : .ipv6
        // Variant 0 without flags; private data of type 0, next hop 0, and how many hops there are.
        let fixed: [UInt8] = [words, transport.rawValue, 0, 0, 0, 0, 0, UInt8(hops.count)]
        return hops.reduce(into: fixed) { bytes, hop in
            for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: hop.v4Bits >> shift)) }
        }
    }

    /// The source port of the outer UDP header: from 32,768 on, by the hash of the flow and the client's port.
    public static func sourcePort(hash: UInt64, clientPort: UInt16) -> UInt16 {
        0x8000 | (UInt16(truncatingIfNeeded: hash) ^ clientPort) & 0x7FFF
    }
}

/// Which hosts GLB Director sends the packets of a row to, in which order.
public enum GLBRendezvous {
    /// The seed of a row, by which its hosts are ordered.
    public static func rowSeed(_ row: UInt32, table seed: SipKey) -> UInt64 {
        hash(bigEndian(UInt64(row), count: 4), seed)
    }

    /// All hosts in the order of a row: the first is its primary, the second its secondary.
    ///
    /// - Complexity: O(n log n) for n hosts.
    public static func order(_ hosts: [IPAddress], row: UInt32, table seed: SipKey) -> [IPAddress] {
        let rowSeed = bigEndian(rowSeed(row, table: seed), count: 8)
        return hosts.map { host in
            let address =
                host.version == .v4
                ? bigEndian(UInt64(host.v4Bits), count: 4)
                : bigEndian(host.high, count: 8) + bigEndian(host.low, count: 8)
            return (host, hash(rowSeed + address, seed))
        }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// SipHash-2-4, its bytes read as a big-endian number.
    private static func hash(_ bytes: [UInt8], _ seed: SipKey) -> UInt64 {
        // Every bit pattern is a byte.
        unsafe SipHash24.hash(bytes.span.bytes, seed: seed).byteSwapped
    }

    private static func bigEndian(_ number: UInt64, count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
    }
}
