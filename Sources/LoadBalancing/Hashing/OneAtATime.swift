/// Bob Jenkins' one-at-a-time hash, 32 bits.
///
/// libmemcached's default for keys, and for the points of its unweighted ring; see ``Signed`` for bytes above 127.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Jenkins, *Hash functions*, Dr. Dobb's Journal, September 1997.
public enum OneAtATime: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        finished(bytes.fold(into: 0) { mix(&$0, UInt32($1)) })
    }

    /// ``OneAtATime`` over bytes taken as signed, as C programs do where `char` is signed.
    ///
    /// libmemcached and twemproxy compute this on x86; it differs where a byte is above 127.
    public enum Signed: ByteHash {
        /// Hashes `bytes`, of which there may be none.
        @inlinable
        public static func hash(_ bytes: RawSpan) -> UInt32 {
            finished(bytes.fold(into: 0) { mix(&$0, UInt32(signExtending: $1)) })
        }
    }

    @inlinable
    @inline(__always)
    static func mix(_ hash: inout UInt32, _ byte: UInt32) {
        hash &+= byte
        hash &+= hash &<< 10
        hash ^= hash &>> 6
    }

    @inlinable
    @inline(__always)
    static func finished(_ hash: UInt32) -> UInt32 {
        var hash = hash
        hash &+= hash &<< 3
        hash ^= hash &>> 11
        hash &+= hash &<< 15
        return hash
    }
}
