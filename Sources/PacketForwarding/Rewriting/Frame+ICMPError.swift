/// An ICMP or ICMPv6 error that a load balancer sends on its own.
enum ICMPError: Hashable, Sendable {
    /// The hop limit was used up (RFC 792, RFC 4443 §3.3).
    case timeExceeded
    /// The packet does not fit: "fragmentation needed" with the MTU (RFC 1191 §4), "packet too big" (RFC 4443 §3.2).
    case tooBig(mtu: Int)
    /// Nobody serves the port (RFC 792, RFC 4443 §3.1).
    case portUnreachable
    /// Someone decided against it: communication administratively prohibited (RFC 1812 §5.2.7.1, RFC 4443 §3.1).
    case prohibited

    /// Type, code and the four bytes behind the checksum.
    func fields(_ version: IPVersion) -> (type: ICMPType, code: UInt8, rest: UInt32) {
        switch (self, version) {
        case (.timeExceeded, _): (.timeExceeded(version), 0, 0)
        case (.tooBig(let mtu), .v4):
            (.unreachable(.v4), ICMPType.fragmentationNeeded, UInt32(truncatingIfNeeded: min(max(mtu, 0), 0xFFFF)))
        case (.tooBig(let mtu), .v6): (.packetTooBig, 0, UInt32(truncatingIfNeeded: max(mtu, 0)))
        case (.portUnreachable, .v4): (.unreachable(.v4), 3, 0)
        case (.portUnreachable, .v6): (.unreachable(.v6), 4, 0)
        case (.prohibited, .v4): (.unreachable(.v4), 13, 0)
        case (.prohibited, .v6): (.unreachable(.v6), 1, 0)
        }
    }

    /// Bytes of the longest error: what every host takes in one piece (RFC 1812 §4.3.2.3, RFC 4443 §2.4 c).
    static func limit(_ version: IPVersion) -> Int {
        version == .v4 ? 576 : 1280
    }
}

extension Frame {
    /// Whether a packet may be answered with an error at all (RFC 1122 §3.2.2, RFC 1812 §4.3.2.7, RFC 4443 §2.4 e).
    ///
    /// None is sent about errors, later fragments, frames and packets to groups, or to a sender that is none.
    ///
    /// - Parameter packet: What the frame holds.
    /// - Returns: `false` for a packet that is dropped in silence.
    func mayBeAnsweredWithError(_ packet: Packet) -> Bool {
        guard packet.part != .later, !packet.destination.isMulticast, !packet.source.isMulticast,
            !packet.source.isUnspecified, packet.source != IPAddress(v4: 0xFFFF_FFFF)
        else { return false }
        return withBytes { bytes in
            if let header = EthernetHeader(bytes, tag: metadata.tag), header.destination.isGroup { return false }
            return ICMPHeader(bytes, of: packet)?.type.isError != true
        }
    }

    /// Becomes an error about the packet that the frame holds, for its sender.
    ///
    /// The packet is quoted as it arrived, as much of it as fits; a checksum that was left to the interface is computed
    /// first. The link header keeps its tag and its addresses, which are to be set.
    ///
    /// - Parameters:
    ///   - error: What to say.
    ///   - packet: What the frame holds.
    ///   - source: The balancer's own address, of the packet's version.
    /// - Returns: `false`, and no change but for padding and that checksum, without the headroom.
    mutating func becomeError(_ error: ICMPError, about packet: Packet, from source: IPAddress) -> Bool {
        truncate(to: packet.end)
        completeChecksum()
        let network = Int(packet.networkOffset)
        let headerByteCount = OriginatedHeader.byteCount(packet.version) + ICMPHeader.Offset.end
        guard moveLinkHeader(network, leaving: headerByteCount, before: network) else { return false }
        truncate(to: network + ICMPError.limit(packet.version))
        let (type, code, rest) = error.fields(packet.version)
        let message = network + OriginatedHeader.byteCount(packet.version)
        store(bigEndian: UInt16(type.number) << 8 | UInt16(code), at: message)
        store(bigEndian: rest, at: message + ICMPHeader.Offset.rest)
        finishICMP(from: source, to: packet.source, at: network)
        return true
    }

    /// Writes the IP header and the checksum of an ICMP or ICMPv6 message that ends with the frame.
    ///
    /// - Parameters:
    ///   - source: The sender.
    ///   - destination: The receiver.
    ///   - network: Where the IP header begins; it has no options.
    ///   - trafficClass: Its DSCP and ECN.
    ///   - hopLimit: Its hop limit.
    mutating func finishICMP(
        from source: IPAddress, to destination: IPAddress, at network: Int, trafficClass: UInt8 = 0,
        hopLimit: UInt8 = 64
    ) {
        let message = network + OriginatedHeader.byteCount(source.version)
        let header = OriginatedHeader(
            source: source, destination: destination, transport: source.version == .v4 ? .icmp : .icmpv6,
            payloadByteCount: byteCount - message, trafficClass: trafficClass, hopLimit: hopLimit)
        store(header, at: network)
        store(bigEndian: 0 as UInt16, at: message + ICMPHeader.Offset.checksum)
        var sum = sum(message..<byteCount)
        if source.version == .v6 { sum.add(header.pseudoHeader) }
        store(bigEndian: sum.checksum, at: message + ICMPHeader.Offset.checksum)
        metadata.checksum = .complete
        metadata.segmentation = nil
    }
}
