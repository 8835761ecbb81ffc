/// Checksums of what a frame holds.
extension Frame {
    /// The sum of the bytes in `range`.
    @inline(__always)
    func sum(_ range: Range<Int>) -> OnesComplementSum {
        withBytes { OnesComplementSum($0, range) }
    }

    /// Makes up for a change of what the checksum at `offset` covers.
    @inline(__always)
    mutating func updateChecksum(at offset: Int, by change: OnesComplementSum) {
        store(bigEndian: change.updating(bigEndian(at: offset, as: UInt16.self)), at: offset)
    }

    /// Makes up for a change of what a TCP or UDP checksum covers.
    ///
    /// A UDP checksum of 0 means none and stays; one that becomes 0 is sent as 0xFFFF (RFC 768). Over IPv6 there is none
    /// of 0 (RFC 8200 §8.1).
    @inline(__always)
    mutating func updateTransportChecksum(at offset: Int, of transport: IPProtocol, by change: OnesComplementSum) {
        let old = bigEndian(at: offset, as: UInt16.self)
        if transport == .udp {
            guard old != 0 else { return }
            let new = change.updating(old)
            store(bigEndian: new == 0 ? 0xFFFF : new, at: offset)
        } else {
            store(bigEndian: change.updating(old), at: offset)
        }
    }

    /// Computes the checksum that was left to the interface, if one was.
    ///
    /// The frame must end with its packet, without padding.
    mutating func completeChecksum() {
        guard case .partial(let start, let offset) = metadata.checksum else { return }
        let field = Int(start) + Int(offset)
        metadata.checksum = .complete
        guard field <= byteCount - 2 else { return }
        let checksum = sum(Int(start)..<byteCount).checksum
        // Nothing but UDP has its checksum there.
        let isUDP = Int(offset) == UDPHeader.Offset.checksum
        store(bigEndian: isUDP && checksum == 0 ? 0xFFFF : checksum, at: field)
    }
}
