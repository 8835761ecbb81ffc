/// A hash function over bytes, named by its type: `CRC32.hash("10.0.0.1:11211")`.
///
/// A conforming type gives the one requirement over `RawSpan`; text, byte collections and raw buffers are served here.
/// The value depends on the bytes alone: not on their alignment, the platform's byte order or the process.
///
/// - Complexity: O(n) in the bytes hashed; no allocation, but for text and collections that do not lie in one piece
///   of memory, which are copied first.
public protocol ByteHash {
    /// What hashing gives: a number, two of them, or a digest.
    associatedtype Value

    /// Hashes `bytes`, of which there may be none.
    static func hash(_ bytes: RawSpan) -> Value
}

/// A hash function that takes a seed: every seed gives another function, of the same quality.
///
/// Where the seed is a number, hashing without one uses seed 0.
public protocol SeededByteHash {
    /// The type of the seed: a number, or the key of ``SipHash24`` and its kin.
    associatedtype Seed
    /// What hashing gives: a number, or two of them.
    associatedtype Value

    /// Hashes `bytes`, of which there may be none, under `seed`.
    static func hash(_ bytes: RawSpan, seed: Seed) -> Value
}

extension SeededByteHash where Seed: FixedWidthInteger {
    /// Hashes `bytes` under seed 0.
    @inlinable
    @inline(__always)
    public static func hash(_ bytes: RawSpan) -> Value {
        hash(bytes, seed: 0)
    }
}

extension ByteHash {
    /// Hashes the UTF-8 form of `text`, without an end mark.
    @inlinable
    public static func hash(_ text: some StringProtocol) -> Value {
        withRawSpan(of: text.utf8) { hash($0) }
    }

    /// Hashes the elements of `bytes` in order.
    @inlinable
    public static func hash(_ bytes: some Collection<UInt8>) -> Value {
        withRawSpan(of: bytes) { hash($0) }
    }

    /// Hashes the memory `bytes` points to, which must stay initialized during the call.
    @unsafe
    @inlinable
    @inline(__always)
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Value {
        unsafe hash(bytes.bytes)
    }
}

extension SeededByteHash {
    /// Hashes the UTF-8 form of `text`, without an end mark, under `seed`.
    @inlinable
    public static func hash(_ text: some StringProtocol, seed: Seed) -> Value {
        withRawSpan(of: text.utf8) { hash($0, seed: seed) }
    }

    /// Hashes the elements of `bytes` in order under `seed`.
    @inlinable
    public static func hash(_ bytes: some Collection<UInt8>, seed: Seed) -> Value {
        withRawSpan(of: bytes) { hash($0, seed: seed) }
    }

    /// Hashes the memory `bytes` points to, which must stay initialized during the call, under `seed`.
    @unsafe
    @inlinable
    @inline(__always)
    public static func hash(_ bytes: UnsafeRawBufferPointer, seed: Seed) -> Value {
        unsafe hash(bytes.bytes, seed: seed)
    }
}

/// Calls `body` with the elements of `bytes` in one piece of memory, copied only if they do not lie so already.
@inlinable
@inline(__always)
func withRawSpan<Result>(of bytes: some Collection<UInt8>, _ body: (RawSpan) -> Result) -> Result {
    // Invariant: the span is used only inside the closure that lends its memory; `RawSpan` cannot escape `body`.
    if let result = bytes.withContiguousStorageIfAvailable({
        unsafe body(UnsafeRawBufferPointer($0).bytes)
    }) {
        return result
    }
    return unsafe ContiguousArray(bytes).withUnsafeBytes { unsafe body($0.bytes) }
}
