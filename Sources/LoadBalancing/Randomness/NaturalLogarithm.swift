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

    /// ln `value` for a normal positive `value`; the relative error is below 10⁻¹⁵.
    ///
    /// The same on every machine, since nothing but the four operations of IEEE 754 is used: hashing needs that.
    @inlinable
    static func of(_ value: Double) -> Double {
        var exponent = Double(Int64(truncatingIfNeeded: value.bitPattern >> 52) &- 1_023)
        var significand = Double(bitPattern: (value.bitPattern & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000)
        if significand > 1.414_213_562_373_095 {
            significand *= 0.5
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        // 1 + s/3 + s²/5 + … + s⁹/19, where s is below 0.03.
        var series = 1.0 / 19
        series = series * square + 1.0 / 17
        series = series * square + 1.0 / 15
        series = series * square + 1.0 / 13
        series = series * square + 1.0 / 11
        series = series * square + 1.0 / 9
        series = series * square + 1.0 / 7
        series = series * square + 1.0 / 5
        series = series * square + 1.0 / 3
        series = series * square + 1
        return exponent * 0.693_147_180_559_945_3 + 2 * ratio * series
    }
}
