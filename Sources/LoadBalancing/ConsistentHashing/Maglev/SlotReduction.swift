/// From a key's hash to its slot, without a division.
@frozen
@usableFromInline
struct SlotReduction: BitwiseCopyable, Sendable {
    @usableFromInline let size: UInt64
    /// ⌊(2⁶⁴ − 1) / size⌋ where the slot is the hash modulo the size; 0 where it is the stretch of the hashes it lies in.
    @usableFromInline let reciprocal: UInt64

    init(size: Int, isModulo: Bool) {
        self.size = UInt64(size)
        reciprocal = isModulo && size > 0 ? UInt64.max / self.size : 0
    }

    /// The slot of `hash`, below the size; 0 where the size is 0.
    @inlinable
    @inline(__always)
    func slot(of hash: UInt64) -> UInt64 {
        if reciprocal == 0 {
            // The multiplication scatters hashes that are none, such as small numbers (Knuth's Fibonacci hashing).
            return (hash &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: size).high
        }
        // At most one below the quotient (Granlund and Montgomery, *Division by Invariant Integers*, 1994).
        let quotient = hash.multipliedFullWidth(by: reciprocal).high
        let rest = hash &- quotient &* size
        return rest >= size ? rest &- size : rest
    }
}
