/// A fast generator whose whole sequence follows from its seed.
///
/// Pickers own one each, so that every pick can be replayed. It is not for secrets: who sees a few draws can tell the
/// next ones.
///
/// - Complexity: O(1), one 64 × 64 → 128 bit multiplication a draw.
/// - Note: wyrand, the generator of Wang Yi's *wyhash* (final version 4); it passes PractRand and BigCrush.
@frozen
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
    @usableFromInline var state: UInt64

    /// Creates a generator; equal seeds give equal sequences, and neighbouring seeds unrelated ones.
    @inlinable
    public init(seed: UInt64) {
        state = Mixing.mix(seed)
    }

    /// The next 64 uniformly distributed bits.
    @inlinable
    public mutating func next() -> UInt64 {
        state &+= 0xA076_1D64_78BD_642F
        let product = state.multipliedFullWidth(by: state ^ 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }

    /// A uniform draw from `0 ..< bound`; 0 when `bound` is 0.
    ///
    /// The bias is below `bound` / 2⁶⁴ (multiply-shift; Lemire, *Fast Random Integer Generation in an Interval*, 2019).
    @inlinable
    public mutating func next(below bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }

    /// A uniform draw from `0 ..< bound` as an index.
    @inlinable
    mutating func nextIndex(below bound: Int) -> Int {
        Int(truncatingIfNeeded: next(below: UInt64(truncatingIfNeeded: bound)))
    }

    /// A draw from the exponential distribution of mean 1.
    ///
    /// The smallest of several draws `eᵢ / wᵢ` belongs to `i` with probability `wᵢ / Σw`: the *exponential race*.
    @inlinable
    mutating func nextExponential() -> Float {
        // 24 bits, never zero, so that the logarithm is finite.
        let uniform = (Float(next() >> 40) + 1) * 0x1p-24
        return -NaturalLogarithm.of(uniform)
    }
}
