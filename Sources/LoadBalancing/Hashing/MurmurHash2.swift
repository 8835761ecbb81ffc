/// MurmurHash2, 32 bits.
///
/// libmemcached and twemproxy offer it for keys as `murmur`, with 0xDEADBEEF times the length as the seed.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Appleby, *MurmurHash2*, 2008.
public enum MurmurHash2: ByteHash, SeededByteHash {
    /// Hashes `bytes`, of which there may be none, under `seed`.
    public static func hash(_ bytes: RawSpan, seed: UInt32) -> UInt32 {
        let multiplier: UInt32 = 0x5BD1_E995
        let count = bytes.byteCount
        var hash = seed ^ UInt32(truncatingIfNeeded: count)
        var offset = 0
        while count &- offset >= 4 {
            var word = bytes.littleEndian32(at: offset) &* multiplier
            word = (word ^ word &>> 24) &* multiplier
            hash = hash &* multiplier ^ word
            offset &+= 4
        }
        if offset < count {
            hash = (hash ^ UInt32(truncatingIfNeeded: bytes.littleEndianTail(at: offset))) &* multiplier
        }
        hash = (hash ^ hash &>> 13) &* multiplier
        return hash ^ hash &>> 15
    }
}
