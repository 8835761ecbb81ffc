/// The beginning of a packet that an ICMP error quotes (RFC 792, RFC 4443 §2.4).
///
/// Positions count from the start of the bytes that it was read from.
struct QuotedPacket: BitwiseCopyable {
    /// The sender as it stood in the packet, with port 0 unless ``hasPorts``.
    private(set) var source: Endpoint
    /// The receiver as it stood in the packet, with port 0 unless ``hasPorts``.
    private(set) var destination: Endpoint
    /// Whether a TCP or UDP header follows, and is quoted to behind its ports.
    private(set) var hasPorts = false
    let transport: IPProtocol
    let networkOffset: Int
    let transportOffset: Int
    /// Where the quotation ends.
    let end: Int

    var version: IPVersion { source.address.version }

    /// Reads the packet at `offset`; `nil` if its header and four bytes more are not there, or it is of another version.
    ///
    /// - Parameters:
    ///   - bytes: The message, or the packet or frame that it lies in.
    ///   - offset: Where the quotation begins.
    ///   - end: Where it ends: at most at the end of `bytes`.
    ///   - version: The version of the packet that brought it.
    init?(_ bytes: RawSpan, at offset: Int, end: Int, version: IPVersion) {
        let isLaterFragment: Bool
        switch version {
        case .v4:
            guard end &- offset >= IPv4Header.Offset.minimumEnd, let header = IPv4Header(bytes, at: offset),
                header.byteCount >= IPv4Header.Offset.minimumEnd
            else { return nil }
            source = Endpoint(IPAddress(v4: header.source), 0)
            destination = Endpoint(IPAddress(v4: header.destination), 0)
            transport = header.transport
            transportOffset = offset &+ header.byteCount
            isLaterFragment = header.fragmentOffset != 0
        case .v6:
            guard end &- offset >= IPv6Header.Offset.end, let header = IPv6Header(bytes, at: offset) else { return nil }
            source = Endpoint(header.source, 0)
            destination = Endpoint(header.destination, 0)
            // Behind a header that is cut short nothing is known, but it is known whose packet this is.
            let headers = IPv6ExtensionHeaders(bytes, behind: offset, limit: end)
            transport = headers?.transport ?? header.nextHeader
            transportOffset = headers?.end ?? offset &+ IPv6Header.Offset.end
            isLaterFragment = headers?.isLaterFragment ?? false
        }
        guard end &- transportOffset >= 4 else { return nil }
        networkOffset = offset
        self.end = end
        hasPorts = !isLaterFragment && (transport == .tcp || transport == .udp)
        if hasPorts {
            source.port = bytes.bigEndian16(at: transportOffset &+ TCPHeader.Offset.sourcePort)
            destination.port = bytes.bigEndian16(at: transportOffset &+ TCPHeader.Offset.destinationPort)
        }
    }

    /// Where the transport checksum stands; `nil` if there is none, or the quotation ends before it does.
    var checksumOffset: Int? {
        guard hasPorts else { return nil }
        let offset =
            transportOffset &+ (transport == .tcp ? TCPHeader.Offset.checksum : UDPHeader.Offset.checksum)
        return offset &+ 2 <= end ? offset : nil
    }
}

extension Packet {
    /// The packet that the ICMP error in this one quotes.
    ///
    /// - Parameter bytes: The frame.
    /// - Returns: `nil` if this is no error, or the quotation is too short to tell whose it is.
    func quotedPacket(_ bytes: RawSpan) -> QuotedPacket? {
        guard ICMPHeader(bytes, of: self)?.type.isError == true else { return nil }
        return QuotedPacket(bytes, at: Int(transportOffset) &+ ICMPHeader.Offset.end, end: end, version: version)
    }
}
