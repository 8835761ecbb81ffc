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
        guard let options = NeighbourOptions(bytes, of: packet) else { return nil }
        switch type {
        case .neighbourSolicitation:
            return options.source.map { (packet.source, $0) }
        case .neighbourAdvertisement:
            let target = Int(packet.transportOffset) + NeighbourSolicitation.Offset.target
            guard packet.end - target >= 16 else { return nil }
            return options.target.map { (bytes.v6Address(at: target), $0) }
        default:
            return nil
        }
    }
}
