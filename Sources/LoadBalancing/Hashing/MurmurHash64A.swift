/// MurmurHash64A, also called MurmurHash2-64A: a fast 64-bit hash for 64-bit machines.
///
/// Envoy offers it for ring points with seed 0xC70F6907, which is also `std::hash` of a string in GNU libstdc++.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Appleby, *MurmurHash2*, the 64-bit version for 64-bit platforms, 2008.
public enum MurmurHash64A: ByteHash, SeededByteHash {
    @inlinable static var multiplier: UInt64 { 0xC6A4_A793_5BD1_E995 }

    /// Hashes `bytes`, of which there may be none, under `seed`.
    @inlinable
    public static func hash(_ bytes: RawSpan, seed: UInt64) -> UInt64 {
        let count = bytes.byteCount
        var hash = seed ^ UInt64(truncatingIfNeeded: count) &* multiplier
        var offset = 0
        while count &- offset >= 8 {
            var word = bytes.littleEndian64(at: offset) &* multiplier
            word = (word ^ word &>> 47) &* multiplier
            hash = (hash ^ word) &* multiplier
            offset &+= 8
        }
        if offset < count {
            hash = (hash ^ bytes.littleEndianTail(at: offset)) &* multiplier
        }
        hash = (hash ^ hash &>> 47) &* multiplier
        return hash ^ hash &>> 47
    }
}
