/// The fixed header of IPv6 (RFC 8200 §3).
struct IPv6Header: BitwiseCopyable {
    enum Offset {
        static let versionClassAndLabel = 0
        static let payloadLength = 4
        static let nextHeader = 6
        static let hopLimit = 7
        static let source = 8
        static let destination = 24
        static let end = 40
    }

    /// Six bits of DSCP and two of ECN (RFC 2474, RFC 3168).
    let trafficClass: UInt8
    /// Bytes of the whole packet, this header included.
    let totalByteCount: Int
    let nextHeader: IPProtocol
    let hopLimit: UInt8
    let source: IPAddress
    let destination: IPAddress

    /// Reads the header at `offset`; `nil` if it is cut short or not IPv6.
    @inline(__always)
    init?(_ bytes: RawSpan, at offset: Int = 0) {
        guard bytes.byteCount &- offset >= Offset.end else { return nil }
        let first = bytes.bigEndian32(at: offset &+ Offset.versionClassAndLabel)
        guard first &>> 28 == 6 else { return nil }
        trafficClass = UInt8(truncatingIfNeeded: first &>> 20)
        totalByteCount = Int(bytes.bigEndian16(at: offset &+ Offset.payloadLength)) &+ Offset.end
        nextHeader = IPProtocol(rawValue: bytes.byte(at: offset &+ Offset.nextHeader))
        hopLimit = bytes.byte(at: offset &+ Offset.hopLimit)
        source = bytes.v6Address(at: offset &+ Offset.source)
        destination = bytes.v6Address(at: offset &+ Offset.destination)
    }
}
