#if os(Linux)
    /// The receiving half of a link: rings of slots, small ones and large ones, a ring of blocks, or all with a switch between
    /// them.
    ///
    /// All are members of one group, whose program says which of them gets the frames; see ``LinkGroup``.
    struct PacketReceiver: ~Copyable {
        /// Full batches out of the slots, one right after the other, which mean a flood; so do slots of which half wait.
        private static let flood = 8
        /// Frames in a block of a millisecond below which a flood is over, and how many such blocks in a row.
        private static let trickle = 256
        private static let calm = 16

        private let group: LinkGroup
        private let worker: Int
        private let sockets: LinkGroup.Member
        private var slots: SlotRing
        private var largeSlots: SlotRing
        private var blocks: BlockRing
        private let mode: ReceiveMode
        /// Whether frames are to come by the blocks, and what is in the slots came before.
        private var isFlooded: Bool
        /// The change of ring that the kernel has not answered yet.
        private var turn: RingTurn?
        /// Signs in a row that the other ring is the better one.
        private var signs = 0

        /// Gives rings to the sockets of the member `worker` of a group, to be done before frames are let in.
        init(_ worker: Int, of group: LinkGroup, options: PacketLinkOptions) throws(PacketSocketError) {
            let sockets = group.members[worker]
            let usesSlots = options.mode != .blocks
            let usesBlocks = options.mode != .slots
            // A ring that is never used is as small as can be.
            let slots = try SlotRing(
                sockets.slots, slotCount: usesSlots ? options.slotCount : 1, slotByteCount: options.slotByteCount,
                headroom: options.headroom)
            let largeSlots = try SlotRing(
                sockets.largeSlots, slotCount: usesSlots ? options.largeSlotCount : 1,
                slotByteCount: SlotRing.largest, headroom: options.headroom)
            let blocks = try BlockRing(
                sockets.blocks, blockCount: usesBlocks ? options.blockCount : 1,
                blockByteCount: options.blockByteCount, headroom: options.headroom)
            self.group = group
            self.worker = worker
            self.sockets = sockets
            self.slots = slots
            self.largeSlots = largeSlots
            self.blocks = blocks
            mode = options.mode
            isFlooded = !usesSlots
        }

        /// Fills `batch` from the ring in use, behind what is left in the other.
        mutating func receive(into batch: inout FrameBatch, interface: UInt32) {
            if isFlooded {
                receiveFromSlots(into: &batch, interface: interface)
                blocks.receive(into: &batch, interface: interface)
            } else {
                blocks.receive(into: &batch, interface: interface)
                receiveFromSlots(into: &batch, interface: interface)
            }
            if mode == .adaptive { adapt(isFull: batch.isFull) }
        }

        /// Takes frames out of both kinds of slots in the order in which they came.
        ///
        /// Whoever sees a frame sees those that came before it, if it looks for them afterwards: so after each look at the one
        /// ring for what came first, the other is looked at again.
        private mutating func receiveFromSlots(into batch: inout FrameBatch, interface: UInt32) {
            while !batch.isFull {
                let largeTime = largeSlots.nextTime
                guard let time = slots.nextTime else {
                    guard largeTime != nil, receiveLarge(into: &batch, interface: interface) else { return }
                    continue
                }
                if let largeTime = largeTime ?? largeSlots.nextTime, largeTime < time {
                    guard receiveLarge(into: &batch, interface: interface) else { return }
                } else {
                    guard slots.receiveNext(from: sockets.slots, into: &batch, interface: interface) else { return }
                }
            }
        }

        private mutating func receiveLarge(into batch: inout FrameBatch, interface: UInt32) -> Bool {
            largeSlots.receiveNext(from: sockets.largeSlots, into: &batch, interface: interface)
        }

        /// Hands all memory that was lent back to the kernel.
        mutating func release() {
            slots.release()
            largeSlots.release()
            blocks.release()
        }

        private mutating func adapt(isFull: Bool) {
            if let turn {
                guard let isDone = turn.isDone else { return }
                self.turn = nil
                // If the kernel refused, the ring before stays in use.
                if !isDone { isFlooded.toggle() }
            }
            guard isFlooded else {
                signs = isFull ? signs + 1 : 0
                let isFlooded = signs >= Self.flood || slots.isHalfFull || largeSlots.isHalfFull
                return isFlooded ? begin(toBlocks: true) : ()
            }
            let load = blocks.takeLoad()
            guard load.blocks > 0 else { return }
            let isCalm = load.full == 0 && load.frames < Self.trickle * load.blocks
            signs = isCalm ? signs + load.blocks : 0
            if signs >= Self.calm { begin(toBlocks: false) }
        }

        private mutating func begin(toBlocks: Bool) {
            signs = 0
            turn = try? RingTurn(worker, of: group, toBlocks: toBlocks)
            if turn != nil { isFlooded = toBlocks }
        }

        /// Frames that the kernel dropped since this was last asked.
        mutating func takeDropCount() -> UInt64 {
            sockets.slots.takeDropCount() &+ sockets.blocks.takeDropCount() &+ sockets.largeSlots.takeDropCount()
        }

        /// Frames that came cut short, or of a kind that cannot be forwarded.
        var unusable: UInt64 { slots.unusable &+ largeSlots.unusable &+ blocks.unusable }

        /// Takes note of what has happened to the interface, so that waiting makes sense again.
        ///
        /// - Throws: ``PacketSocketError`` if the interface is gone; one that is down may come up again.
        func takeErrors() throws(PacketSocketError) {
            try sockets.forEach { (socket) throws(PacketSocketError) in try socket.takeError() }
        }

        /// The descriptors to wait on.
        var descriptors: [CInt] {
            [
                sockets.slots.descriptor.number, sockets.blocks.descriptor.number,
                sockets.largeSlots.descriptor.number,
            ]
        }
    }
#endif
