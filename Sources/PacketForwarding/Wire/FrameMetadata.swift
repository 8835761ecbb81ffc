/// What is known about a frame besides its bytes: where it came in or is to go out, and what was left to the interface.
@frozen
public struct FrameMetadata: Hashable, Sendable, BitwiseCopyable {
    /// The interface, by the number that the owner of the frame gave it.
    public var interface: UInt32

    /// The tag that the kernel took out of the frame, or is to put into it.
    public var tag: VLANTag?

    /// Who has computed the transport checksum.
    public var checksum: ChecksumState

    /// How a frame that is larger than the link's is to be cut; `nil` for one that is sent as it is.
    public var segmentation: Segmentation?

    /// A frame as it is on the wire, unless you say otherwise.
    @inlinable
    public init(
        interface: UInt32 = 0, tag: VLANTag? = nil, checksum: ChecksumState = .complete,
        segmentation: Segmentation? = nil
    ) {
        self.interface = interface
        self.tag = tag
        self.checksum = checksum
        self.segmentation = segmentation
    }
}
