/// Input for hashes, and their output in other forms.
enum Bytes {
    /// The bytes 0, 1, 2, … modulo 256.
    static func counting(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    }

    /// The bytes xxHash's own tests hash: byte 7 of 2654435761 times the powers of a 64-bit prime.
    static func ofXXHash(_ count: Int) -> [UInt8] {
        var state: UInt64 = 2_654_435_761
        return (0..<count).map { _ in
            defer { state &*= 11_400_714_785_074_694_797 }
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    /// `count` bytes without a pattern, the same ones whenever the seed is the same (SplitMix64).
    static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return UInt8(truncatingIfNeeded: word >> 56)
        }
    }

    /// The little-endian bytes of `number`.
    static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    /// `bytes` in lower-case hexadecimal.
    static func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// SMHasher's verification value: hashes the 256 keys 0 … n-1 of n bytes under the seeds 256 - n, then all their hashes
/// in a row under seed 0; the first four bytes of that, little-endian.
func smhasherVerification(_ hash: (_ bytes: [UInt8], _ seed: UInt32) -> [UInt8]) -> UInt32 {
    let hashes = (0..<256).flatMap { hash(Bytes.counting($0), UInt32(256 - $0)) }
    return hash(hashes, 0).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
}

/// Calls `body` with the UTF-8 form of `text`.
func withBytes<Result>(_ text: String, _ body: (RawSpan) -> Result) -> Result {
    unsafe Array(text.utf8).withUnsafeBytes { unsafe body($0.bytes) }
}
