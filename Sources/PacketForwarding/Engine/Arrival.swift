import LoadBalancing

/// What can be told of a frame before the flow table is asked: a cache line, from which its flow is found.
///
/// It says something of whole TCP and UDP packets without options or extension headers alone, and nothing that
/// ``Packet`` would not say: all others are looked at from their beginning when their turn comes.
@usableFromInline
struct Arrival: BitwiseCopyable {
    /// Who sent a packet.
    enum Kind: UInt8, BitwiseCopyable {
        /// Nobody knows yet.
        case unknown
        /// A client, to a service with one address and one port.
        case client
        /// A backend of a NAT mode, to somebody who may be a client.
        case backend
    }

    /// The key of its flow; a backend's names no service.
    var key: FlowKey
    /// Where the flow probably is, if that was looked up.
    var candidate: UInt32
    /// The key's hash in the flow table.
    var hash: UInt64
    /// Of a backend's packet the number of its address and port.
    var endpoint: UInt32
    /// Where the packet ends.
    var end: UInt32
    var networkOffset: UInt16
    var transportOffset: UInt16
    var kind: Kind
    var flags: TCPFlags
    var hopLimit: UInt8
    var trafficClass: UInt8

    /// An arrival of which nothing is known.
    static var unknown: Arrival {
        Arrival(
            key: FlowKey(answersTo: IPAddress(v4: 0), port: 0, transport: .tcp), candidate: FlowTable.none, hash: 0,
            endpoint: 0, end: 0, networkOffset: 0, transportOffset: 0, kind: .unknown, flags: [], hopLimit: 0,
            trafficClass: 0)
    }

    /// Bytes of the packet from its IP header on.
    @inline(__always)
    var byteCount: Int { Int(end &- UInt32(networkOffset)) }
}

/// Both ends of a packet, as far as they matter for who is asked about it.
struct ArrivalEnds {
    let source: IPAddress
    let destination: IPAddress
    /// The source port, and below it the destination port.
    let ports: UInt32
    let transport: IPProtocol

    @inline(__always)
    var sourcePort: UInt16 { UInt16(truncatingIfNeeded: ports &>> 16) }

    @inline(__always)
    var destinationPort: UInt16 { UInt16(truncatingIfNeeded: ports) }
}

extension Arrival {
    /// Reads the headers of a frame; `nil` for one of which nothing is to be said here.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - station: the receiving interface's address.
    /// - Returns: both ends of the packet.
    @inline(__always)
    mutating func read(_ frame: borrowing Frame, to station: MACAddress) -> ArrivalEnds? {
        guard frame.byteCount >= EthernetHeader.Offset.taggedEnd &+ IPv4Header.Offset.minimumEnd,
            frame.bigEndian(at: EthernetHeader.Offset.destination, as: UInt64.self) &>> 16 == station.bits
        else { return nil }
        var network = EthernetHeader.Offset.untaggedEnd
        var type = frame.bigEndian(at: EthernetHeader.Offset.etherType, as: UInt16.self)
        if type == EtherType.vlan.rawValue, frame.metadata.tag == nil {
            network = EthernetHeader.Offset.taggedEnd
            type = frame.bigEndian(at: EthernetHeader.Offset.taggedEtherType, as: UInt16.self)
        }
        networkOffset = UInt16(truncatingIfNeeded: network)
        if type == EtherType.ipv4.rawValue { return read(v4: frame, at: network) }
        return type == EtherType.ipv6.rawValue ? read(v6: frame, at: network) : nil
    }

