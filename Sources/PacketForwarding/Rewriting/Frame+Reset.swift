/// Resets of TCP connections.
extension Frame {
    /// Becomes a RST that answers the segment that the frame holds, from the one it was sent to (RFC 9293 §3.10.7.1).
    ///
    /// A segment with ACK is answered with its acknowledgement as sequence number, one without with an acknowledgement of
    /// all that it takes up of the sequence. The link header keeps its tag and its addresses, which are to be set.
    ///
    /// - Parameter packet: What the frame holds: a TCP segment with its header, without RST.
    /// - Returns: `false`, and no useful frame, if there is no room, or nothing to answer.
    mutating func becomeReset(to packet: Packet) -> Bool {
        guard packet.hasPorts, packet.transport == .tcp, !packet.flags.contains(.rst) else { return false }
        let transport = Int(packet.transportOffset)
        guard let segment = withBytes({ TCPHeader($0, at: transport, limit: packet.end) }) else { return false }
        var length = packet.payloadByteCount
        if packet.flags.contains(.syn) { length += 1 }
        if packet.flags.contains(.fin) { length += 1 }
        let hasACK = packet.flags.contains(.ack)
        let acknowledgement = segment.sequence &+ UInt32(truncatingIfNeeded: length)

        truncate(to: packet.end)
        let network = Int(packet.networkOffset)
        let reset = network + OriginatedHeader.byteCount(packet.version)
        guard moveLinkHeader(network, leaving: reset - network, before: transport) else { return false }
        truncate(to: reset + TCPHeader.Offset.minimumEnd)
        let header = OriginatedHeader(
            source: packet.destination, destination: packet.source, transport: .tcp,
            payloadByteCount: TCPHeader.Offset.minimumEnd)
        store(header, at: network)

        let flags: TCPFlags = hasACK ? .rst : [.rst, .ack]
        store(bigEndian: packet.destinationPort, at: reset + TCPHeader.Offset.sourcePort)
        store(bigEndian: packet.sourcePort, at: reset + TCPHeader.Offset.destinationPort)
        store(bigEndian: hasACK ? segment.acknowledgement : 0, at: reset + TCPHeader.Offset.sequence)
        store(bigEndian: hasACK ? 0 : acknowledgement, at: reset + TCPHeader.Offset.acknowledgement)
        // Five words of header, window 0, no checksum yet, no urgent data.
        store(bigEndian: 0x5000_0000 | UInt32(flags.rawValue) << 16, at: reset + TCPHeader.Offset.dataOffset)
        store(bigEndian: 0 as UInt32, at: reset + TCPHeader.Offset.checksum)
        var sum = header.pseudoHeader
        sum.add(self.sum(reset..<byteCount))
        store(bigEndian: sum.checksum, at: reset + TCPHeader.Offset.checksum)
        metadata.checksum = .complete
        metadata.segmentation = nil
        return true
    }
}
