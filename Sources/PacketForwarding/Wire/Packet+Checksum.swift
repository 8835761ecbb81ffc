/// Checksums that only matter for some packets.
extension Packet {
    /// The sum of the pseudo header over all that stands behind the extension headers.
    ///
    /// With a routing header the last destination would count, not the one in the header; nobody sends such packets to a
    /// balancer (RFC 5095).
    var pseudoHeader: OnesComplementSum {
        .pseudoHeader(
            source: source, destination: destination, transport: transport, byteCount: end &- Int(transportOffset))
    }

    /// Whether the ICMP or ICMPv6 message has the right checksum.
    ///
    /// - Parameter bytes: The frame.
    /// - Returns: `false` for a wrong one.
    func hasValidICMPChecksum(_ bytes: RawSpan) -> Bool {
        var sum = OnesComplementSum(bytes, Int(transportOffset)..<end)
        if version == .v6 { sum.add(pseudoHeader) }
        return sum.checksum == 0
    }

    /// Whether the datagram has the right checksum, or none.
    ///
    /// - Parameter bytes: The frame; it holds a whole datagram.
    /// - Returns: `false` for a wrong one.
    func hasValidUDPChecksum(_ bytes: RawSpan) -> Bool {
        let datagram = Int(transportOffset)..<datagramPayload(bytes).upperBound
        guard bytes.bigEndian16(at: datagram.lowerBound + UDPHeader.Offset.checksum) != 0 else { return true }
        var sum = OnesComplementSum.pseudoHeader(
            source: source, destination: destination, transport: transport, byteCount: datagram.count)
        sum.add(bytes, datagram)
        return sum.checksum == 0
    }
}

extension Frame {
    /// Whether the checksum of an ICMP or ICMPv6 message is right, or still to be computed.
    ///
    /// - Parameter packet: What the frame holds.
    /// - Returns: `false` for a wrong one.
    @inline(never)
    func hasSoundICMPChecksum(_ packet: Packet) -> Bool {
        metadata.checksum.isPartial(at: Int(packet.transportOffset))
            || withBytes { packet.hasValidICMPChecksum($0) }
    }
}
