import PacketForwarding

/// A frame as plain bytes, with what is known of it besides.
struct PlainFrame: Equatable {
    var bytes: [UInt8]
    var metadata: FrameMetadata

    init(_ frame: borrowing Frame) {
        bytes = frame.withBytes { span in
            unsafe span.withUnsafeBytes { unsafe Array($0) }
        }
        metadata = frame.metadata
    }

    /// The frame that a script describes.
    init(_ arrival: FrameArrival) {
        bytes = arrival.bytesOfFrame
        metadata = FrameMetadata(interface: UInt32(arrival.interface))
        if !arrival.isRaw { repairChecksums() }
        guard let said = arrival.metadata else { return }
        metadata.tag = said.tag.map { VLANTag(control: $0, etherType: said.isProvidersTag ? .providerVLAN : .vlan) }
        metadata.segmentation = said.segmentation
        switch said.checksum {
        case .complete: break
        case .trusted: metadata.checksum = .trusted
        case .partial: metadata.checksum = .partial(start: said.start, offset: said.offset)
        case .honestlyPartial: leaveChecksumToInterface()
        }
    }

    /// Makes the checksums right that are verified on the way: those of the IPv4 header and of ICMP.
    private mutating func repairChecksums() {
        let start = linkByteCount
        let header = start < bytes.count ? Int(bytes[start] & 15) * 4 : 0
        if etherType == 0x0800, header >= 20, start + header <= bytes.count {
            setChecksum(at: start + 10, over: start..<start + header, pseudoHeader: 0)
        }
        guard let packet = try? WirePacket(bytes, at: start, until: bytes.count), packet.isWhole, packet.carriesICMP,
            let field = packet.checksumField
        else { return }
        setChecksum(
            at: packet.transport + field, over: packet.transport..<packet.end, pseudoHeader: packet.pseudoHeader)
    }

    private mutating func setChecksum(at field: Int, over range: Range<Int>, pseudoHeader: UInt16) {
        (bytes[field], bytes[field + 1]) = (0, 0)
        let value = ~InternetSum.add(pseudoHeader, InternetSum.sum(bytes[range]))
        bytes[field] = UInt8(value >> 8)
        bytes[field + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// Puts the sum of the pseudo header where the transport checksum is, as the sender of a frame does that leaves the rest to
    /// the interface.
    private mutating func leaveChecksumToInterface() {
        guard let packet = try? WirePacket(bytes, at: linkByteCount, until: bytes.count), packet.isWhole,
            let field = packet.checksumField
        else { return }
        let sum = packet.pseudoHeader
        bytes[packet.transport + field] = UInt8(sum >> 8)
        bytes[packet.transport + field + 1] = UInt8(truncatingIfNeeded: sum)
        metadata.checksum = .partial(start: UInt16(packet.transport), offset: UInt16(field))
    }

    /// The frame after an interface has computed the checksum that was left to it; `nil` if it cannot.
    var completed: PlainFrame? {
        guard case .partial(let start, let offset) = metadata.checksum else { return self }
        let field = Int(start) + Int(offset)
        guard field + 2 <= bytes.count else { return nil }
        var frame = self
        let value = ~InternetSum.sum(bytes[Int(start)...])
        frame.bytes[field] = UInt8(value >> 8)
        frame.bytes[field + 1] = UInt8(truncatingIfNeeded: value)
        frame.metadata.checksum = .complete
        return frame
    }

    /// Bytes of the link header; a tag that stands in the metadata takes none.
    var linkByteCount: Int { metadata.tag == nil && number(at: 12) == 0x8100 ? 18 : 14 }

    /// What the frame carries; `nil` if it is cut short.
    var etherType: UInt16? { number(at: linkByteCount - 2) }

    func number(at offset: Int) -> UInt16? {
        offset + 2 <= bytes.count ? UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) : nil
    }

    /// The IP packet in the frame, checked against the frame's end.
    ///
    /// - Throws: what contradicts the standards.
    func packet() throws(WireFault) -> WirePacket {
        switch etherType {
        case 0x0800, 0x86DD:
            let packet = try WirePacket(bytes, at: linkByteCount, until: bytes.count)
            guard packet.version == (etherType == 0x0800 ? 4 : 6) else {
                throw WireFault("EtherType and version differ")
            }
            return packet
        default: throw WireFault("no IP packet")
        }
    }
}

/// The sum of all checksums of the Internet, as RFC 1071 defines it: two bytes at a time.
enum InternetSum {
    /// The sum of 16-bit words with the carry coming in again; an odd last byte is followed by a zero.
    static func sum(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var sum: UInt32 = 0
        var isUpper = true
        for byte in bytes {
            sum += isUpper ? UInt32(byte) << 8 : UInt32(byte)
            if sum > 0xFFFF { sum -= 0xFFFF }
            isUpper.toggle()
        }
        return UInt16(sum)
    }

    /// The sum of two sums.
    static func add(_ first: UInt16, _ second: UInt16) -> UInt16 {
        let sum = UInt32(first) + UInt32(second)
        return UInt16(sum > 0xFFFF ? sum - 0xFFFF : sum)
    }
}

/// What is wrong with a packet.
struct WireFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
