/// The secret 128-bit key of ``SipHash24`` and its kin.
@frozen
public struct SipKey: Hashable, Sendable {
    /// The first and the second half of the key, each read as a little-endian number.
    public let first, second: UInt64

    /// A key from its first and second eight bytes, each read as a little-endian number.
    @inlinable
    public init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }
}

/// SipHash-2-4: a 64-bit hash that nobody can steer who does not know the key.
///
/// Use it where the keys come from strangers, so that they cannot crowd one backend or one slot on purpose; the Maglev
/// table of dgryski's go-maglev takes offset and skip from its halves.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Aumasson and Bernstein, *SipHash: a fast short-input PRF*, 2012.
public enum SipHash24: SeededByteHash {
    /// Hashes `bytes`, of which there may be none, under the key `seed`.
    @inlinable
    public static func hash(_ bytes: RawSpan, seed: SipKey) -> UInt64 {
        var state = SipState(seed)
        state.absorb(bytes, rounds: 2)
        state.v2 ^= 0xFF
        return state.output(rounds: 4)
    }
}

/// SipHash-1-3: ``SipHash24`` with fewer rounds, faster and still unsteerable for all that is known.
///
/// Rust, Python and Swift keep their hash tables with it.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Aumasson and Bernstein, *SipHash: a fast short-input PRF*, 2012.
public enum SipHash13: SeededByteHash {
    /// Hashes `bytes`, of which there may be none, under the key `seed`.
    @inlinable
    public static func hash(_ bytes: RawSpan, seed: SipKey) -> UInt64 {
        var state = SipState(seed)
        state.absorb(bytes, rounds: 1)
        state.v2 ^= 0xFF
        return state.output(rounds: 3)
    }
}

/// SipHash-2-4 with 128 bits of output, the first eight bytes first.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Aumasson and Bernstein, the reference code of SipHash, 2014; its first half is not ``SipHash24``.
public enum SipHash24_128: SeededByteHash {
    /// Hashes `bytes`, of which there may be none, under the key `seed`.
    @inlinable
    public static func hash(_ bytes: RawSpan, seed: SipKey) -> (UInt64, UInt64) {
        var state = SipState(seed)
        state.v1 ^= 0xEE
        state.absorb(bytes, rounds: 2)
        state.v2 ^= 0xEE
        let first = state.output(rounds: 4)
        state.v1 ^= 0xDD
        return (first, state.output(rounds: 4))
    }
}

/// The four words SipHash turns over; of use by themselves where a message is a few numbers already.
@frozen
@usableFromInline
package struct SipState {
    @usableFromInline package var v0, v1, v2, v3: UInt64

    @inlinable
    package init(_ key: SipKey) {
        v0 = key.first ^ 0x736F_6D65_7073_6575
        v1 = key.second ^ 0x646F_7261_6E64_6F6D
        v2 = key.first ^ 0x6C79_6765_6E65_7261
        v3 = key.second ^ 0x7465_6462_7974_6573
    }

    /// Takes in the whole message, its last word closed by its length modulo 256.
    @inlinable
    @inline(__always)
    mutating func absorb(_ bytes: RawSpan, rounds: Int) {
        var offset = 0
        while bytes.byteCount &- offset >= 8 {
            absorb(bytes.littleEndian64(at: offset), rounds: rounds)
            offset &+= 8
        }
        let length = UInt64(truncatingIfNeeded: bytes.byteCount) &<< 56
        absorb(bytes.littleEndianTail(at: offset) | length, rounds: rounds)
    }

    @inlinable
    @inline(__always)
    package mutating func absorb(_ word: UInt64, rounds: Int) {
        v3 ^= word
        for _ in 0..<rounds { turn() }
        v0 ^= word
    }

    @inlinable
    @inline(__always)
    package mutating func output(rounds: Int) -> UInt64 {
        for _ in 0..<rounds { turn() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    /// One round.
    @inlinable
    @inline(__always)
    mutating func turn() {
        v0 &+= v1
        v1 = v1.rotated(left: 13) ^ v0
        v0 = v0.rotated(left: 32)
        v2 &+= v3
        v3 = v3.rotated(left: 16) ^ v2
        v0 &+= v3
        v3 = v3.rotated(left: 21) ^ v0
        v2 &+= v1
        v1 = v1.rotated(left: 17) ^ v2
        v2 = v2.rotated(left: 32)
    }
}
