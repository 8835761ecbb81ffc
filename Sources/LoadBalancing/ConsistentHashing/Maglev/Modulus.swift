/// A number to divide by again and again, without a division.
@frozen
@usableFromInline
struct Modulus: BitwiseCopyable, Sendable {
    @usableFromInline let value: UInt64
    /// The rounded quotient ⌊(2⁶⁴ − 1) / value⌋.
    @usableFromInline let reciprocal: UInt64

    init(_ value: Int) {
        self.value = UInt64(value)
        reciprocal = UInt64.max / self.value
    }

    /// `number` modulo the value.
    @inlinable
    @inline(__always)
    func remainder(of number: UInt64) -> UInt64 {
        // The quotient, or one less (Granlund and Montgomery, *Division by Invariant Integers using Multiplication*, 1994).
        let quotient = number.multipliedFullWidth(by: reciprocal).high
        let rest = number &- quotient &* value
        return rest >= value ? rest &- value : rest
    }
}
