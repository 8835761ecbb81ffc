/// What an Ethernet frame carries (IEEE 802 numbers).
public struct EtherType: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// The number on the wire.
    public var rawValue: UInt16

    /// The type of a number.
    @inline(__always)
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// IPv4 (RFC 894).
    public static var ipv4: EtherType { EtherType(rawValue: 0x0800) }
    /// The Address Resolution Protocol (RFC 826).
    public static var arp: EtherType { EtherType(rawValue: 0x0806) }
    /// A tag of IEEE 802.1Q.
    public static var vlan: EtherType { EtherType(rawValue: 0x8100) }
    /// IPv6 (RFC 2464).
    public static var ipv6: EtherType { EtherType(rawValue: 0x86DD) }
    /// A provider's tag of IEEE 802.1ad.
    public static var providerVLAN: EtherType { EtherType(rawValue: 0x88A8) }
}
