/// The hash of the sdbm database library, 32 bits: each byte added to 65599 times the hash before it.
///
/// HAProxy's default for keys (`hash-type … sdbm`); its bytes are unsigned since version 2.2.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Yigit, *sdbm*, 1990.
public enum SDBM: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        bytes.fold(into: 0) { $0 = $0 &* 65599 &+ UInt32($1) }
    }
}
