/// The IP header of a packet that is made here: an answer, an error, or an outer packet.
///
/// It has no options and no extension headers, IPv4 identification 0 with "don't fragment" (an atomic datagram,
/// RFC 6864 §4.1), and IPv6 flow label 0.
struct OriginatedHeader: BitwiseCopyable {
    let source: IPAddress
    /// Of the same version as ``source``.
    let destination: IPAddress
    let transport: IPProtocol
    /// Bytes behind the header.
    let payloadByteCount: Int
    var trafficClass: UInt8 = 0
    var hopLimit: UInt8 = 64

    /// Bytes of the header of a version.
    @inline(__always)
    static func byteCount(_ version: IPVersion) -> Int {
        version == .v4 ? IPv4Header.Offset.minimumEnd : IPv6Header.Offset.end
    }

    /// Whether the lengths fit into their fields.
    @inline(__always)
    var fits: Bool {
        let header = source.version == .v4 ? IPv4Header.Offset.minimumEnd : 0
        return payloadByteCount &+ header <= 0xFFFF
    }

    /// The sum of the pseudo header.
    var pseudoHeader: OnesComplementSum {
        .pseudoHeader(source: source, destination: destination, transport: transport, byteCount: payloadByteCount)
    }
}

extension Frame {
    /// Writes `header` at `offset`, and the EtherType before it.
    ///
    /// Its lengths must fit.
    @inline(__always)
    mutating func store(_ header: OriginatedHeader, at offset: Int) {
        precondition(header.fits, "a packet that is longer than its length field can say")
        let length = UInt64(truncatingIfNeeded: header.payloadByteCount)
        if header.source.version == .v4 {
            setEtherType(.ipv4, before: offset)
            // Version, header length, class, total length; identification 0, "don't fragment".
            let first =
                0x4500_0000_0000_4000 | UInt64(header.trafficClass) &<< 48
                | (length &+ UInt64(IPv4Header.Offset.minimumEnd)) &<< 32
            let second =
                UInt64(header.hopLimit) &<< 56 | UInt64(header.transport.rawValue) &<< 48
                | UInt64(header.source.v4Bits)
            var sum = OnesComplementSum()
            sum.add(first)
            sum.add(second)
            sum.add(UInt64(header.destination.v4Bits))
            store(bigEndian: first, at: offset)
            store(bigEndian: second | UInt64(sum.checksum) &<< 32, at: offset &+ IPv4Header.Offset.timeToLive)
            store(bigEndian: header.destination.v4Bits, at: offset &+ IPv4Header.Offset.destination)
        } else {
            setEtherType(.ipv6, before: offset)
            let first =
                0x6000_0000_0000_0000 | UInt64(header.trafficClass) &<< 52 | length &<< 16
                | UInt64(header.transport.rawValue) &<< 8 | UInt64(header.hopLimit)
            store(bigEndian: first, at: offset)
            store(header.source, at: offset &+ IPv6Header.Offset.source)
            store(header.destination, at: offset &+ IPv6Header.Offset.destination)
        }
    }
}
