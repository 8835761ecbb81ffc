#if os(Linux)
    import CPacketSocket

    /// What the kernel says of a frame that it has put into a ring; the same in all versions of rings.
    struct ReceivedFrame {
        /// Where the ring has the frame's headroom, the frame and what is free behind it.
        let memory: Range<Int>
        /// Where the frame begins.
        let start: Int
        /// The bytes of it that are there.
        let byteCount: Int
        /// Flags that begin with `TP_STATUS`.
        let status: UInt32
        /// The tag that the kernel took out, if `status` says that there was one.
        let tagControl: UInt16
        let tagEtherType: UInt16

        /// The tag that the kernel took out of the frame.
        @inline(__always)
        var tag: VLANTag? {
            guard status & UInt32(TP_STATUS_VLAN_VALID) != 0 else { return nil }
            let isNamed = status & UInt32(TP_STATUS_VLAN_TPID_VALID) != 0
            return VLANTag(control: tagControl, etherType: isNamed ? EtherType(rawValue: tagEtherType) : .vlan)
        }
    }

    extension RingMapping {
        /// The frame in its place, with what stands in front of it; `nil` for one of a kind that cannot be forwarded.
        @inline(__always)
        func frame(_ received: ReceivedFrame, interface: UInt32) -> Frame? {
            guard received.start - received.memory.lowerBound >= OffloadHeader.byteCount else { return nil }
            let prefix = received.start - OffloadHeader.byteCount
            let header = unsafe OffloadHeader(
                UnsafeRawBufferPointer(part(at: prefix, byteCount: OffloadHeader.byteCount)))
            guard header.isKnown else { return nil }
            // The kernel leaves this part alone until the slot or block is handed back, and the ring hands it back only
            // when the frames of the batch are done with.
            return unsafe Frame(
                memory: part(at: received.memory.lowerBound, byteCount: received.memory.count),
                headroom: received.start - received.memory.lowerBound, byteCount: received.byteCount,
                metadata: FrameMetadata(
                    interface: interface, tag: received.tag, checksum: header.checksum,
                    segmentation: header.segmentation))
        }
    }
#endif
