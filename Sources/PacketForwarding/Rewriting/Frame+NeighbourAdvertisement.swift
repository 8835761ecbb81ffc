/// Address resolution for IPv6.
extension Frame {
    /// The flags of a neighbour advertisement (RFC 4861 §4.4).
    private enum AdvertisementFlags {
        static let solicited: UInt32 = 0x4000_0000
        static let override: UInt32 = 0x2000_0000
    }

    /// Becomes the answer to the solicitation that the frame holds (RFC 4861 §7.2.4).
    ///
    /// The frame goes back to the station that asked, or to all nodes if that has no address yet; a tag stays.
    ///
    /// - Parameters:
    ///   - solicitation: The question.
    ///   - packet: What the frame holds.
    ///   - hardware: Who has the address that was asked for.
    /// - Returns: `false`, and no useful frame, without the room.
    mutating func becomeAdvertisement(
        to solicitation: NeighbourSolicitation, in packet: Packet, from hardware: MACAddress
    ) -> Bool {
        let station = withBytes { $0.macAddress(at: EthernetHeader.Offset.source) }
        let destination = solicitation.isProbe ? .allNodes : packet.source
        let link = solicitation.isProbe ? MACAddress(multicast: .allNodes) : station
        let message = Int(packet.networkOffset) + IPv6Header.Offset.end
        guard
            moveLinkHeader(
                Int(packet.networkOffset), leaving: IPv6Header.Offset.end, before: Int(packet.transportOffset))
        else { return false }
        return finishAdvertisement(
            of: solicitation.target, to: destination, at: message,
            flags: solicitation.isProbe
                ? AdvertisementFlags.override : AdvertisementFlags.solicited | AdvertisementFlags.override,
            link: link, hardware: hardware)
    }

    /// Becomes an advertisement that announces an address to all nodes of the link (RFC 4861 §7.2.6).
    ///
    /// - Parameters:
    ///   - address: The IPv6 address.
    ///   - hardware: Who has it from now on.
    /// - Returns: `false`, and no useful frame, if the memory is too small.
    mutating func becomeAnnouncement(of address: IPAddress, from hardware: MACAddress) -> Bool {
        let message = EthernetHeader.Offset.untaggedEnd + IPv6Header.Offset.end
        guard reset(headroom: headroom, byteCount: message) else { return false }
        return finishAdvertisement(
            of: address, to: .allNodes, at: message, flags: AdvertisementFlags.override,
            link: MACAddress(multicast: .allNodes), hardware: hardware)
    }

    /// Becomes the question to an address's group, or to a station that is known, who has the address (RFC 4861 §7.2.2).
    ///
    /// - Parameters:
    ///   - address: The IPv6 address.
    ///   - station: Who is asked; `nil` for the group.
    ///   - sender: Who asks: its station address, and an IPv6 address to answer to.
    /// - Returns: `false`, and no useful frame, if the memory is too small.
    mutating func becomeSolicitation(
        for address: IPAddress, to station: MACAddress?, from sender: (MACAddress, IPAddress)
    ) -> Bool {
        let message = EthernetHeader.Offset.untaggedEnd + IPv6Header.Offset.end
        guard reset(headroom: headroom, byteCount: message) else { return false }
        let destination = station == nil ? address.solicitedNode : address
        return finishDiscovery(
            .neighbourSolicitation, of: address, from: sender.1, to: destination, at: message, flags: 0,
            option: NeighbourOptions.LinkAddress.source,
            link: station ?? MACAddress(multicast: destination), hardware: sender.0)
    }

    private mutating func finishAdvertisement(
        of target: IPAddress, to destination: IPAddress, at message: Int, flags: UInt32, link: MACAddress,
        hardware: MACAddress
    ) -> Bool {
        finishDiscovery(
            .neighbourAdvertisement, of: target, from: target, to: destination, at: message, flags: flags,
            option: NeighbourOptions.LinkAddress.target, link: link, hardware: hardware)
    }

    /// Both messages are alike: flags, the address they are about, and one option with a station address.
    private mutating func finishDiscovery(
        _ type: ICMPType, of target: IPAddress, from source: IPAddress, to destination: IPAddress, at message: Int,
        flags: UInt32, option optionType: UInt8, link: MACAddress, hardware: MACAddress
    ) -> Bool {
        let option = message + NeighbourOptions.Offset.first
        let missing = option + 8 - byteCount
        guard missing <= 0 || extendBack(by: missing) else { return false }
        truncate(to: option + 8)
        setLink(destination: link, source: hardware)
        store(bigEndian: UInt16(type.number) << 8, at: message)
        store(bigEndian: flags, at: message + ICMPHeader.Offset.rest)
        store(target, at: message + NeighbourSolicitation.Offset.target)
        // One unit of eight bytes.
        store(bigEndian: UInt16(optionType) << 8 | 1, at: option)
        store(hardware, at: option + NeighbourOptions.Offset.linkAddress)
        finishICMP(
            from: source, to: destination, at: message - IPv6Header.Offset.end, hopLimit: NeighbourSolicitation.hopLimit
        )
        return true
    }
}
