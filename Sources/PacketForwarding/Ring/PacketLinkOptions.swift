/// How a link shares memory with the kernel.
public struct PacketLinkOptions: Hashable, Sendable, Codable {
    /// How frames get from the kernel to the worker.
    public var mode: ReceiveMode
    /// Slots: the frames that may wait until they are looked at.
    public var slotCount: Int
    /// Bytes of a slot; larger frames are received one by one, as far as the socket's buffer has room.
    public var slotByteCount: Int
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

    /// Options; 196 slots of 72 KiB, which hold any frame, and 60 blocks of 256 KiB unless you say otherwise: 29 MiB.
    public init(
        mode: ReceiveMode = .adaptive, slotCount: Int = 196, slotByteCount: Int = 73_728, blockCount: Int = 60,
        blockByteCount: Int = 1 << 18, headroom: Int = 128, batch: Int = 64, bypassesQueue: Bool = true
    ) {
        self.mode = mode
        self.slotCount = slotCount
        self.slotByteCount = slotByteCount
        self.blockCount = blockCount
        self.blockByteCount = blockByteCount
        self.headroom = headroom
        self.batch = batch
        self.bypassesQueue = bypassesQueue
    }
}
