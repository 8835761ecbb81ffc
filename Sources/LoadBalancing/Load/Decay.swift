/// Exponential decay, e^−x, cheap enough for every pick.
@usableFromInline
enum Decay {
    /// 2^−`exponent` for `exponent` ≥ 0; the relative error is below 2 · 10⁻⁴.
    ///
    /// The integer part goes into the exponent bits, the rest through a cubic fitted to 2^f on 0 … 1, which is exact at
    /// both ends: no decay for no time.
    @inlinable
    static func exp2(minus exponent: Float) -> Float {
        guard exponent > 0 else { return 1 }
        guard exponent < 120 else { return 0 }
        let whole = exponent.rounded(.up)
        let rest = whole - exponent
        let power = 1 + rest * (0.695_556_8 + rest * (0.226_173_1 + rest * 0.078_270_1))
        return power * Float(bitPattern: UInt32(truncatingIfNeeded: 127 &- Int32(whole)) << 23)
    }
}
