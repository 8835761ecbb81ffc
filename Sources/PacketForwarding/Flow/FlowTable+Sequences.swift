/// What is known of the sequence numbers of TCP flows: what a RST that is made up later must fit.
///
/// Not of half-open flows, whose memory holds something else.
extension FlowTable {
    /// Keeps what the client says it has received, and which number its next byte has.
    ///
    /// Older segments, which come behind newer ones, change nothing.
    @inline(__always)
    func noteSequences(acknowledged: UInt32, next: UInt32, of position: UInt32) {
        guard !entries.standing(position).state.phase.isOrdered else { return }
        let known = entries.sequences(position)
        guard known != 0 else {
            entries.setSequences(UInt64(acknowledged) &<< 32 | UInt64(next), position)
            return
        }
        let later = Self.later(acknowledged, UInt32(truncatingIfNeeded: known &>> 32))
        entries.setSequences(
            UInt64(later) &<< 32 | UInt64(Self.later(next, UInt32(truncatingIfNeeded: known))), position)
    }

    /// Keeps which number the backend's next byte has: what the client acknowledges once it has received all.
    @inline(__always)
    func noteSequence(ofBackend next: UInt32, of position: UInt32) {
        guard !entries.standing(position).state.phase.isOrdered else { return }
        let known = entries.sequences(position)
        guard known != 0 else { return }
        let later = Self.later(next, UInt32(truncatingIfNeeded: known &>> 32))
        entries.setSequences(UInt64(later) &<< 32 | known & 0xFFFF_FFFF, position)
    }

    /// The later of two numbers, which are less than half a round apart (RFC 9293 §3.4).
    @inline(__always)
    private static func later(_ one: UInt32, _ other: UInt32) -> UInt32 {
        Int32(bitPattern: one &- other) > 0 ? one : other
    }
}
