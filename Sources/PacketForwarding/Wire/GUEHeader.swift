/// What stands behind UDP in generic UDP encapsulation (draft-ietf-intarea-gue-09).
struct GUEHeader: BitwiseCopyable {
    enum Offset {
        static let variantAndLength = 0
        static let transport = 1
        static let flags = 2
        static let minimumEnd = 4
    }

    /// The port that IANA assigned.
    static let port: UInt16 = 6080

    /// Ports that a sender may choose from to spread flows over paths (RFC 7605 §8.2, the dynamic range).
    static let sourcePorts: ClosedRange<UInt16> = 49152...65535

    /// What follows: ``IPProtocol/ipv4``, ``IPProtocol/ipv6`` or another protocol.
    let transport: IPProtocol
    /// Bytes of the header: 0 for variant 1, in which an IP packet follows UDP directly.
    let byteCount: Int

    /// Reads the header at `offset`; `nil` if it is cut short, a control message, or has flags or an unknown variant.
    ///
    /// The two upper bits are the variant; in variant 1 they are the upper ones of the version of the packet that follows.
    init?(_ bytes: RawSpan, at offset: Int, limit: Int) {
        guard limit > offset else { return nil }
        let first = bytes.byte(at: offset &+ Offset.variantAndLength)
        switch first &>> 6 {
        case 0:
            // The bit below the variant marks control messages, the other five count words of extensions.
            byteCount = Offset.minimumEnd &+ Int(first & 0x1F) &* 4
            guard first & 0x20 == 0, limit &- offset >= byteCount,
                bytes.bigEndian16(at: offset &+ Offset.flags) == 0
            else { return nil }
            transport = IPProtocol(rawValue: bytes.byte(at: offset &+ Offset.transport))
        case 1:
            byteCount = 0
            switch first &>> 4 {
            case 4: transport = .ipv4
            case 6: transport = .ipv6
            default: return nil
            }
        default: return nil
        }
    }
}
