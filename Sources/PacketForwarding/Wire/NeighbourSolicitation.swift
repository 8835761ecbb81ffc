/// A question who has an IPv6 address (RFC 4861 §4.3), found valid (RFC 4861 §7.1.1).
struct NeighbourSolicitation: BitwiseCopyable {
    enum Offset {
        /// From the start of the ICMPv6 message.
        static let target = 8
    }

    /// Only what was sent on this very link arrives with it (RFC 4861 §7.1.1).
    static let hopLimit: UInt8 = 255

    let target: IPAddress

    /// Whether the sender has no address yet and asks whether it may take this one (RFC 4862 §5.4).
    let isProbe: Bool

    /// The address that is asked for, without a look at the rest.
    ///
    /// - Parameters:
    ///   - bytes: The frame.
    ///   - packet: What the frame holds.
    /// - Returns: `nil` if that is no solicitation, or it is cut short before the end of the address.
    static func target(_ bytes: RawSpan, of packet: Packet) -> IPAddress? {
        let target = Int(packet.transportOffset) + Offset.target
        guard ICMPHeader(bytes, of: packet)?.type == .neighbourSolicitation, packet.end - target >= 16 else {
            return nil
        }
        return bytes.v6Address(at: target)
    }

    /// Reads the solicitation that `packet` carries; `nil` if it carries none, or an invalid one.
    ///
    /// - Parameters:
    ///   - bytes: The frame.
    ///   - packet: What the frame holds.
    init?(_ bytes: RawSpan, of packet: Packet) {
        let message = Int(packet.transportOffset)
        guard packet.hopLimit == Self.hopLimit, let target = Self.target(bytes, of: packet), !target.isMulticast,
            bytes.byte(at: message + ICMPHeader.Offset.code) == 0, packet.hasValidICMPChecksum(bytes)
        else { return nil }
        self.target = target
        isProbe = packet.source.isUnspecified
        guard let options = NeighbourOptions(bytes, of: packet) else { return nil }
        if isProbe, packet.destination != target.solicitedNode || options.source != nil { return nil }
    }
}
