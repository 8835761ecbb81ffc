/// FNV-1a with 32 bits: take in the byte, then multiply.
///
/// libmemcached and twemproxy offer it for keys as `fnv1a_32`; see ``Signed`` for bytes above 127.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Fowler, Noll, Vo, Eastlake and Hansen, *The FNV Non-Cryptographic Hash Algorithm*, RFC 9923, 2025.
public enum FNV1a_32: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        bytes.fold(into: FNV.basis32) { $0 = ($0 ^ UInt32($1)) &* FNV.prime32 }
    }

    /// ``FNV1a_32`` over bytes taken as signed, as C programs do where `char` is signed.
    ///
    /// libmemcached and twemproxy compute this on x86; it differs where a byte is above 127.
    public enum Signed: ByteHash {
        /// Hashes `bytes`, of which there may be none.
        @inlinable
        public static func hash(_ bytes: RawSpan) -> UInt32 {
            bytes.fold(into: FNV.basis32) { $0 = ($0 ^ UInt32(signExtending: $1)) &* FNV.prime32 }
        }
    }
}

/// FNV-1a with 64 bits: take in the byte, then multiply.
///
/// The low 32 bits of it are twemproxy's default for keys, `fnv1a_64`; see ``Signed`` for bytes above 127.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Fowler, Noll, Vo, Eastlake and Hansen, *The FNV Non-Cryptographic Hash Algorithm*, RFC 9923, 2025.
public enum FNV1a_64: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> UInt64 {
        bytes.fold(into: FNV.basis64) { $0 = ($0 ^ UInt64($1)) &* FNV.prime64 }
    }

    /// ``FNV1a_64`` over bytes taken as signed, as C programs do where `char` is signed.
    ///
    /// The low 32 bits are what libmemcached and twemproxy compute on x86; they differ where a byte is above 127.
    public enum Signed: ByteHash {
        /// Hashes `bytes`, of which there may be none.
        @inlinable
        public static func hash(_ bytes: RawSpan) -> UInt64 {
            bytes.fold(into: FNV.basis64) { $0 = ($0 ^ UInt64(signExtending: $1)) &* FNV.prime64 }
        }
    }
}
