/// The fixed part of an IPv4 header (RFC 791 §3.1).
struct IPv4Header: BitwiseCopyable {
    enum Offset {
        static let versionAndLength = 0
        static let trafficClass = 1
        static let totalLength = 2
        static let identification = 4
        static let fragment = 6
        static let timeToLive = 8
        static let transport = 9
        static let checksum = 10
        static let source = 12
        static let destination = 16
        static let minimumEnd = 20
    }

    /// Bits of the field at ``Offset/fragment``.
    enum Fragment {
        static let dontFragment: UInt16 = 0x4000
        static let moreFragments: UInt16 = 0x2000
        static let offsetMask: UInt16 = 0x1FFF
    }

    /// Bytes from the start of the header to what it carries; right as long as ``isConsistent(within:)``.
    let byteCount: Int
    /// Bytes of the whole packet.
    let totalByteCount: Int
    /// Six bits of DSCP and two of ECN (RFC 2474, RFC 3168).
    let trafficClass: UInt8
    let identification: UInt16
    /// Three flags and the offset in units of eight bytes.
    let fragment: UInt16
    let timeToLive: UInt8
    let transport: IPProtocol
    let source: UInt32
    let destination: UInt32

    /// Reads the header at `offset`; `nil` if its fixed part is cut short or it is not IPv4.
    @inline(__always)
    init?(_ bytes: RawSpan, at offset: Int = 0) {
        guard bytes.byteCount &- offset >= Offset.minimumEnd else { return nil }
        let first = bytes.byte(at: offset &+ Offset.versionAndLength)
        guard first &>> 4 == 4 else { return nil }
        byteCount = Int(first & 0x0F) &* 4
        totalByteCount = Int(bytes.bigEndian16(at: offset &+ Offset.totalLength))
        trafficClass = bytes.byte(at: offset &+ Offset.trafficClass)
        identification = bytes.bigEndian16(at: offset &+ Offset.identification)
        fragment = bytes.bigEndian16(at: offset &+ Offset.fragment)
        timeToLive = bytes.byte(at: offset &+ Offset.timeToLive)
        transport = IPProtocol(rawValue: bytes.byte(at: offset &+ Offset.transport))
        source = bytes.bigEndian32(at: offset &+ Offset.source)
        destination = bytes.bigEndian32(at: offset &+ Offset.destination)
    }

    /// Whether header, packet and the `available` bytes from the header's start on fit into one another.
    @inline(__always)
    func isConsistent(within available: Int) -> Bool {
        byteCount >= Offset.minimumEnd && byteCount <= totalByteCount && totalByteCount <= available
    }

    var dontFragment: Bool { fragment & Fragment.dontFragment != 0 }
    var moreFragments: Bool { fragment & Fragment.moreFragments != 0 }
    /// Bytes of the datagram's payload before this fragment.
    var fragmentOffset: Int { Int(fragment & Fragment.offsetMask) &* 8 }
    /// Whether this is a part of a datagram.
    @inline(__always)
    var isFragment: Bool { fragment & (Fragment.moreFragments | Fragment.offsetMask) != 0 }

    /// The sum of a complete header.
    ///
    /// - Parameters:
    ///   - bytes: The packet, or the frame that it lies in.
    ///   - offset: Where the header begins.
    ///   - byteCount: Its length, at least 20.
    /// - Returns: 0xFFFF, folded, if its checksum is right.
    @inline(__always)
    static func sum(_ bytes: RawSpan, at offset: Int, byteCount: Int) -> OnesComplementSum {
        // Twenty bytes are the rule and need no loop.
        var sum = OnesComplementSum()
        sum.add(bytes.bigEndian64(at: offset))
        sum.add(bytes.bigEndian64(at: offset &+ 8))
        sum.add(UInt64(bytes.bigEndian32(at: offset &+ 16)))
        if byteCount > Offset.minimumEnd {
            sum.add(bytes, offset &+ Offset.minimumEnd..<offset &+ byteCount)
        }
        return sum
    }
}
