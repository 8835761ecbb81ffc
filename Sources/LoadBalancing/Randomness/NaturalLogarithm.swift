/// The natural logarithm without a mathematics library: the standard library has none.
@usableFromInline
enum NaturalLogarithm {
    /// ln `value` for a normal positive `value`; the absolute error is below 2 · 10⁻⁵.
    ///
    /// The exponent is read off the bits; the significand m in 0.7 … 1.41 goes through 2 · artanh((m − 1) / (m + 1)).
    @inlinable
    static func of(_ value: Float) -> Float {
        var exponent = Float(Int32(truncatingIfNeeded: value.bitPattern >> 23) &- 127)
        var significand = Float(bitPattern: (value.bitPattern & 0x007F_FFFF) | 0x3F80_0000)
        if significand > 1.414_213_5 {
            significand *= 0.5
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        let series = ratio * (2 + square * (0.666_666_7 + square * (0.4 + square * 0.285_714_3)))
        return exponent * 0.693_147_2 + series
    }
}
