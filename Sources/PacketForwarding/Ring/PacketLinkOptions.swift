/// How a link shares memory with the kernel.
public struct PacketLinkOptions: Hashable, Sendable, Codable {
    /// Frames that may wait until they are looked at.
    public var slotCount: Int
    /// Bytes of a slot; larger frames are received one by one.
    public var slotByteCount: Int
    /// Bytes in front of each frame, for outer headers and tags.
    public var headroom: Int
    /// Frames that are handled, and sent, in one go.
    public var batch: Int
    /// Whether frames go past the interface's queueing discipline when they are sent.
    public var bypassesQueue: Bool

    /// Options; 8,192 slots of 2 KiB, which are 16 MiB, unless you say otherwise.
    public init(
        slotCount: Int = 8_192, slotByteCount: Int = 2_048, headroom: Int = 128, batch: Int = 64,
        bypassesQueue: Bool = true
    ) {
        self.slotCount = slotCount
        self.slotByteCount = slotByteCount
        self.headroom = headroom
        self.batch = batch
        self.bypassesQueue = bypassesQueue
    }
}
