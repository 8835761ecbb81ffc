/// The messages that a netlink socket gave at once, one after the other (RFC 3549 §2.3, netlink(7)).
///
/// Numbers are in the byte order of the machine.
struct NetlinkMessages {
    enum Offset {
        static let byteCount = 0
        static let type = 4
        static let flags = 6
        static let end = 16
    }

    /// A message: what it is about, and where its body is.
    struct Message {
        let type: UInt16
        /// Whether what it is of changed since the answer began: `NLM_F_DUMP_INTR`.
        let isTorn: Bool
        let body: Range<Int>
    }

    private let byteCount: Int
    private var position = 0

    init(byteCount: Int) {
        self.byteCount = byteCount
    }

    /// The next message of `bytes`; `nil` behind the last whole one.
    mutating func next(of bytes: RawSpan) -> Message? {
        guard position + Offset.end <= byteCount else { return nil }
        let count = Int(bytes.native32(at: position + Offset.byteCount))
        guard count >= Offset.end, position + count <= byteCount else { return nil }
        let message = Message(
            type: bytes.native16(at: position + Offset.type),
            isTorn: bytes.native16(at: position + Offset.flags) & 0x10 != 0,
            body: position + Offset.end..<position + count)
        position += (count + 3) & ~3
        return message
    }
}

/// The attributes behind the fixed part of a message: type, length, value (rtnetlink(7)).
struct NetlinkAttributes {
    private var position: Int
    private let end: Int

    /// The attributes in `range`.
    init(in range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next attribute's type and where its value is; `nil` behind the last whole one.
    mutating func next(of bytes: RawSpan) -> (type: UInt16, value: Range<Int>)? {
        guard position + 4 <= end else { return nil }
        let count = Int(bytes.native16(at: position))
        guard count >= 4, position + count <= end else { return nil }
        defer { position += (count + 3) & ~3 }
        // The two highest bits say how the value is written, not what it is.
        return (bytes.native16(at: position + 2) & 0x3FFF, position + 4..<position + count)
    }
}
