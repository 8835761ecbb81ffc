/// HAProxy's own hash of keys, 32 bits: two words turned by amounts that depend on the bytes.
///
/// HAProxy's `hash-type … wt6`; its bytes are unsigned since version 2.2.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Tarreau, *Consistent hashing alternative to sdbm*, HAProxy mailing list, October 2013.
public enum WT6: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        let start = (words: (0xA53C_965A, 0x5CA6_953A) as (UInt32, UInt32), turns: (6, 18) as (UInt32, UInt32))
        let (words, _) = bytes.fold(into: start) { state, byte in
            let added = (~(state.words.0 ^ UInt32(byte)), ~(state.words.1 &+ UInt32(byte)))
            state.words = (added.1.rotated(left: state.turns.0), added.0.rotated(left: state.turns.1))
            let next = state.words.0 &>> 16 ^ state.words.1
            state.turns = (next & 31, next &>> 11 & 31)
        }
        return words.0 ^ words.1
    }
}
