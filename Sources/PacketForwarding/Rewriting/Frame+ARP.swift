/// Address resolution for IPv4.
extension Frame {
    /// Becomes the answer to the ARP request that the frame holds (RFC 826).
    ///
    /// The frame goes back to the station that asked; padding goes, a tag stays.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - offset: Where in the frame it begins.
    ///   - hardware: Who has the address that was asked for.
    mutating func becomeARPReply(to request: ARPMessage, at offset: Int, from hardware: MACAddress) {
        truncate(to: offset + ARPMessage.Offset.end)
        setLink(destination: request.senderHardware, source: hardware)
        store(
            .reply, at: offset, sender: (hardware, request.target), target: (request.senderHardware, request.sender))
    }

    /// Becomes an ARP request that announces an address to all stations of the link (RFC 5227 §2.3).
    ///
    /// - Parameters:
    ///   - address: The IPv4 address.
    ///   - hardware: Who has it from now on.
    /// - Returns: `false`, and no change, if the memory is too small.
    mutating func becomeARPAnnouncement(of address: IPAddress, from hardware: MACAddress) -> Bool {
        let offset = EthernetHeader.Offset.untaggedEnd
        guard reset(headroom: headroom, byteCount: offset + ARPMessage.Offset.end) else { return false }
        metadata.checksum = .complete
        metadata.segmentation = nil
        setLink(destination: .broadcast, source: hardware)
        setEtherType(.arp, before: offset)
        store(.request, at: offset, sender: (hardware, address), target: (MACAddress(bits: 0), address))
        return true
    }

    /// Becomes the question to all stations of the link, or to one that is known, who has an address (RFC 826).
    ///
    /// - Parameters:
    ///   - address: The IPv4 address.
    ///   - station: Who is asked; `nil` for all.
    ///   - sender: Who asks: its station address, and an IPv4 address to answer to.
    /// - Returns: `false`, and no change, if the memory is too small.
    mutating func becomeARPRequest(
        for address: IPAddress, to station: MACAddress?, from sender: (MACAddress, IPAddress)
    ) -> Bool {
        guard becomeARPAnnouncement(of: address, from: sender.0) else { return false }
        let offset = EthernetHeader.Offset.untaggedEnd
        if let station { setLink(destination: station, source: sender.0) }
        store(.request, at: offset, sender: sender, target: (MACAddress(bits: 0), address))
        return true
    }

    private mutating func store(
        _ operation: ARPMessage.Operation, at offset: Int, sender: (MACAddress, IPAddress),
        target: (MACAddress, IPAddress)
    ) {
        store(bigEndian: ARPMessage.ethernetAndIPv4, at: offset + ARPMessage.Offset.hardware)
        store(bigEndian: ARPMessage.lengths, at: offset + ARPMessage.Offset.hardwareLength)
        store(bigEndian: operation.rawValue, at: offset + ARPMessage.Offset.operation)
        store(sender.0, at: offset + ARPMessage.Offset.senderHardware)
        store(bigEndian: sender.1.v4Bits, at: offset + ARPMessage.Offset.sender)
        store(target.0, at: offset + ARPMessage.Offset.targetHardware)
        store(bigEndian: target.1.v4Bits, at: offset + ARPMessage.Offset.target)
    }

    /// Writes a MAC address.
    mutating func store(_ address: MACAddress, at offset: Int) {
        store(bigEndian: UInt16(truncatingIfNeeded: address.bits >> 32), at: offset)
        store(bigEndian: UInt32(truncatingIfNeeded: address.bits), at: offset + 2)
    }
}
