import LoadBalancing

/// What can be told of a frame before the flow table is asked: a cache line, from which its flow is found.
///
/// It says something of whole TCP and UDP packets without options or extension headers alone, and nothing that
/// ``Packet`` would not say: all others are looked at from their beginning when their turn comes.
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
    var kind: Kind
    var flags: TCPFlags
    var hopLimit: UInt8
    var trafficClass: UInt8

    /// An arrival of which nothing is known.
    static var unknown: Arrival {
        Arrival(
            key: FlowKey(answersTo: IPAddress(v4: 0), port: 0, transport: .tcp), candidate: FlowTable.none, hash: 0,
            endpoint: 0, end: 0, networkOffset: 0, kind: .unknown, flags: [], hopLimit: 0, trafficClass: 0)
    }

    /// Bytes of the packet from its IP header on.
    @inline(__always)
    var byteCount: Int { Int(end &- UInt32(networkOffset)) }

    /// Where the transport header begins: right behind the IP header.
    @inline(__always)
    var transportOffset: UInt16 {
        networkOffset
            &+ UInt16(key.client.version == .v4 ? IPv4Header.Offset.minimumEnd : IPv6Header.Offset.end)
    }

    /// Whether a tag stands in the frame.
    @inline(__always)
    var isTagged: Bool { networkOffset != EthernetHeader.Offset.untaggedEnd }
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
    /// The shortest frame of which something is said: IPv4 and UDP without data.
    static let shortestFrame = EthernetHeader.Offset.untaggedEnd + shortest(IPv4Header.Offset.minimumEnd)

    @inline(__always)
    private static func shortest(_ header: Int) -> Int { header + UDPHeader.Offset.end }

    /// Reads the headers of an IPv4 packet; `nil` for one of which nothing is to be said here.
    ///
    /// - Parameters:
    ///   - frame: The frame.
    ///   - network: Where the IP header begins.
    /// - Returns: both ends of the packet.
    @inline(__always)
    mutating func read(v4 frame: FrameBytes, at network: Int) -> ArrivalEnds? {
        guard frame.count >= network &+ Self.shortest(IPv4Header.Offset.minimumEnd) else { return nil }
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
        let total = Int(truncatingIfNeeded: first &>> 32 & 0xFFFF)
        let transport = IPProtocol(rawValue: UInt8(truncatingIfNeeded: second &>> 48))
        let offset = network &+ IPv4Header.Offset.minimumEnd
        guard frame.count &- network >= total,
            readTransport(
                frame, transport, at: offset, available: total &- IPv4Header.Offset.minimumEnd, checksumMayBeZero: true)
        else { return nil }
        networkOffset = UInt16(truncatingIfNeeded: network)
        end = UInt32(truncatingIfNeeded: network &+ total)
        trafficClass = UInt8(truncatingIfNeeded: first &>> 48)
        hopLimit = UInt8(truncatingIfNeeded: second &>> 56)
        return ArrivalEnds(
            source: IPAddress(v4: UInt32(truncatingIfNeeded: second)), destination: IPAddress(v4: third),
            ports: frame.bigEndian(at: offset, as: UInt32.self), transport: transport)
    }

    /// Reads the headers of an IPv6 packet; `nil` for one of which nothing is to be said here.
    ///
    /// - Parameters:
    ///   - frame: The frame.
    ///   - network: Where the IP header begins.
    /// - Returns: both ends of the packet.
    @inline(__always)
    mutating func read(v6 frame: FrameBytes, at network: Int) -> ArrivalEnds? {
        guard frame.count >= network &+ Self.shortest(IPv6Header.Offset.end) else { return nil }
        // Version, class, flow label, payload length, next header, hop limit.
        let first = frame.bigEndian(at: network, as: UInt64.self)
        guard first &>> 60 == 6 else { return nil }
        let available = Int(truncatingIfNeeded: first &>> 16 & 0xFFFF)
        let transport = IPProtocol(rawValue: UInt8(truncatingIfNeeded: first &>> 8))
        let offset = network &+ IPv6Header.Offset.end
        guard frame.count &- offset >= available,
            readTransport(frame, transport, at: offset, available: available, checksumMayBeZero: false)
        else { return nil }
        networkOffset = UInt16(truncatingIfNeeded: network)
        end = UInt32(truncatingIfNeeded: offset &+ available)
        trafficClass = UInt8(truncatingIfNeeded: first &>> 52)
        hopLimit = UInt8(truncatingIfNeeded: first)
        return ArrivalEnds(
            source: Self.address(frame, at: network &+ IPv6Header.Offset.source),
            destination: Self.address(frame, at: network &+ IPv6Header.Offset.destination),
            ports: frame.bigEndian(at: offset, as: UInt32.self), transport: transport)
    }

    @inline(__always)
    private static func address(_ frame: FrameBytes, at offset: Int) -> IPAddress {
        IPAddress(
            v6: frame.bigEndian(at: offset, as: UInt64.self), frame.bigEndian(at: offset &+ 8, as: UInt64.self))
    }

    /// Whether the transport header is whole and fits into `available` bytes, which the frame has from `offset` on.
    @inline(__always)
    private mutating func readTransport(
        _ frame: FrameBytes, _ transport: IPProtocol, at offset: Int, available: Int, checksumMayBeZero: Bool
    ) -> Bool {
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
    init(_ arrival: Arrival, from source: Endpoint, to destination: Endpoint) {
        self.init(
            source: source, destination: destination, transport: arrival.key.transport, flags: arrival.flags,
            trafficClass: arrival.trafficClass, hopLimit: arrival.hopLimit, networkOffset: arrival.networkOffset,
            transportOffset: arrival.transportOffset, end: Int(arrival.end))
    }
}
