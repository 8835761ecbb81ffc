/// What the headers of an IP packet in a frame say: read once, at the door.
///
/// Positions count from the frame's first byte. All numbers are in the machine's byte order.
struct Packet: BitwiseCopyable {
    /// Which part of a datagram this is.
    enum Part: UInt8, BitwiseCopyable {
        /// All of it; it may have an atomic fragment header (RFC 6946).
        case whole
        /// A fragment with the transport header.
        case first
        /// A fragment without it.
        case later
    }

    let source: IPAddress
    let destination: IPAddress
    /// 0 unless ``hasPorts``.
    private(set) var sourcePort: UInt16 = 0
    /// 0 unless ``hasPorts``.
    private(set) var destinationPort: UInt16 = 0
    /// The control bits of a TCP segment; none without ``hasPorts``.
    private(set) var flags: TCPFlags = []
    /// Whether a TCP or UDP header stands at ``transportOffset``, complete and consistent.
    private(set) var hasPorts = false
    /// Whether the headers contradict one another or the frame, so that only ``destination``, ``source``, the traffic
    /// class and the hop limit count.
    private(set) var isMalformed: Bool
    private(set) var part: Part = .whole
    /// What the packet carries, behind all extension headers.
    private(set) var transport: IPProtocol
    /// Six bits of DSCP and two of ECN.
    let trafficClass: UInt8
    /// Time to live or hop limit.
    let hopLimit: UInt8
    /// Whether routers may not fragment the packet: IPv4's flag, and always for IPv6.
    let dontFragment: Bool
    /// Where the IP header begins.
    let networkOffset: UInt16
    /// Where the transport header begins; in a later fragment its data.
    private(set) var transportOffset: UInt16
    /// Where the data of a segment or datagram begins; 0 unless ``hasPorts``.
    private(set) var payloadOffset: UInt16 = 0
    /// Bytes of the datagram's payload before this fragment.
    private(set) var fragmentOffset: UInt16 = 0
    /// What the fragments of a datagram have in common.
    private(set) var identification: UInt32 = 0
    /// Where the packet ends: what follows is padding.
    private(set) var end: Int

    var version: IPVersion {
        @inline(__always) get { source.version }
    }

    /// Whether the packet carries the ICMP of its own version.
    var carriesICMP: Bool {
        @inline(__always) get { transport == (version == .v4 ? .icmp : .icmpv6) }
    }

    /// Bytes of data in a segment, or from the data of a datagram to the end of its packet; it must have ports.
    var payloadByteCount: Int {
        @inline(__always) get { end &- Int(payloadOffset) }
    }

    /// Bytes of the packet from its IP header on.
    var byteCount: Int { end &- Int(networkOffset) }

    /// Whether this is a fragment that ends beyond the longest datagram: no honest sender makes such.
    var endsTooLate: Bool { Int(fragmentOffset) &+ byteCount > 0xFFFF }

    /// A whole packet with ports whose headers were read elsewhere; where its data begins is not known.
    @inline(__always)
    init(
        source: Endpoint, destination: Endpoint, transport: IPProtocol, flags: TCPFlags, trafficClass: UInt8,
        hopLimit: UInt8, networkOffset: UInt16, transportOffset: UInt16, end: Int
    ) {
        self.source = source.address
        self.destination = destination.address
        sourcePort = source.port
        destinationPort = destination.port
        self.flags = flags
        hasPorts = true
        isMalformed = false
        self.transport = transport
        self.trafficClass = trafficClass
        self.hopLimit = hopLimit
        dontFragment = true
        self.networkOffset = networkOffset
        self.transportOffset = transportOffset
        self.end = end
    }

    /// Reads a packet behind an Ethernet header.
    ///
    /// `nil` if the IP header is cut short, or of another version than the EtherType says, or the EtherType is neither
    /// version's: it cannot be told whom the packet is for.
    ///
    /// - Parameters:
    ///   - frame: The frame from its destination MAC address on.
    ///   - header: The frame's Ethernet header; its EtherType is that of IPv4 or IPv6.
    ///   - checksum: Who computes the transport checksum.
    @inline(__always)
    init?(_ frame: RawSpan, behind header: EthernetHeader, checksum: ChecksumState = .complete) {
        if header.etherType == .ipv4 {
            self.init(v4: frame, at: header.byteCount, limit: frame.byteCount)
        } else if header.etherType == .ipv6 {
            self.init(v6: frame, at: header.byteCount, limit: frame.byteCount, checksum: checksum)
        } else {
            return nil
        }
    }

