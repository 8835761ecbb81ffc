/// What stands in front of a frame of a packet socket: who computes its checksum, and how it is to be cut.
///
/// `struct virtio_net_hdr` in the byte order of the machine (`PACKET_VNET_HDR`, packet(7); Virtual I/O Device 1.2, 5.1.6).
struct OffloadHeader: Equatable {
    private enum Flag {
        static let needsChecksum: UInt8 = 1
        static let checksumIsValid: UInt8 = 2
    }

    private enum Kind {
        static let none: UInt8 = 0
        static let tcpOverIPv4: UInt8 = 1
        static let tcpOverIPv6: UInt8 = 4
        static let udp: UInt8 = 5
        /// Beside a kind of TCP: the first segment alone carries CWR.
        static let congestion: UInt8 = 0x80
    }

    static let byteCount = 10

    var flags: UInt8 = 0
    var kind: UInt8 = 0
    var headerByteCount: UInt16 = 0
    var payloadByteCount: UInt16 = 0
    var checksumStart: UInt16 = 0
    var checksumOffset: UInt16 = 0

    /// The first ten bytes of `bytes`.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        flags = unsafe bytes[0]
        kind = unsafe bytes[1]
        headerByteCount = unsafe bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
        payloadByteCount = unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
        checksumStart = unsafe bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
        checksumOffset = unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    }

    /// What the kernel is to be told of a frame; `headerByteCount` is up to the end of its transport header.
    @inline(__always)
    init(_ metadata: FrameMetadata, headerByteCount: Int) {
        if case .partial(let start, let offset) = metadata.checksum {
            flags = Flag.needsChecksum
            checksumStart = start
            checksumOffset = offset
        }
        guard let segmentation = metadata.segmentation else { return }
        kind =
            switch segmentation.kind {
            case .tcpOverIPv4: Kind.tcpOverIPv4
            case .tcpOverIPv6: Kind.tcpOverIPv6
            case .udp: Kind.udp
            }
        if segmentation.hasCongestionWindowReduced { kind |= Kind.congestion }
        payloadByteCount = segmentation.payloadByteCount
        self.headerByteCount = UInt16(truncatingIfNeeded: headerByteCount)
    }

    /// Writes the header over the first ten bytes of `bytes`.
    @inline(__always)
    func write(to bytes: UnsafeMutableRawBufferPointer) {
        unsafe bytes[0] = flags
        unsafe bytes[1] = kind
        unsafe bytes.storeBytes(of: headerByteCount, toByteOffset: 2, as: UInt16.self)
        unsafe bytes.storeBytes(of: payloadByteCount, toByteOffset: 4, as: UInt16.self)
        unsafe bytes.storeBytes(of: checksumStart, toByteOffset: 6, as: UInt16.self)
        unsafe bytes.storeBytes(of: checksumOffset, toByteOffset: 8, as: UInt16.self)
    }

    /// Who has computed the checksum.
    @inline(__always)
    var checksum: ChecksumState {
        if flags & Flag.needsChecksum != 0 { return .partial(start: checksumStart, offset: checksumOffset) }
        return flags & Flag.checksumIsValid != 0 ? .trusted : .complete
    }

    /// How the frame is to be cut; `nil` also for a kind that nobody knows, of which ``isKnown`` tells.
    var segmentation: Segmentation? {
        let segments: Segmentation.Kind? =
            switch kind & ~Kind.congestion {
            case Kind.tcpOverIPv4: .tcpOverIPv4
            case Kind.tcpOverIPv6: .tcpOverIPv6
            case Kind.udp: .udp
            default: nil
            }
        return segments.map {
            Segmentation(
                kind: $0, payloadByteCount: payloadByteCount,
                hasCongestionWindowReduced: kind & Kind.congestion != 0)
        }
    }

    /// Whether a frame of this kind can be forwarded: it is sent as it is, or cut in a way that has a name.
    var isKnown: Bool { kind == Kind.none || segmentation != nil }
}
