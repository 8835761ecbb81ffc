/// XXH64: a fast 64-bit hash of good quality, not made to withstand an adversary who chooses the keys.
///
/// Envoy and gRPC place the points of their rings and look up keys with it (seed 0); Envoy's Maglev takes the offset of
/// a permutation from seed 0 and its skip from seed 1.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Collet, *xxHash fast digest algorithm*, version 0.1.1.
public enum XXH64: ByteHash, SeededByteHash {
    @inlinable static var prime1: UInt64 { 0x9E37_79B1_85EB_CA87 }
    @inlinable static var prime2: UInt64 { 0xC2B2_AE3D_27D4_EB4F }
    @inlinable static var prime3: UInt64 { 0x1656_67B1_9E37_79F9 }
    @inlinable static var prime4: UInt64 { 0x85EB_CA77_C2B2_AE63 }
    @inlinable static var prime5: UInt64 { 0x27D4_EB2F_1656_67C5 }

    /// Hashes `bytes`, of which there may be none, under `seed`.
    @inlinable
    @inline(__always)
    public static func hash(_ bytes: RawSpan, seed: UInt64) -> UInt64 {
        let count = bytes.byteCount
        var offset = 0
        var hash = seed &+ prime5
        if count >= 32 {
            hash = stripes(of: bytes, seed: seed)
            offset = count & ~31
        }
        hash &+= UInt64(truncatingIfNeeded: count)
        while count &- offset >= 8 {
            hash = mixed(hash, bytes.littleEndian64(at: offset))
            offset &+= 8
        }
        if count &- offset >= 4 {
            hash ^= UInt64(bytes.littleEndian32(at: offset)) &* prime1
            hash = hash.rotated(left: 23) &* prime2 &+ prime3
            offset &+= 4
        }
        while offset < count {
            hash ^= UInt64(bytes.byte(at: offset)) &* prime5
            hash = hash.rotated(left: 11) &* prime1
            offset &+= 1
        }
        return avalanche(hash)
    }

    /// Hashes the eight little-endian bytes of `value` under `seed`.
    ///
    /// - Complexity: O(1).
    @inlinable
    public static func hash(_ value: UInt64, seed: UInt64 = 0) -> UInt64 {
        avalanche(mixed(seed &+ prime5 &+ 8, value))
    }

    /// The state after all whole stripes of 32 bytes, of which there is at least one.
    @usableFromInline
    static func stripes(of bytes: RawSpan, seed: UInt64) -> UInt64 {
        var lane1 = seed &+ prime1 &+ prime2
        var lane2 = seed &+ prime2
        var lane3 = seed
        var lane4 = seed &- prime1
        var offset = 0
        while bytes.byteCount &- offset >= 32 {
            lane1 = round(lane1, bytes.littleEndian64(at: offset))
            lane2 = round(lane2, bytes.littleEndian64(at: offset &+ 8))
            lane3 = round(lane3, bytes.littleEndian64(at: offset &+ 16))
            lane4 = round(lane4, bytes.littleEndian64(at: offset &+ 24))
            offset &+= 32
        }
        var hash = lane1.rotated(left: 1) &+ lane2.rotated(left: 7)
        hash &+= lane3.rotated(left: 12) &+ lane4.rotated(left: 18)
        hash = (hash ^ round(0, lane1)) &* prime1 &+ prime4
        hash = (hash ^ round(0, lane2)) &* prime1 &+ prime4
        hash = (hash ^ round(0, lane3)) &* prime1 &+ prime4
        return (hash ^ round(0, lane4)) &* prime1 &+ prime4
    }

    @inlinable
    @inline(__always)
    static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        (lane &+ word &* prime2).rotated(left: 31) &* prime1
    }

    /// `hash` after eight bytes outside a stripe.
    @inlinable
    @inline(__always)
    static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        (hash ^ round(0, word)).rotated(left: 27) &* prime1 &+ prime4
    }

    @inlinable
    @inline(__always)
    static func avalanche(_ hash: UInt64) -> UInt64 {
        var hash = hash
        hash = (hash ^ hash &>> 33) &* prime2
        hash = (hash ^ hash &>> 29) &* prime3
        return hash ^ hash &>> 32
    }
}
