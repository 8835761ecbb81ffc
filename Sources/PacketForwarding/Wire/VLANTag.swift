/// An IEEE 802.1Q tag: priority, drop eligibility and VLAN.
public struct VLANTag: Hashable, Sendable, BitwiseCopyable {
    /// The tag control information: three bits of priority, one of drop eligibility, twelve of VLAN.
    public var control: UInt16

    /// The EtherType that announces the tag: 0x8100, or 0x88A8 for a provider's tag (IEEE 802.1ad).
    public var etherType: EtherType

    /// A tag of `control`.
    public init(control: UInt16, etherType: EtherType = .vlan) {
        self.control = control
        self.etherType = etherType
    }

    /// The VLAN, 0 for a tag of priority alone.
    public var identifier: UInt16 { control & 0x0FFF }
}
