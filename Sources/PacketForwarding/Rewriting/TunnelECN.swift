/// Explicit congestion notification across a tunnel (RFC 6040).
enum TunnelECN {
    /// The two bits of the field (RFC 3168 §5).
    enum Codepoint {
        static let notECT: UInt8 = 0
        static let ect1: UInt8 = 1
        static let ect0: UInt8 = 2
        static let ce: UInt8 = 3
    }

    /// The field of a packet that leaves a tunnel (RFC 6040 §4.2, figure 4).
    ///
    /// - Parameters:
    ///   - inner: The packet's own field.
    ///   - outer: The outer header's field.
    /// - Returns: The packet's field from now on.
    /// - Throws: ``DecapsulationError/congested`` if a router reported congestion and the ends would not hear of it.
    static func decapsulated(inner: UInt8, outer: UInt8) throws(DecapsulationError) -> UInt8 {
        switch (inner, outer) {
        case (Codepoint.notECT, Codepoint.ce): throw .congested
        case (Codepoint.notECT, _), (Codepoint.ce, _): inner
        case (_, Codepoint.ce): Codepoint.ce
        case (Codepoint.ect0, Codepoint.ect1): Codepoint.ect1
        default: inner
        }
    }
}

extension Frame {
    /// Writes the ECN field of a packet, with the header checksum of IPv4.
    ///
    /// - Parameters:
    ///   - field: Two bits.
    ///   - packet: A packet in the frame.
    mutating func setECN(_ field: UInt8, of packet: Packet) {
        let trafficClass = packet.trafficClass & ~3 | field
        guard trafficClass != packet.trafficClass else { return }
        let network = Int(packet.networkOffset)
        switch packet.version {
        case .v4:
            store(byte: trafficClass, at: network + IPv4Header.Offset.trafficClass)
            var change = OnesComplementSum()
            change.subtract(UInt64(packet.trafficClass))
            change.add(UInt64(trafficClass))
            updateChecksum(at: network + IPv4Header.Offset.checksum, by: change)
        case .v6:
            // Four bits of version, eight of class, twenty of flow label.
            let first = bigEndian(at: network, as: UInt32.self)
            store(bigEndian: first & ~0x0FF0_0000 | UInt32(trafficClass) << 20, at: network)
        }
    }
}
