/// Carrying a packet inside of another one.
extension Frame {
    /// Puts a packet into an outer one, in place: the frame grows at its front.
    ///
    /// The packet stays the same to the byte. The outer header has its class: DSCP and ECN are copied (RFC 2003 §3.1,
    /// RFC 2473 §6.4, RFC 6040 §4.1, normal mode). Padding behind the packet goes.
    ///
    /// What is to be segmented must have been before: no interface knows how to behind an outer header.
    ///
    /// - Parameters:
    ///   - packet: What the frame holds.
    ///   - tunnel: How it is to travel, and where to.
    ///   - flowHash: The same for all packets of a flow; it spreads flows over paths.
    /// - Returns: `false`, and no change but for padding, without the headroom, or if the outer packet would be longer than
    ///   a packet can be.
    @inline(__always)
    mutating func encapsulate(_ packet: Packet, in tunnel: Tunnel, flowHash: UInt64) -> Bool {
        precondition(metadata.segmentation == nil, "a frame that is to be segmented first")
        truncate(to: packet.end)
        let network = Int(packet.networkOffset)
        let header = OriginatedHeader(
            source: tunnel.source(of: packet, flowHash: flowHash), destination: tunnel.destination,
            transport: tunnel.transport(around: packet.version),
            payloadByteCount: tunnel.shimByteCount &+ packet.byteCount, trafficClass: packet.trafficClass)
        guard header.fits, moveLinkHeader(network, leaving: tunnel.overhead, before: network) else { return false }
        store(header, at: network)

        let shim = network &+ OriginatedHeader.byteCount(tunnel.destination.version)
        switch tunnel.encapsulation {
        case .ipip: break
        case .gre:
            let type: EtherType = packet.version == .v4 ? .ipv4 : .ipv6
            store(bigEndian: UInt32(type.rawValue), at: shim)
        case .gue:
            storeGUE(header, from: tunnel.sourcePort(of: packet, flowHash: flowHash), at: shim)
        }
        return true
    }

    /// Writes the UDP header of an outer packet.
    ///
    /// Over IPv4 it has no checksum: the packet has its own. IPv6 must have one (RFC 8200 §8.1).
    private mutating func storeGUE(_ header: OriginatedHeader, from port: UInt16, at offset: Int) {
        let fields =
            UInt64(port) &<< 48 | UInt64(GUEHeader.port) &<< 32 | UInt64(truncatingIfNeeded: header.payloadByteCount)
            &<< 16
        store(bigEndian: fields, at: offset)
        guard header.source.version == .v6 else { return }
        var sum = header.pseudoHeader
        sum.add(fields)
        sum.add(innerSum(from: offset &+ UDPHeader.Offset.end))
        let checksum = sum.checksum
        store(bigEndian: checksum == 0 ? 0xFFFF : checksum, at: offset &+ UDPHeader.Offset.checksum)
    }

    /// The sum from `offset` on, of what the frame will hold once the interface has computed the inner checksum.
    private func innerSum(from offset: Int) -> OnesComplementSum {
        guard case .partial(let start, let field) = metadata.checksum, Int(start) >= offset,
            Int(start) + Int(field) <= byteCount - 2
        else { return sum(offset..<byteCount) }
        // Then all from `start` on and the pseudo header sum up to nothing, so it is the complement of the latter, which
        // stands in the field (the kernel's "local checksum offload").
        var sum = sum(offset..<Int(start))
        sum.subtract(UInt64(bigEndian(at: Int(start) + Int(field), as: UInt16.self)))
        return sum
    }
}
