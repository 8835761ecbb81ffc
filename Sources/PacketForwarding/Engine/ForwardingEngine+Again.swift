public import LoadBalancing

/// Frames that came once and are handled twice.
extension ForwardingEngine {
    /// Handles a frame that was counted when it came, and counts it no second time as one that came or was dropped.
    ///
    /// For frames that were dropped because nobody knew the station that they go to, and kept; and for those that another worker's
    /// engine had before. What is sent counts as sent, and among ``ForwardingSnapshot/recovered``.
    ///
    /// - Parameters:
    ///   - frame: the frame as it came in, whose metadata name the interface by its position in the configuration.
    ///   - now: the present.
    ///   - pieces: where the pieces go of a packet that does not fit in one; see ``Verdict/sendPieces``.
    ///   - pool: where the memory of pieces comes from.
    /// - Returns: what became of the frame now.
    /// - Complexity: that of ``process(_:at:pieces:pool:)``, though it takes the long way.
    public mutating func processAgain(
        _ frame: inout Frame, at now: Timestamp, pieces: inout FrameBatch, pool: inout FramePool
    ) -> Verdict {
        refresh()
        let byteCount = frame.byteCount
        var pass = Passage(now: now, time: FlowTime(now))
        course = PacketCourse()
        let verdict = handle(&frame, &pass, &pieces, &pool)
        counters.noteAgain(verdict, byteCount: byteCount, course)
        return verdict
    }
}
