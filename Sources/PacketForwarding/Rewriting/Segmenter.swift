/// Cuts a large frame into the segments that its sender left to the interface (TSO, USO).
///
/// Needed where no interface can: behind an outer header, and on links that do not know how.
struct Segmenter: BitwiseCopyable {
    private let packet: Packet
    private let segmentation: Segmentation
    /// Bytes from the frame's first byte to the payload: the headers of every segment.
    private let headerByteCount: Int
    /// Bytes of the payload that are in segments already.
    private var cut = 0
    private var index: UInt32 = 0

    /// Cuts `frame`; `nil` if it is not to be cut, or does not hold what its metadata say.
    ///
    /// - Parameters:
    ///   - frame: The large frame.
    ///   - packet: What it holds, or held before it was translated.
    init?(_ frame: borrowing Frame, _ packet: Packet) {
        guard let segmentation = frame.metadata.segmentation, segmentation.payloadByteCount > 0, packet.hasPorts,
            packet.part == .whole, packet.transport == (segmentation.kind == .udp ? .udp : .tcp)
        else { return nil }
        self.packet = packet
        self.segmentation = segmentation
        headerByteCount = Int(packet.payloadOffset)
    }

    /// Bytes of the longest segment from its IP header on: what has to fit the link.
    var longestPacket: Int {
        headerByteCount - Int(packet.networkOffset)
            + min(Int(segmentation.payloadByteCount), packet.end - headerByteCount)
    }

    /// Writes the next segment.
    ///
    /// - Parameters:
    ///   - frame: The large frame, as it was when this was made.
    ///   - segment: Becomes the segment, complete to its checksums; it keeps its headroom.
    /// - Returns: `false`, with `segment` as it was, if there is none left or it does not fit into the memory.
    mutating func next(of frame: borrowing Frame, into segment: inout Frame) -> Bool {
        guard cut < packet.end - headerByteCount || index == 0 else { return false }
        let start = headerByteCount + cut
        let end = min(start + Int(segmentation.payloadByteCount), packet.end)
        let byteCount = headerByteCount + end - start
        guard segment.reset(headroom: segment.headroom, byteCount: byteCount) else { return false }
        segment.copy(0..<headerByteCount, of: frame, to: 0)
        segment.copy(start..<end, of: frame, to: headerByteCount)
        segment.metadata = frame.metadata
        segment.metadata.segmentation = nil
        segment.metadata.checksum = .complete
        setNetworkLength(of: &segment)
        setTransport(of: &segment, isLast: end == packet.end)
        cut += end - start
        index += 1
        return true
    }

    private func setNetworkLength(of segment: inout Frame) {
        let network = Int(packet.networkOffset)
        switch packet.version {
        case .v4:
            segment.store(
                bigEndian: UInt16(truncatingIfNeeded: segment.byteCount - network),
                at: network + IPv4Header.Offset.totalLength)
            segment.store(
                bigEndian: UInt16(truncatingIfNeeded: packet.identification &+ index),
                at: network + IPv4Header.Offset.identification)
            segment.computeHeaderChecksum(at: network)
        case .v6:
            segment.store(
                bigEndian: UInt16(truncatingIfNeeded: segment.byteCount - network - IPv6Header.Offset.end),
                at: network + IPv6Header.Offset.payloadLength)
        }
    }

    private func setTransport(of segment: inout Frame, isLast: Bool) {
        let transport = Int(packet.transportOffset)
        let length = segment.byteCount - transport
        let checksum: Int
        if packet.transport == .tcp {
            checksum = transport + TCPHeader.Offset.checksum
            let sequence = segment.bigEndian(at: transport + TCPHeader.Offset.sequence, as: UInt32.self)
            segment.store(
                bigEndian: sequence &+ UInt32(truncatingIfNeeded: cut), at: transport + TCPHeader.Offset.sequence)
            var flags = packet.flags
            if !isLast { flags.subtract([.fin, .psh]) }
            if index > 0 { flags.remove(.cwr) }
            segment.store(byte: flags.rawValue, at: transport + TCPHeader.Offset.flags)
        } else {
            checksum = transport + UDPHeader.Offset.checksum
            segment.store(bigEndian: UInt16(truncatingIfNeeded: length), at: transport + UDPHeader.Offset.length)
        }
        segment.store(bigEndian: 0 as UInt16, at: checksum)
        var sum = segment.sum(transport..<segment.byteCount)
        // The addresses in the frame, which a translation may have changed.
        let network = Int(packet.networkOffset)
        switch packet.version {
        case .v4: sum.add(segment.sum(network + IPv4Header.Offset.source..<network + IPv4Header.Offset.minimumEnd))
        case .v6: sum.add(segment.sum(network + IPv6Header.Offset.source..<network + IPv6Header.Offset.end))
        }
        sum.add(UInt64(packet.transport.rawValue) + UInt64(length))
        let value = sum.checksum
        segment.store(bigEndian: packet.transport == .udp && value == 0 ? 0xFFFF : value, at: checksum)
    }
}

extension Frame {
    /// Computes the checksum of an IPv4 header anew.
    mutating func computeHeaderChecksum(at network: Int) {
        let end = network + Int(byte(at: network) & 0x0F) * 4
        store(bigEndian: 0 as UInt16, at: network + IPv4Header.Offset.checksum)
        store(bigEndian: sum(network..<end).checksum, at: network + IPv4Header.Offset.checksum)
    }
}