    /// Reads a packet inside of another one; `nil` if its header is cut short, or of another version.
    ///
    /// - Parameters:
    ///   - frame: The frame.
    ///   - offset: Where the packet begins.
    ///   - limit: Where the outer packet ends: at most at the end of the frame.
    ///   - version: The version that the outer packet says it has.
    init?(_ frame: RawSpan, at offset: Int, limit: Int, version: IPVersion) {
        switch version {
        case .v4: self.init(v4: frame, at: offset, limit: limit)
        case .v6: self.init(v6: frame, at: offset, limit: limit, checksum: .complete)
        }
    }

    @inline(__always)
    private init?(v4 frame: RawSpan, at offset: Int, limit: Int) {
        guard limit &- offset >= IPv4Header.Offset.minimumEnd, let header = IPv4Header(frame, at: offset) else {
            return nil
        }
        source = IPAddress(v4: header.source)
        destination = IPAddress(v4: header.destination)
        trafficClass = header.trafficClass
        hopLimit = header.timeToLive
        dontFragment = header.dontFragment
        transport = header.transport
        identification = UInt32(header.identification)
        networkOffset = UInt16(truncatingIfNeeded: offset)
        transportOffset = UInt16(truncatingIfNeeded: offset &+ header.byteCount)
        end = offset &+ header.totalByteCount
        isMalformed = !header.isConsistent(within: limit &- offset)
        if isMalformed { return }
        guard IPv4Header.sum(frame, at: offset, byteCount: header.byteCount).checksum == 0 else {
            isMalformed = true
            return
        }
        if header.isFragment {
            fragmentOffset = UInt16(truncatingIfNeeded: header.fragmentOffset)
            part = fragmentOffset == 0 ? .first : .later
        }
        readTransport(frame, checksumMayBeZero: true)
    }

    @inline(__always)
    private init?(v6 frame: RawSpan, at offset: Int, limit: Int, checksum: ChecksumState) {
        guard limit &- offset >= IPv6Header.Offset.end, let header = IPv6Header(frame, at: offset) else { return nil }
        source = header.source
        destination = header.destination
        trafficClass = header.trafficClass
        hopLimit = header.hopLimit
        dontFragment = true
        transport = header.nextHeader
        networkOffset = UInt16(truncatingIfNeeded: offset)
        transportOffset = UInt16(truncatingIfNeeded: offset &+ IPv6Header.Offset.end)
        end = offset &+ header.totalByteCount
        isMalformed = end > limit
        if isMalformed { return }
        if header.nextHeader.isExtension { walkExtensions(frame, at: offset) }
        if isMalformed { return }
        readTransport(frame, checksumMayBeZero: checksum.isPartial(at: Int(transportOffset)))
    }

    private mutating func walkExtensions(_ frame: RawSpan, at offset: Int) {
        guard let headers = IPv6ExtensionHeaders(frame, behind: offset, limit: end) else {
            isMalformed = true
            return
        }
        transport = headers.transport
        // Eight headers of up to 2048 bytes fit.
        transportOffset = UInt16(truncatingIfNeeded: headers.end)
        identification = headers.identification
        guard let fragment = headers.fragment else { return }
        fragmentOffset = fragment & IPv6ExtensionHeaders.Fragment.offsetMask
        if fragmentOffset != 0 {
            part = .later
        } else if fragment & IPv6ExtensionHeaders.Fragment.moreFragments != 0 {
            part = .first
        }
    }

    @inline(__always)
    private mutating func readTransport(_ frame: RawSpan, checksumMayBeZero: Bool) {
        guard part != .later else { return }
        let offset = Int(transportOffset)
        if transport == .tcp {
            guard let header = TCPHeader(frame, at: offset, limit: end) else {
                isMalformed = true
                return
            }
            (sourcePort, destinationPort, flags) = (header.sourcePort, header.destinationPort, header.flags)
            payloadOffset = UInt16(truncatingIfNeeded: offset &+ header.byteCount)
            hasPorts = true
        } else if transport == .udp {
            guard let header = UDPHeader(frame, at: offset, limit: end), header.length >= UDPHeader.Offset.end,
                part == .first || header.length <= end &- offset, checksumMayBeZero || header.checksum != 0
            else {
                isMalformed = true
                return
            }
            (sourcePort, destinationPort) = (header.sourcePort, header.destinationPort)
            payloadOffset = UInt16(truncatingIfNeeded: offset &+ UDPHeader.Offset.end)
            hasPorts = true
        } else if carriesICMP {
            isMalformed = end &- offset < ICMPHeader.Offset.end
        }
    }
}
