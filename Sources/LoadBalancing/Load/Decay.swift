/// Exponential decay, e^−x, cheap enough for every pick.
@usableFromInline
enum Decay {
    /// 1 − e^−`x` for `x` ≥ 0: what is lost of an old value; the relative error is below 5 · 10⁻³.
    ///
    /// Samples that come close together, as under load, take two multiplications.
    @inlinable
    static func lost(_ x: Float) -> Float {
        x < 0x1p-6 ? x - x * x * 0.5 : 1 - exp2(minus: x * LatencyEstimator.log2e)
    }

    /// 2^−`exponent` for `exponent` ≥ 0; the relative error is below 2 · 10⁻⁴.
    ///
    /// The integer part goes into the exponent bits, the rest through a cubic fitted to 2^f on 0 … 1, which is exact at
    /// both ends: no decay for no time.
    @inlinable
    static func exp2(minus exponent: Float) -> Float {
        guard exponent > 0 else { return 1 }
        guard exponent < 120 else { return 0 }
        // Rounded up by a conversion: without SSE 4.1, `rounded(.up)` is a call.
        let whole = Int32(exponent) &+ 1
        let rest = Float(whole) - exponent
        let power = 1 + rest * (0.695_556_8 + rest * (0.226_173_1 + rest * 0.078_270_1))
        return power * Float(bitPattern: UInt32(truncatingIfNeeded: 127 &- whole) << 23)
    }
}
