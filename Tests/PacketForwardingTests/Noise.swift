/// Numbers without a pattern, the same ones whenever the seed is the same (SplitMix64).
struct Noise: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// A word of 16-bit groups that are all ones or all zeros.
    mutating func mask() -> UInt64 {
        (0..<4).reduce(0) { mask, _ in mask << 16 | (Bool.random(using: &self) ? 0xFFFF : 0) }
    }

    /// `count` bytes.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }
}
