/// Dan Bernstein's hash, 32 bits: each byte added to 33 times the hash before it.
///
/// HAProxy's `hash-type … djb2`, which adds the byte (another djb2 takes it in by exclusive or); its bytes are unsigned
/// since version 2.2.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Bernstein, comp.lang.c, 1991.
public enum DJB2: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        bytes.fold(into: 5381) { $0 = $0 &* 33 &+ UInt32($1) }
    }
}
