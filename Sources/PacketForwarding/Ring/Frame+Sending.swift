extension Frame {
    /// Where the transport header ends, of a frame that is to be cut; 0 for others.
    @inline(__always)
    var transportHeaderEnd: Int {
        guard let segmentation = metadata.segmentation, case .partial(let start, _) = metadata.checksum else {
            return 0
        }
        guard segmentation.kind != .udp else { return min(byteCount, Int(start) + 8) }
        let lengthOffset = Int(start) + 12
        guard lengthOffset < byteCount else { return byteCount }
        return min(byteCount, Int(start) + Int(byte(at: lengthOffset) >> 4) * 4)
    }
}
