#if os(Linux)
    import CPacketSocket
    import Glibc

    /// A receive ring of slots of equal size, each handed over as soon as its frame is there (`TPACKET_V2`).
    ///
    /// The ring for latency: nothing waits for company. A frame that is larger than a slot after all comes through the socket,
    /// into memory of its own.
    struct SlotRing: ~Copyable {
        private enum Offset {
            static let status = 0
            static let byteCountInSlot = 8
            static let frame = 12
            static let seconds = 16
            static let nanoseconds = 20
            static let tagControl = 24
            static let tagEtherType = 26
            /// Behind the header and the address that the kernel writes.
            static let end = 64
            /// Where a packet begins if nothing is reserved: header and address, room for a link's header, rounded up.
            static let packet = 80
        }

        /// Bytes of a slot that holds any frame, and what the kernel writes in front of it.
        static let largest = 73_728

        private let mapping: RingMapping
        private let slotByteCount: Int
        private let slotCount: Int
        /// The slot that is filled next, and how many from it on are lent to the caller.
        private var next = 0
        private var taken = 0
        private var large: LargeFrames
        /// Frames that came cut short, or of a kind that cannot be forwarded.
        private(set) var unusable: UInt64 = 0

        /// Gives the socket a ring; to be done before it is bound.
        init(_ socket: borrowing PacketSocket, slotCount: Int, slotByteCount: Int, headroom: Int)
            throws(PacketSocketError)
        {
            try RingMemory.check(slotCount, of: slotByteCount, on: socket.name)
            try socket.set(PACKET_VERSION, to: CInt(TPACKET_V2.rawValue))
            try socket.set(PACKET_VNET_HDR, to: CInt(1))
            try socket.set(PACKET_RESERVE, to: CInt(headroom))
            // Whatever does not fit in a slot is kept for the caller to fetch.
            try socket.set(PACKET_COPY_THRESH, to: CInt(1))
            // Slots lie one behind the other if blocks are whole pages, and the kernel takes memory for a block by powers of
            // two: seven slots for any frame leave little of one unused.
            let step = max(1, Int(getpagesize()) >> slotByteCount.trailingZeroBitCount)
            let slotsInBlock = max(step, min(slotCount, (1 << 19) / slotByteCount) / step * step)
            var request = tpacket_req()
            request.tp_frame_size = UInt32(slotByteCount)
            request.tp_block_size = UInt32(slotsInBlock * slotByteCount)
            request.tp_block_nr = UInt32(max(1, slotCount / slotsInBlock))
            request.tp_frame_nr = request.tp_block_nr * UInt32(slotsInBlock)
            try socket.set(PACKET_RX_RING, to: request, as: .mapRing)
            let mapping = try RingMapping(
                socket, byteCount: Int(request.tp_block_nr) * Int(request.tp_block_size))
            self.slotByteCount = slotByteCount
            self.slotCount = Int(request.tp_frame_nr)
            self.mapping = mapping
            large = LargeFrames(count: 8, headroom: headroom)
        }

        /// The longest packet, from its IP header on, for which a slot has room behind what the kernel puts in front of it.
        static func longestPacket(slotByteCount: Int, headroom: Int) -> Int {
            max(0, slotByteCount - Offset.packet - headroom - OffloadHeader.byteCount)
        }

        /// Where the slot of the frame is that came next; `nil` if there is none.
        @inline(__always)
        private var nextSlot: Int? {
            guard taken < slotCount else { return nil }
            let index = next &+ taken
            let slot = (index < slotCount ? index : index &- slotCount) &* slotByteCount
            return mapping.status(at: slot + Offset.status) & UInt32(TP_STATUS_USER) != 0 ? slot : nil
        }

        /// When the next frame came, in nanoseconds of the kernel's clock; `nil` if there is none.
        @inline(__always)
        var nextTime: UInt64? {
            guard let slot = nextSlot else { return nil }
            return UInt64(mapping.word32(at: slot + Offset.seconds)) &* 1_000_000_000
                &+ UInt64(mapping.word32(at: slot + Offset.nanoseconds))
        }

        /// Takes the next frame, in place, into a batch with room for it.
        ///
        /// It may be used until ``release()``.
        ///
        /// - Returns: whether there was one, and memory for it.
        @inline(__always)
        mutating func receiveNext(
            from socket: borrowing PacketSocket, into batch: inout FrameBatch, interface: UInt32
        ) -> Bool {
            guard let slot = nextSlot else { return false }
            let received = ReceivedFrame(
                memory: slot &+ Offset.end..<slot &+ slotByteCount,
                start: slot &+ Int(mapping.word16(at: slot + Offset.frame)),
                byteCount: Int(mapping.word32(at: slot + Offset.byteCountInSlot)),
                status: mapping.word32(at: slot + Offset.status),
                tagControl: mapping.word16(at: slot + Offset.tagControl),
                tagEtherType: mapping.word16(at: slot + Offset.tagEtherType))
            if let frame = frame(received, from: socket, interface: interface, isTruncated: slot) {
                batch.append(frame)
            } else {
                guard large.hasRoom else { return false }
                unusable &+= 1
            }
            taken &+= 1
            return true
        }

        /// The frame of a slot, from the slot or from the socket.
        @inline(__always)
        private mutating func frame(
            _ received: ReceivedFrame, from socket: borrowing PacketSocket, interface: UInt32, isTruncated slot: Int
        ) -> Frame? {
            if mapping.word32(at: slot + 4) == UInt32(received.byteCount) {
                return mapping.frame(received, interface: interface)
            }
            guard received.status & UInt32(TP_STATUS_COPY) != 0 else { return nil }
            return large.receive(from: socket, tag: received.tag, interface: interface)
        }

        /// Whether frames, those that are lent included, are in half of the slots or more.
        var isHalfFull: Bool {
            let index = next &+ slotCount / 2
            let slot = (index < slotCount ? index : index &- slotCount) &* slotByteCount
            return mapping.status(at: slot + Offset.status) & UInt32(TP_STATUS_USER) != 0
        }

        /// Hands all slots that were lent back to the kernel.
        mutating func release() {
            for _ in 0..<taken {
                mapping.setStatus(UInt32(TP_STATUS_KERNEL), at: next &* slotByteCount + Offset.status)
                next = next &+ 1 == slotCount ? 0 : next &+ 1
            }
            taken = 0
            large.release()
        }
    }
#endif
