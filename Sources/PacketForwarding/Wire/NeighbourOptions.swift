/// The options behind a message of neighbour discovery (RFC 4861 §4.6): the link addresses among them.
struct NeighbourOptions: BitwiseCopyable {
    enum Offset {
        /// From the start of the ICMPv6 message, a solicitation or an advertisement, to the first option.
        static let first = 24
        static let type = 0
        /// In units of eight bytes, type and length included.
        static let length = 1
        static let linkAddress = 2
    }

    /// The types of options that hold a link address.
    enum LinkAddress {
        static let source: UInt8 = 1
        static let target: UInt8 = 2
    }

    /// The link address of the message's sender, if it is told.
    private(set) var source: MACAddress?
    /// The link address of the target, if it is told.
    private(set) var target: MACAddress?

    /// Reads the options of the message that `packet` carries; `nil` if one of them is cut short or has no length, which makes
    /// the message invalid (RFC 4861 §7.1).
    ///
    /// - Parameters:
    ///   - bytes: The frame.
    ///   - packet: What the frame holds.
    init?(_ bytes: RawSpan, of packet: Packet) {
        var option = Int(packet.transportOffset) + Offset.first
        while option < packet.end {
            guard packet.end - option >= 8 else { return nil }
            let byteCount = Int(bytes.byte(at: option + Offset.length)) * 8
            guard byteCount > 0, byteCount <= packet.end - option else { return nil }
            let linkAddress = bytes.macAddress(at: option + Offset.linkAddress)
            switch bytes.byte(at: option + Offset.type) {
            case LinkAddress.source: source = source ?? linkAddress
            case LinkAddress.target: target = target ?? linkAddress
            default: break
            }
            option += byteCount
        }
    }
}
