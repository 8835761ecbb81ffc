/// FNV-1 with 32 bits: multiply, then take in the byte.
///
/// libmemcached and twemproxy offer it for keys as `fnv1_32`; see ``Signed`` for bytes above 127.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Fowler, Noll, Vo, Eastlake and Hansen, *The FNV Non-Cryptographic Hash Algorithm*, RFC 9923, 2025.
public enum FNV1_32: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        bytes.fold(into: FNV.basis32) { $0 = $0 &* FNV.prime32 ^ UInt32($1) }
    }

    /// ``FNV1_32`` over bytes taken as signed, as C programs do where `char` is signed.
    ///
    /// libmemcached and twemproxy compute this on x86; it differs where a byte is above 127.
    public enum Signed: ByteHash {
        /// Hashes `bytes`, of which there may be none.
        @inlinable
        public static func hash(_ bytes: RawSpan) -> UInt32 {
            bytes.fold(into: FNV.basis32) { $0 = $0 &* FNV.prime32 ^ UInt32(signExtending: $1) }
        }
    }
}

/// FNV-1 with 64 bits: multiply, then take in the byte.
///
/// libmemcached and twemproxy offer the low 32 bits of it for keys as `fnv1_64`; see ``Signed`` for bytes above 127.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Fowler, Noll, Vo, Eastlake and Hansen, *The FNV Non-Cryptographic Hash Algorithm*, RFC 9923, 2025.
public enum FNV1_64: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> UInt64 {
        bytes.fold(into: FNV.basis64) { $0 = $0 &* FNV.prime64 ^ UInt64($1) }
    }

    /// ``FNV1_64`` over bytes taken as signed, as C programs do where `char` is signed.
    ///
    /// The low 32 bits are what libmemcached and twemproxy compute on x86; they differ where a byte is above 127.
    public enum Signed: ByteHash {
        /// Hashes `bytes`, of which there may be none.
        @inlinable
        public static func hash(_ bytes: RawSpan) -> UInt64 {
            bytes.fold(into: FNV.basis64) { $0 = $0 &* FNV.prime64 ^ UInt64(signExtending: $1) }
        }
    }
}

/// What FNV starts from and multiplies by.
@usableFromInline
enum FNV {
    @inlinable static var basis32: UInt32 { 0x811C_9DC5 }
    @inlinable static var prime32: UInt32 { 0x0100_0193 }
    @inlinable static var basis64: UInt64 { 0xCBF2_9CE4_8422_2325 }
    @inlinable static var prime64: UInt64 { 0x0000_0100_0000_01B3 }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// The number a signed `byte` stands for, modulo 2 to the `bitWidth`.
    @inlinable
    @inline(__always)
    init(signExtending byte: UInt8) {
        self.init(truncatingIfNeeded: Int8(bitPattern: byte))
    }
}
