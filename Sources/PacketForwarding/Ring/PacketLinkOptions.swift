/// How a link shares memory with the kernel.
public struct PacketLinkOptions: Hashable, Sendable, Codable {
    /// How frames get from the kernel to the worker.
    public var mode: ReceiveMode
    /// Slots: the frames that may wait until they are looked at.
    public var slotCount: Int
    /// Bytes of a slot, headroom and what the kernel notes included.
    public var slotByteCount: Int
    /// Slots of 72 KiB for frames that are larger, such as those that an interface has joined.
    public var largeSlotCount: Int
    /// Blocks: how many there are.
    public var blockCount: Int
    /// Bytes of a block, which must hold the largest frame.
    public var blockByteCount: Int
    /// Bytes in front of each frame, for outer headers and tags.
    public var headroom: Int
    /// Frames that are handled, and sent, in one go.
    public var batch: Int
    /// Whether frames go past the interface's queueing discipline when they are sent.
    public var bypassesQueue: Bool

    /// Options; 4,096 slots of 2 KiB, 98 large ones and 48 blocks of 256 KiB unless you say otherwise: 27 MiB.
    public init(
        mode: ReceiveMode = .adaptive, slotCount: Int = 4_096, slotByteCount: Int = 2_048, largeSlotCount: Int = 98,
        blockCount: Int = 48, blockByteCount: Int = 1 << 18, headroom: Int = 128, batch: Int = 64,
        bypassesQueue: Bool = true
    ) {
        self.mode = mode
        self.slotCount = slotCount
        self.slotByteCount = slotByteCount
        self.largeSlotCount = largeSlotCount
        self.blockCount = blockCount
        self.blockByteCount = blockByteCount
        self.headroom = headroom
        self.batch = batch
        self.bypassesQueue = bypassesQueue
    }
}

#if os(Linux)
    extension PacketLinkOptions {
        /// The longest packet for which a slot has room.
        var longestInSlot: Int { SlotRing.longestPacket(slotByteCount: slotByteCount, headroom: headroom) }
    }
#endif
