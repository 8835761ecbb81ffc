/// The control bits of a TCP segment (RFC 9293 §3.1).
struct TCPFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
    var rawValue: UInt8

    static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
    static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
    static var rst: TCPFlags { TCPFlags(rawValue: 0x04) }
    static var psh: TCPFlags { TCPFlags(rawValue: 0x08) }
    static var ack: TCPFlags { TCPFlags(rawValue: 0x10) }
    static var urg: TCPFlags { TCPFlags(rawValue: 0x20) }
    static var ece: TCPFlags { TCPFlags(rawValue: 0x40) }
    static var cwr: TCPFlags { TCPFlags(rawValue: 0x80) }
}

/// A TCP header (RFC 9293 §3.1).
struct TCPHeader: BitwiseCopyable {
    enum Offset {
        static let sourcePort = 0
        static let destinationPort = 2
        static let sequence = 4
        static let acknowledgement = 8
        static let dataOffset = 12
        static let flags = 13
        static let window = 14
        static let checksum = 16
        static let minimumEnd = 20
    }

    let sourcePort: UInt16
    let destinationPort: UInt16
    let sequence: UInt32
    let acknowledgement: UInt32
    /// Bytes from the start of the header to the data: 20 to 60.
    let byteCount: Int
    let flags: TCPFlags

    /// Reads the header at `offset`; `nil` if it is cut short, or its length is impossible.
    ///
    /// - Parameters:
    ///   - bytes: The segment, or the packet or frame that it lies in.
    ///   - offset: Where the header begins.
    ///   - limit: Where the segment ends: at most at the end of `bytes`.
    @inline(__always)
    init?(_ bytes: RawSpan, at offset: Int, limit: Int) {
        guard limit &- offset >= Offset.minimumEnd else { return nil }
        byteCount = Int(bytes.byte(at: offset &+ Offset.dataOffset) &>> 4) &* 4
        guard byteCount >= Offset.minimumEnd, byteCount <= limit &- offset else { return nil }
        sourcePort = bytes.bigEndian16(at: offset &+ Offset.sourcePort)
        destinationPort = bytes.bigEndian16(at: offset &+ Offset.destinationPort)
        sequence = bytes.bigEndian32(at: offset &+ Offset.sequence)
        acknowledgement = bytes.bigEndian32(at: offset &+ Offset.acknowledgement)
        flags = TCPFlags(rawValue: bytes.byte(at: offset &+ Offset.flags))
    }
}
