/// ICMP errors about translated packets (RFC 5508 §4).
extension Frame {
    /// Sends an ICMP error on between two other hosts, one hop further, about the packet that its receiver knows.
    ///
    /// Addresses and ports of the quoted packet change, its checksums with them as far as they are quoted, and the checksum
    /// of the message. Its own hop limit stays as the sender of the error saw it.
    ///
    /// - Parameters:
    ///   - packet: What the frame holds: an ICMP error whose checksum is right, or left to the interface; its hop limit is above 1.
    ///   - source: The new sender of the error, of the packet's version.
    ///   - destination: The new receiver of the error.
    ///   - quoted: The packet that it quotes, with ports.
    ///   - quotedSource: The sender that the receiver knows.
    ///   - quotedDestination: The receiver that the receiver of the error knows.
    mutating func translateError(
        _ packet: Packet, source: IPAddress, destination: IPAddress,
        about quoted: QuotedPacket, quotedSource: Endpoint, quotedDestination: Endpoint
    ) {
        let message = Int(packet.transportOffset)
        let before = sum(message..<packet.end)
        translateQuotation(quoted, source: quotedSource, destination: quotedDestination)

        var addresses = OnesComplementSum()
        addresses.subtract(packet.source)
        addresses.subtract(packet.destination)
        addresses.add(source)
        addresses.add(destination)
        setAddresses(of: packet, source: source, destination: destination, change: addresses)

        if metadata.checksum.isPartial(at: message) {
            // The interface sums the message; the pseudo header, which ICMP of IPv4 has none of, is in the field.
            let field = message + ICMPHeader.Offset.checksum
            guard packet.version == .v6 else { return }
            store(bigEndian: addresses.updating(partial: bigEndian(at: field, as: UInt16.self)), at: field)
            return
        }
        // All that changed in the message, and for IPv6 in the pseudo header.
        var change = sum(message..<packet.end)
        change.subtract(UInt64(before.folded))
        if packet.version == .v6 { change.add(addresses) }
        updateChecksum(at: message + ICMPHeader.Offset.checksum, by: change)
    }

    /// Changes addresses and ports of a quoted packet, and the checksums over them.
    private mutating func translateQuotation(_ quoted: QuotedPacket, source: Endpoint, destination: Endpoint) {
        var change = OnesComplementSum()
        change.subtract(quoted.source.address)
        change.subtract(quoted.destination.address)
        change.add(source.address)
        change.add(destination.address)
        switch quoted.version {
        case .v4:
            store(bigEndian: source.address.v4Bits, at: quoted.networkOffset + IPv4Header.Offset.source)
            store(bigEndian: destination.address.v4Bits, at: quoted.networkOffset + IPv4Header.Offset.destination)
            updateChecksum(at: quoted.networkOffset + IPv4Header.Offset.checksum, by: change)
        case .v6:
            store(source.address, at: quoted.networkOffset + IPv6Header.Offset.source)
            store(destination.address, at: quoted.networkOffset + IPv6Header.Offset.destination)
        }
        guard quoted.hasPorts else { return }
        store(bigEndian: source.port, at: quoted.transportOffset + TCPHeader.Offset.sourcePort)
        store(bigEndian: destination.port, at: quoted.transportOffset + TCPHeader.Offset.destinationPort)
        guard let checksum = quoted.checksumOffset else { return }
        change.subtract(UInt64(quoted.source.port) + UInt64(quoted.destination.port))
        change.add(UInt64(source.port) + UInt64(destination.port))
        updateTransportChecksum(at: checksum, of: quoted.transport, by: change)
    }
}
