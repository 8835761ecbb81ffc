/// What an IP packet carries (IANA's protocol numbers).
public struct IPProtocol: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// The number on the wire.
    public var rawValue: UInt8

    /// The protocol of a number.
    @inline(__always)
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Hop-by-hop options of IPv6.
    static var hopByHop: IPProtocol { IPProtocol(rawValue: 0) }
    /// ICMP (RFC 792).
    static var icmp: IPProtocol { IPProtocol(rawValue: 1) }
    /// IPv4 inside of IP (RFC 2003).
    static var ipv4: IPProtocol { IPProtocol(rawValue: 4) }
    /// TCP (RFC 9293).
    public static var tcp: IPProtocol { IPProtocol(rawValue: 6) }
    /// UDP (RFC 768).
    public static var udp: IPProtocol { IPProtocol(rawValue: 17) }
    /// IPv6 inside of IP (RFC 2473, RFC 4213).
    static var ipv6: IPProtocol { IPProtocol(rawValue: 41) }
    /// The routing header of IPv6.
    static var routing: IPProtocol { IPProtocol(rawValue: 43) }
    /// The fragment header of IPv6.
    static var fragment: IPProtocol { IPProtocol(rawValue: 44) }
    /// Generic routing encapsulation (RFC 2784).
    static var gre: IPProtocol { IPProtocol(rawValue: 47) }
    /// ICMPv6 (RFC 4443).
    static var icmpv6: IPProtocol { IPProtocol(rawValue: 58) }
    /// Destination options of IPv6.
    static var destinationOptions: IPProtocol { IPProtocol(rawValue: 60) }

    /// Whether IPv6 walks over this header (RFC 8200 §4) in search of what the packet carries.
    @inline(__always)
    var isExtension: Bool {
        // Bits 0, 43, 44 and 60 of one word: one test instead of four.
        rawValue < 64 && (1 &<< 60 | 1 &<< 44 | 1 &<< 43 | 1) as UInt64 &>> UInt64(rawValue) & 1 != 0
    }
}
