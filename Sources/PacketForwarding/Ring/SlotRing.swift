#if os(Linux)
    import CPacketSocket
    import Glibc

    /// A receive ring of slots of equal size, each handed over as soon as its frame is there (`TPACKET_V2`).
    ///
    /// The ring for latency: nothing waits for company. Frames that are larger than a slot, such as those that an interface
    /// has joined, come one by one through the socket, into memory of their own.
    struct SlotRing: ~Copyable {
        private enum Offset {
            static let status = 0
            static let byteCountInSlot = 8
            static let frame = 12
            static let tagControl = 24
            static let tagEtherType = 26
            /// Behind the header and the address that the kernel writes.
            static let end = 64
        }

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
            // The kernel takes memory for a block by powers of two: seven slots for any frame leave little of one unused.
            let slotsInBlock = max(1, min(slotCount, (1 << 19) / slotByteCount))
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
            large = LargeFrames(count: 64, headroom: headroom)
        }

        /// Fills `batch` with the frames that are there, in place.
        ///
        /// They may be used until ``release()``.
        mutating func receive(
            from socket: borrowing PacketSocket, into batch: inout FrameBatch, interface: UInt32
        ) {
            while !batch.isFull, taken < slotCount {
                let index = next &+ taken
                let slot = (index < slotCount ? index : index &- slotCount) &* slotByteCount
                let status = mapping.status(at: slot + Offset.status)
                guard status & UInt32(TP_STATUS_USER) != 0 else { return }
                let received = ReceivedFrame(
                    memory: slot &+ Offset.end..<slot &+ slotByteCount,
                    start: slot &+ Int(mapping.word16(at: slot + Offset.frame)),
                    byteCount: Int(mapping.word32(at: slot + Offset.byteCountInSlot)), status: status,
                    tagControl: mapping.word16(at: slot + Offset.tagControl),
                    tagEtherType: mapping.word16(at: slot + Offset.tagEtherType))
                guard let frame = frame(received, from: socket, interface: interface, isTruncated: slot) else {
                    guard large.hasRoom else { return }
                    unusable &+= 1
                    taken &+= 1
                    continue
                }
                taken &+= 1
                batch.append(frame)
            }
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
