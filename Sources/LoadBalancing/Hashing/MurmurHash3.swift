/// MurmurHash3 x64-128: two 64-bit numbers from one pass over the bytes.
///
/// Maglev tables want two independent numbers for each backend: Cilium takes offset and skip of a permutation from the
/// two halves, Katran takes them from the first halves of two calls.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Appleby, *MurmurHash3*, the 128-bit version for x64, 2011.
public enum MurmurHash3: ByteHash, SeededByteHash {
    @inlinable static var multiplier1: UInt64 { 0x87C3_7B91_1142_53D5 }
    @inlinable static var multiplier2: UInt64 { 0x4CF5_AD43_2745_937F }

    /// Hashes `bytes`, of which there may be none, under `seed`.
    @inlinable
    public static func hash(_ bytes: RawSpan, seed: UInt32) -> (UInt64, UInt64) {
        let count = bytes.byteCount
        var state = (UInt64(seed), UInt64(seed))
        var offset = 0
        while count &- offset >= 16 {
            mix(&state, bytes.littleEndian64(at: offset), bytes.littleEndian64(at: offset &+ 8))
            offset &+= 16
        }
        if count &- offset >= 8 {
            state.1 ^= scrambled2(bytes.littleEndianTail(at: offset &+ 8))
            state.0 ^= scrambled1(bytes.littleEndian64(at: offset))
        } else {
            state.0 ^= scrambled1(bytes.littleEndianTail(at: offset))
        }
        return finished(state, byteCount: count)
    }

    /// Hashes the little-endian bytes of `first`, then those of `second`, under `seed`.
    ///
    /// - Complexity: O(1).
    @inlinable
    public static func hash(_ first: UInt64, _ second: UInt64, seed: UInt32 = 0) -> (UInt64, UInt64) {
        var state = (UInt64(seed), UInt64(seed))
        mix(&state, first, second)
        return finished(state, byteCount: 16)
    }

    @inlinable
    @inline(__always)
    static func mix(_ state: inout (UInt64, UInt64), _ first: UInt64, _ second: UInt64) {
        state.0 = (state.0 ^ scrambled1(first)).rotated(left: 27) &+ state.1
        state.0 = state.0 &* 5 &+ 0x52DC_E729
        state.1 = (state.1 ^ scrambled2(second)).rotated(left: 31) &+ state.0
        state.1 = state.1 &* 5 &+ 0x3849_5AB5
    }

    @inlinable
    @inline(__always)
    static func scrambled1(_ word: UInt64) -> UInt64 {
        (word &* multiplier1).rotated(left: 31) &* multiplier2
    }

    @inlinable
    @inline(__always)
    static func scrambled2(_ word: UInt64) -> UInt64 {
        (word &* multiplier2).rotated(left: 33) &* multiplier1
    }

    @inlinable
    @inline(__always)
    static func finished(_ state: (UInt64, UInt64), byteCount: Int) -> (UInt64, UInt64) {
        let count = UInt64(truncatingIfNeeded: byteCount)
        var (first, second) = (state.0 ^ count, state.1 ^ count)
        first &+= second
        second &+= first
        first = avalanche(first)
        second = avalanche(second)
        first &+= second
        return (first, second &+ first)
    }

    @inlinable
    @inline(__always)
    static func avalanche(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word &>> 33) &* 0xFF51_AFD7_ED55_8CCD
        word = (word ^ word &>> 33) &* 0xC4CE_B9FE_1A85_EC53
        return word ^ word &>> 33
    }
}
