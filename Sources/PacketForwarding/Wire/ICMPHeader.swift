/// The start of an ICMP or ICMPv6 message: type, code, checksum and four bytes that depend on the type (RFC 792,
/// RFC 4443 §2.1).
struct ICMPHeader: BitwiseCopyable {
    enum Offset {
        static let type = 0
        static let code = 1
        static let checksum = 2
        static let rest = 4
        static let end = 8
    }

    let type: UInt8
    let code: UInt8
    /// An echo's identifier and sequence number, an error's MTU or pointer.
    let rest: UInt32

    /// Reads the header at `offset`; `nil` if it is cut short.
    init?(_ bytes: RawSpan, at offset: Int, limit: Int) {
        guard limit &- offset >= Offset.end else { return nil }
        type = bytes.byte(at: offset &+ Offset.type)
        code = bytes.byte(at: offset &+ Offset.code)
        rest = bytes.bigEndian32(at: offset &+ Offset.rest)
    }
}
