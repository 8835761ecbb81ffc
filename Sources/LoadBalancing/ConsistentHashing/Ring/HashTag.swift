/// The part of a key that is hashed for the whole: what stands between two characters.
///
/// With `{}` the keys `user:{42}:name` and `user:{42}:mail` are hashed as `42`, so both go to the same backend. A key
/// without such a part, or with an empty one first, is hashed whole.
///
/// - Note: `hash_tag` of twitter/twemproxy, `src/nc_server.c`.
public struct HashTag: Hashable, Sendable {
    /// The byte in front of the part.
    public let opening: UInt8
    /// The byte behind it.
    public let closing: UInt8

    /// The tag of the bytes that stand around the part.
    public init(opening: UInt8, closing: UInt8) {
        self.opening = opening
        self.closing = closing
    }

    /// The tag of two characters such as `{}`; `nil` if the text is not two bytes of UTF-8.
    public init?(_ pair: String) {
        let bytes = Array(pair.utf8)
        guard bytes.count == 2 else { return nil }
        self.init(opening: bytes[0], closing: bytes[1])
    }

    /// Where the part of `key` stands that is hashed.
    func part(of key: RawSpan) -> Range<Int> {
        guard let start = key.firstOffset(of: opening, from: 0),
            let end = key.firstOffset(of: closing, from: start + 1), end > start + 1
        else { return 0..<key.byteCount }
        return start + 1..<end
    }
}

extension RawSpan {
    /// Where `byte` first stands at `offset` or behind it.
    fileprivate func firstOffset(of byte: UInt8, from offset: Int) -> Int? {
        (offset..<byteCount).first { self.byte(at: $0) == byte }
    }
}
