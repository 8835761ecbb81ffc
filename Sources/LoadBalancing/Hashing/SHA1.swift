/// SHA-1: a 160-bit digest, no longer safe against collisions made on purpose.
///
/// Chord and Riak lay nodes and keys on a ring of SHA-1 values.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Eastlake and Jones, *US Secure Hash Algorithm 1*, RFC 3174, 2001; FIPS 180-4.
public enum SHA1: ByteHash {
    /// Digests `bytes`, of which there may be none.
    public static func hash(_ bytes: RawSpan) -> Digest {
        var state = State()
        var offset = 0
        while bytes.byteCount &- offset >= 64 {
            state.absorb(block: bytes, at: offset)
            offset &+= 64
        }
        let bitCount = UInt64(truncatingIfNeeded: bytes.byteCount) &* 8
        return bytes.withPaddedTail(from: offset, bitCount: bitCount.bigEndian) { tail in
            var state = state
            state.absorb(block: tail, at: 0)
            if tail.byteCount > 64 { state.absorb(block: tail, at: 64) }
            return Digest(state)
        }
    }

    /// The chaining value between two blocks.
    struct State {
        var a: UInt32 = 0x6745_2301
        var b: UInt32 = 0xEFCD_AB89
        var c: UInt32 = 0x98BA_DCFE
        var d: UInt32 = 0x1032_5476
        var e: UInt32 = 0xC3D2_E1F0

        /// Takes in the 64 bytes of `bytes` from `offset` on: RFC 3174 §6.1.
        mutating func absorb(block bytes: RawSpan, at offset: Int) {
            let start = self
            self = unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { words in
                // Invariant: `index` stays in 0 ..< 80, and each word is written before it is read.
                for index in 0..<16 {
                    unsafe words[index] = bytes.littleEndian32(at: offset &+ index &* 4).byteSwapped
                }
                for index in 16..<80 {
                    let early = unsafe words[index &- 3] ^ words[index &- 8]
                    let late = unsafe words[index &- 14] ^ words[index &- 16]
                    unsafe words[index] = (early ^ late).rotated(left: 1)
                }
                var state = start
                for index in 0..<20 {
                    unsafe state.step(state.d ^ (state.b & (state.c ^ state.d)), 0x5A82_7999, words[index])
                }
                for index in 20..<40 {
                    unsafe state.step(state.b ^ state.c ^ state.d, 0x6ED9_EBA1, words[index])
                }
                for index in 40..<60 {
                    let majority = (state.b & state.c) | (state.d & (state.b | state.c))
                    unsafe state.step(majority, 0x8F1B_BCDC, words[index])
                }
                for index in 60..<80 {
                    unsafe state.step(state.b ^ state.c ^ state.d, 0xCA62_C1D6, words[index])
                }
                return state
            }
            a &+= start.a
            b &+= start.b
            c &+= start.c
            d &+= start.d
            e &+= start.e
        }

        @inline(__always)
        private mutating func step(_ mixed: UInt32, _ constant: UInt32, _ word: UInt32) {
            let next = a.rotated(left: 5) &+ mixed &+ e &+ constant &+ word
            (a, b, c, d, e) = (next, a, b.rotated(left: 30), c, d)
        }
    }
}

extension SHA1 {
    /// The twenty bytes SHA-1 gives, a collection of them in order.
    public struct Digest: Hashable, Sendable {
        /// Bytes 0 to 7, 8 to 15 and 16 to 19 as big-endian numbers.
        let high, middle: UInt64
        let low: UInt32

        init(_ state: State) {
            high = UInt64(state.a) &<< 32 | UInt64(state.b)
            middle = UInt64(state.c) &<< 32 | UInt64(state.d)
            low = state.e
        }
    }
}

extension SHA1.Digest: RandomAccessCollection {
    /// Always 0.
    public var startIndex: Int { 0 }
    /// Always 20.
    public var endIndex: Int { 20 }

    /// The byte at `position`, which is 0 to 19.
    public subscript(position: Int) -> UInt8 {
        precondition(0 <= position && position < 20, "a SHA-1 digest has the bytes 0 to 19")
        let part = position < 8 ? high : position < 16 ? middle : UInt64(low) &<< 32
        return UInt8(truncatingIfNeeded: part &>> UInt64(truncatingIfNeeded: 56 &- (position & 7) &* 8))
    }
}
