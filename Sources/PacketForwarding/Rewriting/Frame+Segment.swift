/// A segment without data that a load balancer makes up, of which only its ends and what it says are its own.
struct OriginatedSegment: Hashable, Sendable {
    let source: Endpoint
    /// Of the same version as ``source``.
    let destination: Endpoint
    let sequence: UInt32
    let acknowledgement: UInt32
    let flags: TCPFlags
}

extension Frame {
    /// Becomes a segment that nobody's packet caused, without options and with window 0.
    ///
    /// The link header has no tag, and addresses that are to be set.
    ///
    /// - Parameter segment: Who says what to whom.
    /// - Returns: `false`, and no useful frame, if the memory is too small.
    mutating func becomeSegment(_ segment: OriginatedSegment) -> Bool {
        let network = EthernetHeader.Offset.untaggedEnd
        let transport = network + OriginatedHeader.byteCount(segment.source.address.version)
        guard reset(headroom: headroom, byteCount: transport + TCPHeader.Offset.minimumEnd) else { return false }
        let header = OriginatedHeader(
            source: segment.source.address, destination: segment.destination.address, transport: .tcp,
            payloadByteCount: TCPHeader.Offset.minimumEnd)
        store(header, at: network)
        store(bigEndian: segment.source.port, at: transport + TCPHeader.Offset.sourcePort)
        store(bigEndian: segment.destination.port, at: transport + TCPHeader.Offset.destinationPort)
        store(bigEndian: segment.sequence, at: transport + TCPHeader.Offset.sequence)
        store(bigEndian: segment.acknowledgement, at: transport + TCPHeader.Offset.acknowledgement)
        // Five words of header, window 0, no checksum yet, no urgent data.
        let words = 0x5000_0000 | UInt32(segment.flags.rawValue) << 16
        store(bigEndian: words, at: transport + TCPHeader.Offset.dataOffset)
        store(bigEndian: 0 as UInt32, at: transport + TCPHeader.Offset.checksum)
        var sum = header.pseudoHeader
        sum.add(self.sum(transport..<byteCount))
        store(bigEndian: sum.checksum, at: transport + TCPHeader.Offset.checksum)
        metadata = FrameMetadata(interface: metadata.interface)
        return true
    }
}
