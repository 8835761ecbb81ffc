/// Texts eight bytes at a time: the first byte lowest, what lies behind the end 0.
enum TextWord {
    /// The word from `index` on; 0 at the end.
    @inline(__always)
    static func read(_ bytes: RawSpan, at index: Int) -> UInt64 {
        bytes.byteCount &- index >= 8 ? bytes.littleEndian64(at: index) : bytes.littleEndianTail(at: index)
    }

    /// The first `count` bytes of a word, at most eight of them.
    @inline(__always)
    static func first(_ count: Int, of word: UInt64) -> UInt64 {
        count >= 8 ? word : word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
    }

    /// How many bytes come before the first that is one of two; 8 if none is.
    @inline(__always)
    static func count(of word: UInt64, before one: UInt8, _ other: UInt8) -> Int {
        (marks(of: one, in: word) | marks(of: other, in: word)).trailingZeroBitCount &>> 3
    }

    /// The highest bit of each byte that is `byte`, and nothing else.
    @inline(__always)
    private static func marks(of byte: UInt8, in word: UInt64) -> UInt64 {
        let difference = word ^ (UInt64(byte) &* 0x0101_0101_0101_0101)
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~(((difference & low) &+ low) | difference | low)
    }

    /// The word with letters of ASCII in lower case.
    @inline(__always)
    static func lowercased(_ word: UInt64) -> UInt64 {
        let high: UInt64 = 0x8080_8080_8080_8080
        let low = word & ~high
        // A sum goes over the highest bit from "A" on, the other from behind "Z" on.
        let isLetter = (low &+ 0x3F3F_3F3F_3F3F_3F3F) ^ (low &+ 0x2525_2525_2525_2525)
        return word | (isLetter & ~word & high) &>> 2
    }

    /// A hash with one more word in it.
    @inline(__always)
    static func mixing(_ word: UInt64, into hash: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product &>> 32
    }

    /// What hashes begin with, of texts that are told apart by a number.
    @inline(__always)
    static func start(_ number: UInt32) -> UInt64 {
        (UInt64(number) &+ 1) &* 0xD1B5_4A32_D192_ED03
    }

    /// The words of a text.
    static func words(of text: some Sequence<UInt8>) -> [UInt64] {
        var words: [UInt64] = []
        for (place, byte) in text.enumerated() {
            if place % 8 == 0 { words.append(0) }
            words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8)
        }
        return words
    }
}
