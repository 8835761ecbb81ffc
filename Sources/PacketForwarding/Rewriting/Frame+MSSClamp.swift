/// The maximum segment size that a TCP end announces (RFC 9293 §3.7.1).
extension Frame {
    /// Lowers the maximum segment size of a segment with SYN, if it announces a larger one.
    ///
    /// Options that cannot be read are left as they are.
    ///
    /// - Parameters:
    ///   - packet: What the frame holds: a TCP segment with its ports.
    ///   - limit: The largest size that may be announced.
    mutating func clampMSS(of packet: Packet, to limit: UInt16) {
        guard packet.hasPorts, packet.transport == .tcp, packet.flags.contains(.syn) else { return }
        let transport = Int(packet.transportOffset)
        let option = withBytes {
            TCPOptions.offset(
                $0, in: transport + TCPHeader.Offset.minimumEnd..<Int(packet.payloadOffset),
                kind: TCPOptions.Kind.maximumSegmentSize,
                byteCount: 4)
        }
        guard let option else { return }
        let old = bigEndian(at: option + 2, as: UInt16.self)
        guard old > limit else { return }
        store(bigEndian: limit, at: option + 2)
        // A checksum that is still to be computed covers the option.
        guard !metadata.checksum.isPartial(at: transport) else { return }
        let isOdd = (option - transport) % 2 == 1
        var change = OnesComplementSum()
        change.subtract(UInt64(isOdd ? old.byteSwapped : old))
        change.add(UInt64(isOdd ? limit.byteSwapped : limit))
        updateChecksum(at: transport + TCPHeader.Offset.checksum, by: change)
    }
}
