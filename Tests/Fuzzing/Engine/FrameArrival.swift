import PacketForwarding

/// A frame that comes in, with what its interface says of it.
struct FrameArrival: Hashable {
    /// What the interface says, in few bits.
    enum Checksum: UInt8 {
        case complete, trusted
        /// Left to the interface: where the packet's own transport checksum is, whose field is made to fit.
        case honestlyPartial
        /// Left to the interface, at whatever place.
        case partial
    }

    var interface: UInt8
    /// Bytes before and behind the frame in its memory: 0, 20, 64, or 128.
    var room: UInt8
    var metadata: Metadata?
    /// Whether checksums that the engine verifies stay as they are; else they are made right, since hardly any change of a
    /// header would get past the first check.
    var isRaw = true
    /// Whether the engine is asked before what it will do.
    var isExplained = false
    var bytesOfFrame: [UInt8]

    struct Metadata: Hashable {
        var tag: UInt16?
        var isProvidersTag: Bool
        var checksum: Checksum
        var start: UInt16
        var offset: UInt16
        var segmentation: Segmentation?
    }

    init(interface: UInt8, room: UInt8 = 3, metadata: Metadata? = nil, _ bytes: [UInt8]) {
        self.interface = interface
        self.room = room
        self.metadata = metadata
        bytesOfFrame = bytes
    }

    init?(_ kind: UInt8, _ reader: inout ByteReader) {
        interface = kind & 3
        room = kind >> 2 & 3
        isRaw = kind & 0x20 != 0
        isExplained = kind & 0x40 != 0
        metadata = kind & 0x10 != 0 ? Metadata(&reader) : nil
        guard let count = reader.number() else { return nil }
        bytesOfFrame = reader.take(Int(count))
    }

    var bytes: [UInt8] {
        [interface & 3 | room << 2 | (metadata == nil ? 0 : 0x10) | (isRaw ? 0x20 : 0) | (isExplained ? 0x40 : 0)]
            + (metadata?.bytes ?? [])
            + UInt16(bytesOfFrame.count).bytes + bytesOfFrame
    }

    /// Bytes before and behind the frame.
    var roomByteCount: Int { [0, 20, 64, 128][Int(room)] }
}

extension FrameArrival.Metadata {
    private static let kinds: [Segmentation.Kind] = [.tcpOverIPv4, .tcpOverIPv6, .udp]

    fileprivate init(_ reader: inout ByteReader) {
        let flags = reader.byte() ?? 0
        tag = flags & 1 != 0 ? reader.number() : nil
        isProvidersTag = flags & 0x80 != 0
        checksum = FrameArrival.Checksum(rawValue: flags >> 1 & 3) ?? .complete
        start = checksum == .partial ? reader.number() ?? 0 : 0
        offset = checksum == .partial ? reader.number() ?? 0 : 0
        let kind = Int(flags >> 3 & 3)
        segmentation =
            kind == 0
            ? nil
            : Segmentation(
                kind: Self.kinds[kind - 1], payloadByteCount: reader.number() ?? 0,
                hasCongestionWindowReduced: flags & 0x20 != 0)
    }

    fileprivate var bytes: [UInt8] {
        var flags: UInt8 = (tag == nil ? 0 : 1) | checksum.rawValue << 1 | (isProvidersTag ? 0x80 : 0)
        var rest = tag?.bytes ?? []
        if checksum == .partial { rest += start.bytes + offset.bytes }
        if let segmentation {
            flags |= UInt8(Self.kinds.firstIndex(of: segmentation.kind).map { $0 + 1 } ?? 0) << 3
            if segmentation.hasCongestionWindowReduced { flags |= 0x20 }
            rest += segmentation.payloadByteCount.bytes
        }
        return [flags] + rest
    }
}

extension UInt16 {
    /// The two bytes, the upper one first.
    var bytes: [UInt8] { [UInt8(truncatingIfNeeded: self >> 8), UInt8(truncatingIfNeeded: self)] }
}
