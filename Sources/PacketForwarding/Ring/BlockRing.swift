#if os(Linux)
    import CPacketSocket
    import Glibc

    /// A receive ring of large blocks, each handed over when it is full or a millisecond old (`TPACKET_V3`).
    ///
    /// The ring for floods: frames of all sizes lie one behind the other, and the kernel wakes nobody for a single one.
    struct BlockRing: ~Copyable {
        private enum BlockOffset {
            static let status = 8
            static let frameCount = 12
            static let firstFrame = 16
        }

        private enum Offset {
            static let next = 0
            static let byteCountInRing = 12
            static let byteCount = 16
            static let status = 20
            static let frame = 24
            static let tagControl = 32
            static let tagEtherType = 36
            /// Behind the header and the address that the kernel writes.
            static let end = 80
        }

        private let mapping: RingMapping
        private let blockByteCount: Int
        private let blockCount: Int
        /// The block that is being read, or is filled next.
        private var current = 0
        /// Whether `current` is being read; the frames that are left in it, and where the next of them is.
        private var isReading = false
        private var left = 0
        private var position = 0
        /// Blocks before `current` that are lent to the caller.
        private var finished = 0
        /// Frames that came cut short, or of a kind that cannot be forwarded.
        private(set) var unusable: UInt64 = 0
        /// Blocks that came full and blocks that came because their time was over, since ``takeLoad()``.
        private var load = RingLoad()

        /// Gives the socket a ring; to be done before it is bound.
        init(_ socket: borrowing PacketSocket, blockCount: Int, blockByteCount: Int, headroom: Int)
            throws(PacketSocketError)
        {
            try RingMemory.check(blockCount, of: blockByteCount, on: socket.name)
            try socket.set(PACKET_VERSION, to: CInt(TPACKET_V3.rawValue))
            try socket.set(PACKET_VNET_HDR, to: CInt(1))
            try socket.set(PACKET_RESERVE, to: CInt(headroom))
            var request = tpacket_req3()
            request.tp_block_size = UInt32(blockByteCount)
            request.tp_block_nr = UInt32(blockCount)
            request.tp_frame_size = 2_048
            request.tp_frame_nr = request.tp_block_nr * (request.tp_block_size / request.tp_frame_size)
            request.tp_retire_blk_tov = 1
            try socket.set(PACKET_RX_RING, to: request, as: .mapRing)
            let mapping = try RingMapping(socket, byteCount: blockCount * blockByteCount)
            self.blockByteCount = blockByteCount
            self.blockCount = blockCount
            self.mapping = mapping
        }

        /// Fills `batch` with the frames that are there, in place.
        ///
        /// They may be used until ``release()``.
        mutating func receive(into batch: inout FrameBatch, interface: UInt32) {
            while !batch.isFull {
                guard left > 0 || open() else { return }
                let header = position
                let received = ReceivedFrame(
                    memory: header &+ Offset.end..<frameEnd(header),
                    start: header &+ Int(mapping.word16(at: header + Offset.frame)),
                    byteCount: Int(mapping.word32(at: header + Offset.byteCountInRing)),
                    status: mapping.word32(at: header + Offset.status),
                    tagControl: mapping.word16(at: header + Offset.tagControl),
                    tagEtherType: mapping.word16(at: header + Offset.tagEtherType))
                left &-= 1
                position &+= Int(mapping.word32(at: header + Offset.next))
                if mapping.word32(at: header + Offset.byteCount) == UInt32(received.byteCount),
                    let frame = mapping.frame(received, interface: interface)
                {
                    batch.append(frame)
                } else {
                    unusable &+= 1
                }
            }
        }

        /// Where the memory of the frame behind `header` ends: at the next one, or with its own last byte.
        @inline(__always)
        private func frameEnd(_ header: Int) -> Int {
            let next = Int(mapping.word32(at: header + Offset.next))
            guard next == 0 else { return header &+ next }
            return header &+ Int(mapping.word16(at: header + Offset.frame))
                &+ Int(mapping.word32(at: header + Offset.byteCountInRing))
        }

        /// Goes on to the next block that has frames; whether there is one.
        private mutating func open() -> Bool {
            while true {
                close()
                guard finished < blockCount else { return false }
                let block = current &* blockByteCount
                let status = mapping.status(at: block + BlockOffset.status)
                guard status & UInt32(TP_STATUS_USER) != 0 else { return false }
                isReading = true
                left = Int(mapping.word32(at: block + BlockOffset.frameCount))
                position = block &+ Int(mapping.word32(at: block + BlockOffset.firstFrame))
                load.note(frames: left, isEarly: status & UInt32(TP_STATUS_BLK_TMO) != 0)
                if left > 0 { return true }
            }
        }

        private mutating func close() {
            guard isReading else { return }
            isReading = false
            finished &+= 1
            current = current &+ 1 == blockCount ? 0 : current &+ 1
        }

        /// Hands all blocks of which all frames were lent back to the kernel.
        mutating func release() {
            if left == 0 { close() }
            for back in stride(from: finished, to: 0, by: -1) {
                let block = current &- back
                let index = block < 0 ? block &+ blockCount : block
                mapping.setStatus(UInt32(TP_STATUS_KERNEL), at: index &* blockByteCount + BlockOffset.status)
            }
            finished = 0
        }

        /// What the blocks said of the traffic since this was last asked.
        mutating func takeLoad() -> RingLoad {
            defer { load = RingLoad() }
            return load
        }
    }

    /// How busy a ring of blocks was.
    struct RingLoad {
        /// Blocks that were handed over, and the frames in them.
        private(set) var blocks = 0
        private(set) var frames = 0
        /// Blocks that were full before their time was over.
        private(set) var full = 0

        mutating func note(frames count: Int, isEarly: Bool) {
            blocks += 1
            frames += count
            if !isEarly { full += 1 }
        }
    }
#endif
