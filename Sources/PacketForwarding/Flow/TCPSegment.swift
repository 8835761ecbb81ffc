/// What the table of TCP states looks at in a segment.
struct TCPSegment: Hashable, Sendable, BitwiseCopyable {
    enum Kind: UInt8, CaseIterable, Sendable {
        /// SYN without ACK, RST and FIN.
        case opening
        /// RST, whatever else is set.
        case reset
        /// FIN without RST.
        case fin
        /// All else.
        case other
    }

    let kind: Kind
    /// Whether it has an ACK.
    let acknowledges: Bool
    /// Whether it answers a SYN: with SYN and ACK.
    let answersOpening: Bool
    /// Whether it carries data or an ACK.
    let speaks: Bool

    /// The segment with these control bits.
    ///
    /// - Parameters:
    ///   - flags: The control bits.
    ///   - dataByteCount: The length of its data.
    @inline(__always)
    init(_ flags: TCPFlags, dataByteCount: Int) {
        acknowledges = flags.contains(.ack)
        answersOpening = flags.isSuperset(of: [.syn, .ack])
        speaks = flags.contains(.ack) || dataByteCount > 0
        if flags.isDisjoint(with: [.syn, .rst, .fin]) {
            kind = .other
        } else if flags.contains(.rst) {
            kind = .reset
        } else if flags.contains(.fin) {
            kind = .fin
        } else {
            kind = flags.contains(.ack) ? .other : .opening
        }
    }
}
