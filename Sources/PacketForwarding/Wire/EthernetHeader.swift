/// An Ethernet II header with at most one tag in the frame itself (IEEE 802.3, 802.1Q).
struct EthernetHeader: BitwiseCopyable {
    enum Offset {
        static let destination = 0
        static let source = 6
        static let etherType = 12
        static let untaggedEnd = 14
        static let tagControl = 14
        static let taggedEtherType = 16
        static let taggedEnd = 18
    }

    /// Bytes of a tag: the EtherType that announces it, and its control information.
    static let tagByteCount = 4

    let destination: MACAddress
    let source: MACAddress

    /// What the frame carries; behind a tag in the frame, what that carries.
    let etherType: EtherType

    /// Bytes to what the frame carries: 14, or 18 behind a tag in the frame.
    let byteCount: Int

    /// Whether a tag stands in the frame.
    var hasTag: Bool { byteCount == Offset.taggedEnd }

    /// Reads the header at the start of `frame`; `nil` if it is cut short.
    ///
    /// - Parameters:
    ///   - frame: The frame from its destination on.
    ///   - tag: The tag that was taken out of the frame. Whatever tag still stands in it is then a second one, and
    ///     is taken for what the frame carries.
    @inline(__always)
    init?(_ frame: RawSpan, tag: VLANTag? = nil) {
        guard frame.byteCount >= Offset.untaggedEnd else { return nil }
        destination = frame.macAddress(at: Offset.destination)
        source = frame.macAddress(at: Offset.source)
        let outer = EtherType(rawValue: frame.bigEndian16(at: Offset.etherType))
        if outer == .vlan, tag == nil {
            guard frame.byteCount >= Offset.taggedEnd else { return nil }
            etherType = EtherType(rawValue: frame.bigEndian16(at: Offset.taggedEtherType))
            byteCount = Offset.taggedEnd
        } else {
            etherType = outer
            byteCount = Offset.untaggedEnd
        }
    }
}
