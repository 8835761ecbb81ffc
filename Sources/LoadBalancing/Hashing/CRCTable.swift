/// The tables of a reflected 32-bit CRC, which take in eight bytes a step.
///
/// Row 0 is the classic table of 256 entries; row r advances an entry of it over r zero bytes more.
///
/// - Note: Kounavis and Berry, *Novel Table Lookup-Based Algorithms for High-Performance CRC Generation*, 2008.
struct CRCTable: Sendable {
    /// Eight rows of 256 entries.
    private let entries: [UInt32]

    /// - Parameter polynomial: The generator with its bits reversed, without its highest term.
    init(reflectedPolynomial polynomial: UInt32) {
        var entries = (0..<256).map { (byte: UInt32) in
            (0..<8).reduce(byte) { state, _ in state &>> 1 ^ (state & 1 == 0 ? 0 : polynomial) }
        }
        for index in 256..<2048 {
            let before = entries[index - 256]
            entries.append(before &>> 8 ^ entries[Int(before & 0xFF)])
        }
        self.entries = entries
    }

    /// The state that follows `state` once `bytes` are taken in.
    ///
    /// - Complexity: O(n) in the bytes.
    func state(after state: UInt32, _ bytes: RawSpan) -> UInt32 {
        unsafe entries.withUnsafeBufferPointer { entries in
            var state = state
            var offset = 0
            while bytes.byteCount &- offset >= 8 {
                let word = bytes.littleEndian64(at: offset) ^ UInt64(state)
                // Invariant: there are 8 × 256 entries, and a byte of the word chooses one in each row.
                let near =
                    unsafe entries[0x700 | Int(word & 0xFF)] ^ entries[0x600 | Int(word &>> 8 & 0xFF)]
                    ^ entries[0x500 | Int(word &>> 16 & 0xFF)] ^ entries[0x400 | Int(word &>> 24 & 0xFF)]
                let far =
                    unsafe entries[0x300 | Int(word &>> 32 & 0xFF)] ^ entries[0x200 | Int(word &>> 40 & 0xFF)]
                    ^ entries[0x100 | Int(word &>> 48 & 0xFF)] ^ entries[Int(word &>> 56)]
                state = near ^ far
                offset &+= 8
            }
            while offset < bytes.byteCount {
                state = unsafe state &>> 8 ^ entries[Int((state ^ UInt32(bytes.byte(at: offset))) & 0xFF)]
                offset &+= 1
            }
            return state
        }
    }

    /// The state that follows `state` once the four little-endian bytes of `word` are taken in.
    ///
    /// - Complexity: O(1).
    func state(after state: UInt32, littleEndian word: UInt32) -> UInt32 {
        unsafe entries.withUnsafeBufferPointer { entries in
            let word = word ^ state
            // Invariant: as above.
            return unsafe entries[0x300 | Int(word & 0xFF)] ^ entries[0x200 | Int(word &>> 8 & 0xFF)]
                ^ entries[0x100 | Int(word &>> 16 & 0xFF)] ^ entries[Int(word &>> 24)]
        }
    }
}
