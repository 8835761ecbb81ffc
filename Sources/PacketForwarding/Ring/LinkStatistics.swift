/// What a link has seen since it was opened.
///
/// A link that is opened anew begins from 0: whoever wants to go on counting adds what the one before has seen.
public struct LinkStatistics: Hashable, Sendable {
    /// Frames received.
    public var received: UInt64 = 0
    /// Frames that the kernel dropped for want of room in the ring.
    public var overrun: UInt64 = 0
    /// Frames that came cut short, or of a kind that cannot be forwarded.
    public var unusable: UInt64 = 0
    /// Frames sent.
    public var sent: UInt64 = 0
    /// Frames that the kernel refused to send.
    public var refused: UInt64 = 0

    init() {}

    /// Adds what another link to the same interface has seen: another worker's, or one from before.
    public static func += (sum: inout LinkStatistics, other: LinkStatistics) {
        sum.received &+= other.received
        sum.overrun &+= other.overrun
        sum.unusable &+= other.unusable
        sum.sent &+= other.sent
        sum.refused &+= other.refused
    }
}
