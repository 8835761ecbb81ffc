/// A UDP header (RFC 768).
struct UDPHeader: BitwiseCopyable {
    enum Offset {
        static let sourcePort = 0
        static let destinationPort = 2
        static let length = 4
        static let checksum = 6
        static let end = 8
    }

    let sourcePort: UInt16
    let destinationPort: UInt16
    /// Bytes of the datagram, header included, as the sender says.
    let length: Int
    /// 0 for none.
    let checksum: UInt16

    /// Reads the header at `offset`; `nil` if it is cut short.
    ///
    /// - Parameters:
    ///   - bytes: The datagram, or the packet or frame that it lies in.
    ///   - offset: Where the header begins.
    ///   - limit: Where the packet ends: at most at the end of `bytes`.
    @inline(__always)
    init?(_ bytes: RawSpan, at offset: Int, limit: Int) {
        guard limit &- offset >= Offset.end else { return nil }
        sourcePort = bytes.bigEndian16(at: offset &+ Offset.sourcePort)
        destinationPort = bytes.bigEndian16(at: offset &+ Offset.destinationPort)
        length = Int(bytes.bigEndian16(at: offset &+ Offset.length))
        checksum = bytes.bigEndian16(at: offset &+ Offset.checksum)
    }
}
