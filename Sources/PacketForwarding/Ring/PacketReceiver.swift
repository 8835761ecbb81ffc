#if os(Linux)
    import CPacketSocket

    /// The receiving half of a link: a ring of slots, one of blocks, or both with a switch between them.
    ///
    /// Both are members of one group, whose program says which of them gets the frames: to replace the program is the
    /// switch, and no frame goes to both or to neither.
    struct PacketReceiver: ~Copyable {
        /// Full batches out of the slots, one right after the other, which mean a flood.
        private static let flood = 8
        /// Frames in a block of a millisecond below which the flood is over, and how many such blocks in a row.
        private static let trickle = 64
        private static let calm = 16

        private let slotSocket: PacketSocket
        private let blockSocket: PacketSocket
        private var slots: SlotRing
        private var blocks: BlockRing
        private let mode: ReceiveMode
        private var isFlooded: Bool
        /// Signs in a row that the other ring is the better one.
        private var signs = 0

        init(on name: String, options: PacketLinkOptions) throws(PacketSocketError) {
            let slotSocket = try Self.open(name)
            let blockSocket = try Self.open(name)
            let usesSlots = options.mode != .blocks
            let usesBlocks = options.mode != .slots
            // A ring that is never used is as small as can be.
            let slots = try SlotRing(
                slotSocket, slotCount: usesSlots ? options.slotCount : 1, slotByteCount: options.slotByteCount,
                headroom: options.headroom)
            let blocks = try BlockRing(
                blockSocket, blockCount: usesBlocks ? options.blockCount : 1,
                blockByteCount: options.blockByteCount, headroom: options.headroom)
            try slotSocket.bind(receives: true)
            try blockSocket.bind(receives: true)
            let group = try slotSocket.makeGroup()
            try blockSocket.join(group)
            try slotSocket.setGroupProgram(.always(usesSlots ? 0 : 1))
            slotSocket.removeFilter()
            blockSocket.removeFilter()
            self.slotSocket = slotSocket
            self.blockSocket = blockSocket
            self.slots = slots
            self.blocks = blocks
            mode = options.mode
            isFlooded = !usesSlots
        }

        /// A socket that drops all that it gets until it is told otherwise, and what it sends is not to come back.
        private static func open(_ name: String) throws(PacketSocketError) -> PacketSocket {
            let socket = try PacketSocket(on: name)
            try socket.set(PACKET_IGNORE_OUTGOING, to: CInt(1))
            try socket.setFilter(.always(0))
            return socket
        }

        /// Fills `batch` from the ring in use, behind what is left in the other.
        mutating func receive(into batch: inout FrameBatch, interface: UInt32) {
            if isFlooded {
                slots.receive(from: slotSocket, into: &batch, interface: interface)
                blocks.receive(into: &batch, interface: interface)
            } else {
                blocks.receive(into: &batch, interface: interface)
                slots.receive(from: slotSocket, into: &batch, interface: interface)
            }
            if mode == .adaptive { adapt(isFull: batch.isFull) }
        }

        /// Hands all memory that was lent back to the kernel.
        mutating func release() {
            slots.release()
            blocks.release()
        }

        private mutating func adapt(isFull: Bool) {
            guard isFlooded else {
                signs = isFull ? signs + 1 : 0
                return signs >= Self.flood ? turn(toBlocks: true) : ()
            }
            let load = blocks.takeLoad()
            guard load.blocks > 0 else { return }
            let isCalm = load.full == 0 && load.frames < Self.trickle * load.blocks
            signs = isCalm ? signs + load.blocks : 0
            if signs >= Self.calm { turn(toBlocks: false) }
        }

        private mutating func turn(toBlocks: Bool) {
            signs = 0
            // If the kernel refuses, the ring in use stays in use.
            guard (try? slotSocket.setGroupProgram(.always(toBlocks ? 1 : 0))) != nil else { return }
            isFlooded = toBlocks
        }

        /// Frames that the kernel dropped since this was last asked.
        mutating func takeDropCount() -> UInt64 {
            slotSocket.takeDropCount() &+ blockSocket.takeDropCount()
        }

        /// Frames that came cut short, or of a kind that cannot be forwarded.
        var unusable: UInt64 { slots.unusable &+ blocks.unusable }

        /// The descriptors to wait on.
        var descriptors: [CInt] { [slotSocket.descriptor.number, blockSocket.descriptor.number] }
    }
#endif
