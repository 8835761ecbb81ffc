/// Network address translation.
extension Frame {
    /// Sends a packet on between two other ends, one hop further.
    ///
    /// Addresses, ports and hop limit change, and the checksums with them; all else stays. A later fragment has no ports,
    /// and its transport checksum stands in the first one.
    ///
    /// - Parameters:
    ///   - packet: What the frame holds; its hop limit is above 1.
    ///   - source: The new sender, of the packet's version.
    ///   - destination: The new receiver, of the packet's version.
    @inline(__always)
    mutating func translate(_ packet: Packet, source: Endpoint, destination: Endpoint) {
        var change = OnesComplementSum()
        change.replace(packet.source, with: source.address)
        change.replace(packet.destination, with: destination.address)
        setAddresses(of: packet, source: source.address, destination: destination.address, change: change)
        guard packet.hasPorts else { return }

        let transport = Int(packet.transportOffset)
        let checksum =
            transport &+ (packet.transport == .tcp ? TCPHeader.Offset.checksum : UDPHeader.Offset.checksum)
        let ports = UInt32(source.port) &<< 16 | UInt32(destination.port)
        store(bigEndian: ports, at: transport &+ TCPHeader.Offset.sourcePort)
        if metadata.checksum.isPartial(at: transport) {
            // The interface sums the ports; the pseudo header that it does not see is in the field.
            store(bigEndian: change.updating(partial: bigEndian(at: checksum, as: UInt16.self)), at: checksum)
        } else {
            change.subtract(UInt64(packet.sourcePort) &+ UInt64(packet.destinationPort))
            change.add(UInt64(source.port) &+ UInt64(destination.port))
            updateTransportChecksum(at: checksum, of: packet.transport, by: change)
        }
    }

    /// Changes addresses and takes one from the hop limit.
    ///
    /// - Parameters:
    ///   - packet: What the frame holds.
    ///   - source: The new sender.
    ///   - destination: The new receiver.
    ///   - change: What this changes in a sum over both addresses.
    @inline(__always)
    mutating func setAddresses(
        of packet: Packet, source: IPAddress, destination: IPAddress, change: OnesComplementSum
    ) {
        let network = Int(packet.networkOffset)
        let hopLimit = packet.hopLimit &- 1
        if packet.version == .v4 {
            store(byte: hopLimit, at: network &+ IPv4Header.Offset.timeToLive)
            store(
                bigEndian: UInt64(source.v4Bits) &<< 32 | UInt64(destination.v4Bits),
                at: network &+ IPv4Header.Offset.source)
            var change = change
            // The upper byte of its word.
            change.subtract(0x0100)
            updateChecksum(at: network &+ IPv4Header.Offset.checksum, by: change)
        } else {
            store(byte: hopLimit, at: network &+ IPv6Header.Offset.hopLimit)
            store(source, at: network &+ IPv6Header.Offset.source)
            store(destination, at: network &+ IPv6Header.Offset.destination)
        }
    }

    /// Writes an IPv6 address.
    @inline(__always)
    mutating func store(_ address: IPAddress, at offset: Int) {
        store(bigEndian: address.high, at: offset)
        store(bigEndian: address.low, at: offset &+ 8)
    }
}

extension OnesComplementSum {
    /// Takes one address away and adds another of the same version.
    @inline(__always)
    fileprivate mutating func replace(_ old: IPAddress, with new: IPAddress) {
        if old.version == .v4 {
            // Two words at a time, which cannot carry; the complement within 32 bits is all that is needed of it.
            add(UInt64(~old.v4Bits) &+ UInt64(new.v4Bits))
        } else {
            subtract(old)
            add(new)
        }
    }
}
