/// XXH32: the 32-bit sibling of ``XXH64``, not made to withstand an adversary who chooses the keys.
///
/// HAProxy keys a server by it when servers are told apart by identifier or IPv6 address.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Collet, *xxHash fast digest algorithm*, version 0.1.1.
public enum XXH32: ByteHash, SeededByteHash {
    @inlinable static var prime1: UInt32 { 0x9E37_79B1 }
    @inlinable static var prime2: UInt32 { 0x85EB_CA77 }
    @inlinable static var prime3: UInt32 { 0xC2B2_AE3D }
    @inlinable static var prime4: UInt32 { 0x27D4_EB2F }
    @inlinable static var prime5: UInt32 { 0x1656_67B1 }

    /// Hashes `bytes`, of which there may be none, under `seed`.
    @inlinable
    public static func hash(_ bytes: RawSpan, seed: UInt32) -> UInt32 {
        let count = bytes.byteCount
        var offset = 0
        var hash = seed &+ prime5
        if count >= 16 {
            hash = stripes(of: bytes, seed: seed)
            offset = count & ~15
        }
        hash &+= UInt32(truncatingIfNeeded: count)
        while count &- offset >= 4 {
            hash &+= bytes.littleEndian32(at: offset) &* prime3
            hash = hash.rotated(left: 17) &* prime4
            offset &+= 4
        }
        while offset < count {
            hash &+= UInt32(bytes.byte(at: offset)) &* prime5
            hash = hash.rotated(left: 11) &* prime1
            offset &+= 1
        }
        hash = (hash ^ hash &>> 15) &* prime2
        hash = (hash ^ hash &>> 13) &* prime3
        return hash ^ hash &>> 16
    }

    /// The state after all whole stripes of 16 bytes, of which there is at least one.
    @inlinable
    static func stripes(of bytes: RawSpan, seed: UInt32) -> UInt32 {
        var lane1 = seed &+ prime1 &+ prime2
        var lane2 = seed &+ prime2
        var lane3 = seed
        var lane4 = seed &- prime1
        var offset = 0
        while bytes.byteCount &- offset >= 16 {
            lane1 = round(lane1, bytes.littleEndian32(at: offset))
            lane2 = round(lane2, bytes.littleEndian32(at: offset &+ 4))
            lane3 = round(lane3, bytes.littleEndian32(at: offset &+ 8))
            lane4 = round(lane4, bytes.littleEndian32(at: offset &+ 12))
            offset &+= 16
        }
        return lane1.rotated(left: 1) &+ lane2.rotated(left: 7) &+ lane3.rotated(left: 12) &+ lane4.rotated(left: 18)
    }

    @inlinable
    @inline(__always)
    static func round(_ lane: UInt32, _ word: UInt32) -> UInt32 {
        (lane &+ word &* prime2).rotated(left: 13) &* prime1
    }
}
