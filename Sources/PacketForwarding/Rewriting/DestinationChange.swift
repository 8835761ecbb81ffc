/// What the translation of one destination into another changes in checksums: known before the first packet comes.
///
/// ``Frame/translate(_:source:destination:)`` does the same for any two ends, with which this agrees to the byte.
struct DestinationChange: Sendable, BitwiseCopyable {
    /// Words in place of the address's, taken together.
    private let address: UInt32
    /// The same with the ports.
    private let addressAndPort: UInt32
    /// The same as ``address`` with one hop less, for the header of IPv4.
    private let header: UInt32

    /// The change from one end to another of the same version.
    init(from old: Endpoint, to new: Endpoint) {
        var sum = OnesComplementSum()
        sum.subtract(old.address)
        sum.add(new.address)
        address = UInt32(sum.folded)
        var header = sum
        // The upper byte of its word.
        header.subtract(0x0100)
        self.header = UInt32(header.folded)
        sum.subtract(UInt64(old.port))
        sum.add(UInt64(new.port))
        addressAndPort = UInt32(sum.folded)
    }

    /// The checksum after a change: equation 3 of RFC 1624, where one step brings the carry in.
    @inline(__always)
    private static func updated(_ checksum: UInt16, by change: UInt32) -> UInt16 {
        ~folded(UInt32(~checksum) &+ change)
    }

    @inline(__always)
    private static func folded(_ sum: UInt32) -> UInt16 {
        UInt16(truncatingIfNeeded: sum & 0xFFFF &+ sum &>> 16)
    }

    /// The checksum of an IPv4 header after the change, one hop further.
    @inline(__always)
    func updating(header checksum: UInt16) -> UInt16 { Self.updated(checksum, by: header) }

    /// The transport checksum after the change.
    @inline(__always)
    func updating(transport checksum: UInt16) -> UInt16 { Self.updated(checksum, by: addressAndPort) }

    /// The sum of a pseudo header after the change.
    @inline(__always)
    func updating(partial sum: UInt16) -> UInt16 { Self.folded(UInt32(sum) &+ address) }
}

extension Frame {
    /// Sends a whole packet without options or extension headers on to another destination, one hop further.
    ///
    /// - Parameters:
    ///   - network: Where its IP header begins.
    ///   - transport: What it carries, whose header is whole.
    ///   - hopLimit: Its hop limit, above 1.
    ///   - destination: The new receiver, of the packet's version.
    ///   - change: What that changes.
    @inline(__always)
    mutating func translate(
        at network: Int, _ transport: IPProtocol, hopLimit: UInt8, destination: Endpoint, _ change: DestinationChange
    ) {
        let packet = bytes.from(network)
        let start: Int
        if destination.address.version == .v4 {
            precondition(packet.count >= IPv4Header.Offset.minimumEnd + UDPHeader.Offset.end, "a packet cut short")
            let checksum = packet.bigEndian(at: IPv4Header.Offset.checksum, as: UInt16.self)
            packet.store(byte: hopLimit &- 1, at: IPv4Header.Offset.timeToLive)
            packet.store(bigEndian: change.updating(header: checksum), at: IPv4Header.Offset.checksum)
            packet.store(bigEndian: destination.address.v4Bits, at: IPv4Header.Offset.destination)
            start = IPv4Header.Offset.minimumEnd
        } else {
            precondition(packet.count >= IPv6Header.Offset.end + UDPHeader.Offset.end, "a packet cut short")
            packet.store(byte: hopLimit &- 1, at: IPv6Header.Offset.hopLimit)
            packet.store(bigEndian: destination.address.high, at: IPv6Header.Offset.destination)
            packet.store(bigEndian: destination.address.low, at: IPv6Header.Offset.destination &+ 8)
            start = IPv6Header.Offset.end
        }
        packet.store(bigEndian: destination.port, at: start &+ TCPHeader.Offset.destinationPort)
        let isPartial = metadata.checksum.isPartial(at: network &+ start)
        if transport == .udp {
            let field = start &+ UDPHeader.Offset.checksum
            let checksum = packet.bigEndian(at: field, as: UInt16.self)
            if isPartial {
                packet.store(bigEndian: change.updating(partial: checksum), at: field)
            } else if checksum != 0 {
                let new = change.updating(transport: checksum)
                packet.store(bigEndian: new == 0 ? 0xFFFF : new, at: field)
            }
        } else {
            let field = start &+ TCPHeader.Offset.checksum
            let checksum = packet.bigEndian(at: field, as: UInt16.self)
            packet.store(
                bigEndian: isPartial ? change.updating(partial: checksum) : change.updating(transport: checksum),
                at: field)
        }
    }
}
