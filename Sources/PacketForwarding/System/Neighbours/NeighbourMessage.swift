/// What a frame says of who has an address: ARP, or IPv6 neighbour discovery.
struct NeighbourMessage: Equatable {
    let address: IPAddress
    let mac: MACAddress

    /// Reads `frame`; `nil` if it says nothing of the kind.
    init?(_ frame: borrowing Frame) {
        let tag = frame.metadata.tag
        let found = frame.withBytes { bytes -> (IPAddress, MACAddress)? in
            guard let header = EthernetHeader(bytes, tag: tag) else { return nil }
            if header.etherType == .arp {
                return ARPMessage(bytes, at: header.byteCount).map { ($0.sender, $0.senderHardware) }
            }
            guard let packet = Packet(bytes, behind: header), !packet.isMalformed,
                packet.hopLimit == NeighbourSolicitation.hopLimit, packet.hasValidICMPChecksum(bytes),
                let type = ICMPHeader(bytes, of: packet)?.type
            else { return nil }
            return Self.discovered(bytes, packet, type)
        }
        guard let found else { return nil }
        (address, mac) = found
    }

    /// A solicitation tells of its sender, an advertisement of the address that it is about (RFC 4861 §4.3, §4.4).
    private static func discovered(
        _ bytes: RawSpan, _ packet: Packet, _ type: ICMPType
    ) -> (IPAddress, MACAddress)? {
        let wanted: UInt8
        let address: IPAddress
        let message = Int(packet.transportOffset)
        switch type {
        case .neighbourSolicitation:
            wanted = NeighbourSolicitation.OptionType.sourceLinkAddress
            address = packet.source
        case .neighbourAdvertisement:
            let target = message + NeighbourSolicitation.Offset.target
            guard packet.end - target >= 16 else { return nil }
            wanted = NeighbourSolicitation.OptionType.targetLinkAddress
            address = bytes.v6Address(at: target)
        default:
            return nil
        }
        var option = message + NeighbourSolicitation.Offset.options
        while packet.end - option >= 8 {
            let byteCount = Int(bytes.byte(at: option + NeighbourSolicitation.Offset.optionLength)) * 8
            guard byteCount > 0, byteCount <= packet.end - option else { return nil }
            if bytes.byte(at: option) == wanted { return (address, bytes.macAddress(at: option + 2)) }
            option += byteCount
        }
        return nil
    }
}
