/// Cuts an IPv4 packet into fragments (RFC 791 §3.2), itself a fragment or not.
struct IPv4Fragmenter: BitwiseCopyable {
    private let packet: Packet
    /// Bytes of the longest fragment, its header included.
    private let limit: Int
    /// Bytes of the payload that are in fragments already.
    private var cut = 0

    /// Cuts a packet that routers may fragment; `nil` for others, if not even eight bytes fit behind the header, or for a
    /// fragment that ends beyond what any packet holds: the offsets of its parts would not fit into their fields.
    ///
    /// A checksum that was left to the interface has to be computed first, and a large frame to be segmented.
    ///
    /// - Parameters:
    ///   - packet: The packet.
    ///   - limit: Bytes of the longest fragment, its header included.
    init?(_ packet: Packet, limit: Int) {
        let headerByteCount = Int(packet.transportOffset) - Int(packet.networkOffset)
        guard packet.version == .v4, !packet.dontFragment, !packet.isMalformed, limit - headerByteCount >= 8,
            !packet.endsTooLate
        else { return nil }
        self.packet = packet
        self.limit = limit
    }

    /// Writes the next fragment.
    ///
    /// The first one has all options, the others those that are to be in every fragment (RFC 791 §3.1). Identification,
    /// class and time to live stay.
    ///
    /// - Parameters:
    ///   - frame: The frame that holds the packet, as it was when this was made.
    ///   - fragment: Becomes the fragment; it keeps its headroom.
    /// - Returns: `false`, with `fragment` as it was, if there is none left or it does not fit into the memory.
    mutating func next(of frame: borrowing Frame, into fragment: inout Frame) -> Bool {
        let network = Int(packet.networkOffset)
        let payload = Int(packet.transportOffset)
        let rest = packet.end - payload - cut
        guard rest > 0 else { return false }
        let options = cut == 0 ? payload - network - IPv4Header.Offset.minimumEnd : copiedOptions(of: frame)
        let headerByteCount = IPv4Header.Offset.minimumEnd + options
        let isLast = rest <= limit - headerByteCount
        let count = isLast ? rest : (limit - headerByteCount) & ~7
        let start = network + headerByteCount
        guard fragment.reset(headroom: fragment.headroom, byteCount: start + count) else { return false }

        fragment.copy(0..<network + IPv4Header.Offset.minimumEnd, of: frame, to: 0)
        writeOptions(of: frame, into: &fragment, byteCount: options)
        fragment.copy(payload + cut..<payload + cut + count, of: frame, to: start)
        fragment.metadata = frame.metadata
        fragment.metadata.segmentation = nil
        fragment.metadata.checksum = .complete
        let offset = (Int(packet.fragmentOffset) + cut) / 8
        let original = frame.bigEndian(at: network + IPv4Header.Offset.fragment, as: UInt16.self)
        let more = isLast ? original & IPv4Header.Fragment.moreFragments : IPv4Header.Fragment.moreFragments
        fragment.store(byte: 0x40 | UInt8(headerByteCount / 4), at: network)
        fragment.store(bigEndian: UInt16(headerByteCount + count), at: network + IPv4Header.Offset.totalLength)
        fragment.store(
            bigEndian: more | UInt16(truncatingIfNeeded: offset), at: network + IPv4Header.Offset.fragment)
        fragment.computeHeaderChecksum(at: network)
        cut += count
        return true
    }

    /// Bytes of the options in fragments other than the first, rounded up to words.
    private func copiedOptions(of frame: borrowing Frame) -> Int {
        var count = 0
        forEachCopiedOption(of: frame) { count += $0.count }
        return (count + 3) & ~3
    }

    private func writeOptions(of frame: borrowing Frame, into fragment: inout Frame, byteCount: Int) {
        let start = Int(packet.networkOffset) + IPv4Header.Offset.minimumEnd
        guard byteCount > 0 else { return }
        guard cut > 0 else { return fragment.copy(start..<start + byteCount, of: frame, to: start) }
        // Whatever no option fills says that they end.
        fragment.fill(start..<start + byteCount)
        frame.withBytes { bytes in
            var offset = start
            forEachCopiedOption(in: bytes) { option in
                fragment.store(bytes.extracting(option), at: offset)
                offset += option.count
            }
        }
    }

    private func forEachCopiedOption(of frame: borrowing Frame, _ body: (Range<Int>) -> Void) {
        frame.withBytes { forEachCopiedOption(in: $0, body) }
    }

    /// Visits the options whose copied flag is set, up to the end mark or one that contradicts its length.
    private func forEachCopiedOption(in bytes: RawSpan, _ body: (Range<Int>) -> Void) {
        var offset = Int(packet.networkOffset) + IPv4Header.Offset.minimumEnd
        let end = Int(packet.transportOffset)
        while offset < end {
            let type = bytes.byte(at: offset)
            // The end mark and "no operation" have no length, and are in no other fragment.
            if type == 0 { return }
            if type == 1 {
                offset += 1
                continue
            }
            guard end - offset >= 2 else { return }
            let length = Int(bytes.byte(at: offset + 1))
            guard length >= 2, length <= end - offset else { return }
            if type & 0x80 != 0 { body(offset..<offset + length) }
            offset += length
        }
    }
}
