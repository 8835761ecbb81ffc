#if os(Linux)
    import Glibc

    /// Memory for the rare frames that are larger than a slot of a ring.
    @safe
    struct LargeFrames: ~Copyable {
        /// The longest that an IP packet can be, with its Ethernet header.
        private static let longest = 65_535 + 14

        // Invariant: `memory` is divided among `count` frames; those before `taken` are lent to the caller.
        private let memory: UnsafeMutableRawBufferPointer
        private let count: Int
        private let headroom: Int
        private let stride: Int
        private var taken = 0

        init(count: Int, headroom: Int) {
            self.count = count
            self.headroom = headroom + OffloadHeader.byteCount
            stride = (self.headroom + Self.longest + 63) & ~63
            unsafe memory = .allocate(byteCount: count * stride, alignment: 64)
        }

        deinit {
            unsafe memory.deallocate()
        }

        /// Whether another frame can be taken before the others are handed back.
        var hasRoom: Bool { taken < count }

        /// Takes the frame that waits longest in the socket; `nil` if there is none, or it cannot be forwarded.
        mutating func receive(from socket: borrowing PacketSocket, tag: VLANTag?, interface: UInt32) -> Frame? {
            guard hasRoom else { return nil }
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[taken * stride..<(taken + 1) * stride])
            let prefix = headroom - OffloadHeader.byteCount
            let target = unsafe UnsafeMutableRawBufferPointer(rebasing: part[prefix...])
            let flags = CInt(MSG_DONTWAIT) | CInt(MSG_TRUNC)
            let byteCount = unsafe recv(socket.descriptor.number, target.baseAddress, target.count, flags)
            guard byteCount > OffloadHeader.byteCount, byteCount <= target.count else { return nil }
            let header = unsafe OffloadHeader(UnsafeRawBufferPointer(target))
            guard header.isKnown else { return nil }
            taken += 1
            return unsafe Frame(
                memory: part, headroom: headroom, byteCount: byteCount - OffloadHeader.byteCount,
                metadata: FrameMetadata(
                    interface: interface, tag: tag, checksum: header.checksum, segmentation: header.segmentation))
        }

        /// Takes all frames back.
        mutating func release() {
            taken = 0
        }
    }
#endif
