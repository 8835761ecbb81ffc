/// The start of an ICMP or ICMPv6 message: type, code, checksum and four bytes that depend on the type (RFC 792,
/// RFC 4443 §2.1).
struct ICMPHeader: BitwiseCopyable {
    enum Offset {
        static let type = 0
        static let code = 1
        static let checksum = 2
        /// An echo's identifier and sequence number, an error's MTU or pointer.
        static let rest = 4
        static let end = 8
    }

    let type: ICMPType
    let code: UInt8
    let rest: UInt32

    /// Reads the header of the message that `packet` carries; `nil` if it carries none, or the middle of one.
    ///
    /// - Parameters:
    ///   - bytes: The frame.
    ///   - packet: What the frame holds.
    init?(_ bytes: RawSpan, of packet: Packet) {
        let offset = Int(packet.transportOffset)
        guard packet.carriesICMP, packet.part != .later, packet.end - offset >= Offset.end else { return nil }
        type = ICMPType(version: packet.version, number: bytes.byte(at: offset + Offset.type))
        code = bytes.byte(at: offset + Offset.code)
        rest = bytes.bigEndian32(at: offset + Offset.rest)
    }

    /// The MTU that a "packet too big" or "fragmentation needed" tells (RFC 4443 §3.2, RFC 1191 §4); `nil` for others.
    var mtu: Int? {
        switch type {
        case .packetTooBig: Int(rest)
        case .unreachable(.v4) where code == ICMPType.fragmentationNeeded: Int(rest & 0xFFFF)
        default: nil
        }
    }
}
