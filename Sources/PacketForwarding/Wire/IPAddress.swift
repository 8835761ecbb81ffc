/// The version of the Internet Protocol that a packet or an address is of.
public enum IPVersion: UInt8, Sendable, BitwiseCopyable {
    /// IPv4 (RFC 791).
    case v4 = 4
    /// IPv6 (RFC 8200).
    case v6 = 6
}

/// An IPv4 or IPv6 address.
///
/// Both kinds have the same form, two words, so that tables and sums need not tell them apart. They never mix: an IPv4
/// address is not equal to the IPv6 address that maps it.
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    /// The first eight bytes as a number; 0 for IPv4.
    public let high: UInt64

    /// The last eight bytes as a number; for IPv4 its four bytes behind 0xFFFF, as in an IPv4-mapped address.
    public let low: UInt64

    /// Which kind of address this is.
    public let version: IPVersion

    /// The IPv4 address whose bytes, the first one uppermost, are those of a number.
    @inline(__always)
    public init(v4 bits: UInt32) {
        high = 0
        low = 0xFFFF_0000_0000 | UInt64(bits)
        version = .v4
    }

    /// The IPv6 address of two numbers, the first eight bytes and the last eight.
    @inline(__always)
    public init(v6 high: UInt64, _ low: UInt64) {
        self.high = high
        self.low = low
        version = .v6
    }

    /// The four bytes of an IPv4 address as a number; the last four of an IPv6 address.
    @inline(__always)
    public var v4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// Bits of an address of this kind: 32 or 128.
    public var bitWidth: Int { version == .v4 ? 32 : 128 }

    /// Whether the address says that there is none: `0.0.0.0` or `::`.
    public var isUnspecified: Bool { version == .v4 ? v4Bits == 0 : high | low == 0 }

    /// Whether the address means a group of hosts.
    public var isMulticast: Bool { version == .v4 ? v4Bits >> 28 == 0xE : high >> 56 == 0xFF }

    /// Whether the address means something on its own link alone: `169.254.0.0/16` (RFC 3927) or `fe80::/10` (RFC 4291).
    var isLinkLocal: Bool { version == .v4 ? v4Bits >> 16 == 0xA9FE : high >> 54 == 0x3FA }

    /// All nodes of the link, `ff02::1` (RFC 4291 §2.7.1).
    static var allNodes: IPAddress { IPAddress(v6: 0xFF02_0000_0000_0000, 1) }

    /// The group that is asked for an IPv6 address by neighbour solicitations (RFC 4291 §2.7.1).
    var solicitedNode: IPAddress {
        IPAddress(v6: 0xFF02_0000_0000_0000, 0x1_FF00_0000 | low & 0xFF_FFFF)
    }
}

/// An address and a port: one end of a flow.
public struct Endpoint: Hashable, Sendable, BitwiseCopyable {
    /// The host.
    public var address: IPAddress
    /// The TCP or UDP port.
    public var port: UInt16

    /// The end at `port` of `address`.
    @inline(__always)
    public init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }
}