    @inline(__always)
    private mutating func read(v4 frame: borrowing Frame, at network: Int) -> ArrivalEnds? {
        // Version, length, class, total length, identification, fragment; then the rest of twenty bytes.
        let first = frame.bigEndian(at: network, as: UInt64.self)
        let second = frame.bigEndian(at: network &+ IPv4Header.Offset.timeToLive, as: UInt64.self)
        let third = frame.bigEndian(at: network &+ IPv4Header.Offset.destination, as: UInt32.self)
        var sum = OnesComplementSum()
        sum.add(first)
        sum.add(second)
        sum.add(UInt64(third))
        let fragment = UInt64(IPv4Header.Fragment.moreFragments | IPv4Header.Fragment.offsetMask)
        guard first & (0xFF &<< 56 | fragment) == 0x45 &<< 56, sum.checksum == 0 else { return nil }
        trafficClass = UInt8(truncatingIfNeeded: first &>> 48)
        hopLimit = UInt8(truncatingIfNeeded: second &>> 56)
        let transport = IPProtocol(rawValue: UInt8(truncatingIfNeeded: second &>> 48))
        let offset = network &+ IPv4Header.Offset.minimumEnd
        let end = network &+ Int(truncatingIfNeeded: first &>> 32 & 0xFFFF)
        guard readTransport(frame, transport, at: offset, end: end, checksumMayBeZero: true) else { return nil }
        return ArrivalEnds(
            source: IPAddress(v4: UInt32(truncatingIfNeeded: second)), destination: IPAddress(v4: third),
            ports: frame.bigEndian(at: offset, as: UInt32.self), transport: transport)
    }

    @inline(__always)
    private mutating func read(v6 frame: borrowing Frame, at network: Int) -> ArrivalEnds? {
        guard frame.byteCount &- network >= IPv6Header.Offset.end else { return nil }
        // Version, class, flow label, payload length, next header, hop limit.
        let first = frame.bigEndian(at: network, as: UInt64.self)
        guard first &>> 60 == 6 else { return nil }
        trafficClass = UInt8(truncatingIfNeeded: first &>> 52)
        hopLimit = UInt8(truncatingIfNeeded: first)
        let transport = IPProtocol(rawValue: UInt8(truncatingIfNeeded: first &>> 8))
        let offset = network &+ IPv6Header.Offset.end
        let end = offset &+ Int(truncatingIfNeeded: first &>> 16 & 0xFFFF)
        guard readTransport(frame, transport, at: offset, end: end, checksumMayBeZero: false) else { return nil }
        return ArrivalEnds(
            source: Self.address(frame, at: network &+ IPv6Header.Offset.source),
            destination: Self.address(frame, at: network &+ IPv6Header.Offset.destination),
            ports: frame.bigEndian(at: offset, as: UInt32.self), transport: transport)
    }

    @inline(__always)
    private static func address(_ frame: borrowing Frame, at offset: Int) -> IPAddress {
        IPAddress(
            v6: frame.bigEndian(at: offset, as: UInt64.self), frame.bigEndian(at: offset &+ 8, as: UInt64.self))
    }

    /// Whether the transport header is whole and fits.
    @inline(__always)
    private mutating func readTransport(
        _ frame: borrowing Frame, _ transport: IPProtocol, at offset: Int, end: Int, checksumMayBeZero: Bool
    ) -> Bool {
        let available = end &- offset
        guard end <= frame.byteCount, available >= UDPHeader.Offset.end else { return false }
        transportOffset = UInt16(truncatingIfNeeded: offset)
        self.end = UInt32(truncatingIfNeeded: end)
        if transport == .udp {
            let lengthAndChecksum = frame.bigEndian(at: offset &+ UDPHeader.Offset.length, as: UInt32.self)
            let length = Int(lengthAndChecksum &>> 16)
            flags = []
            return length >= UDPHeader.Offset.end && length <= available
                && (checksumMayBeZero || lengthAndChecksum & 0xFFFF != 0)
        }
        guard transport == .tcp, available >= TCPHeader.Offset.minimumEnd else { return false }
        let byteCount = Int(frame.byte(at: offset &+ TCPHeader.Offset.dataOffset) &>> 4) &* 4
        flags = TCPFlags(rawValue: frame.byte(at: offset &+ TCPHeader.Offset.flags))
        return byteCount >= TCPHeader.Offset.minimumEnd && byteCount <= available
    }
}

extension Packet {
    /// The packet that arrived, between its ends.
    @inline(__always)
    init(_ arrival: borrowing Arrival, from source: Endpoint, to destination: Endpoint) {
        self.init(
            source: source, destination: destination, transport: arrival.key.transport, flags: arrival.flags,
            trafficClass: arrival.trafficClass, hopLimit: arrival.hopLimit, networkOffset: arrival.networkOffset,
            transportOffset: arrival.transportOffset, end: Int(arrival.end))
    }
}
