/// The hashes by which an index finds hosts and elements of paths.
enum TextHash {
    /// The hash of a host, whatever its case, from its first byte to `end`.
    @inline(__always)
    static func ofHost(_ host: RawSpan, to end: Int) -> UInt64 {
        var hash = TextWord.start(UInt32(truncatingIfNeeded: end))
        var index = 0
        while index < end {
            let word = TextWord.first(end &- index, of: TextWord.read(host, at: index))
            hash = TextWord.mixing(TextWord.lowercased(word), into: hash)
            index &+= 8
        }
        return hash
    }

    /// The hash of an element below a node, and where it ends: at a slash, a question mark, or the end of the target.
    @inline(__always)
    static func ofElement(_ target: RawSpan, from start: Int, below node: Int32) -> (hash: UInt64, end: Int) {
        var hash = TextWord.start(UInt32(truncatingIfNeeded: node))
        var index = start
        while true {
            let word = TextWord.read(target, at: index)
            let count = min(
                TextWord.count(of: word, before: UInt8(ascii: "/"), UInt8(ascii: "?")), target.byteCount &- index)
            hash = TextWord.mixing(TextWord.first(count, of: word), into: hash)
            index &+= count
            if count < 8 { return (hash, index) }
        }
    }

    static let suffixStart: UInt64 = 0xCBF2_9CE4_8422_2325

    /// FNV-1a, a byte at a time: the hash of every end of a host on the way to its beginning.
    @inline(__always)
    static func adding(_ byte: UInt8, to hash: UInt64) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// The hash of a suffix, with its upper end mixed.
    @inline(__always)
    static func finished(_ hash: UInt64) -> UInt64 {
        hash &* 0x9E37_79B9_7F4A_7C15
    }
}
