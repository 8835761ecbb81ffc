/// Who has computed, or is to compute, the transport checksum of a frame.
public enum ChecksumState: Hashable, Sendable, BitwiseCopyable {
    /// The frame holds what the sender computed, right or wrong.
    case complete

    /// The interface vouches for the checksum that the frame holds.
    case trusted

    /// The interface computes the checksum when it sends: over all bytes from `start` on, and writes it `offset` bytes
    /// behind `start`, where until then the sum of the pseudo header stands, not complemented.
    ///
    /// `start` counts from the frame's first byte. A virtual machine's or container's own frames arrive like this
    /// (virtio-net, `VIRTIO_NET_HDR_F_NEEDS_CSUM`).
    case partial(start: UInt16, offset: UInt16)

    /// Whether the checksum of the transport header at an offset is still to be computed.
    ///
    /// That of a header inside may be, while an outer one is complete.
    @inline(__always)
    func isPartial(at transportOffset: Int) -> Bool {
        if case .partial(let start, _) = self { Int(start) == transportOffset } else { false }
    }

    /// Follows the frame's first byte, which moved `count` bytes to the front.
    @inline(__always)
    mutating func moveStart(by count: Int) {
        guard case .partial(let start, let offset) = self else { return }
        self = .partial(start: UInt16(truncatingIfNeeded: Int(start) &+ count), offset: offset)
    }
}
