/// From a key's hash to its slot, without a division.
@frozen
@usableFromInline
struct SlotReduction: BitwiseCopyable, Sendable {
    @usableFromInline let modulus: Modulus
    @usableFromInline let isModulo: Bool

    init(size: Int, isModulo: Bool) {
        modulus = Modulus(max(size, 1))
        self.isModulo = isModulo
    }

    /// The slot of `hash`, below the size; 0 where the size is 0.
    @inlinable
    @inline(__always)
    func slot(of hash: UInt64) -> UInt64 {
        if isModulo { return modulus.remainder(of: hash) }
        // The multiplication scatters hashes that are none, such as small numbers (Knuth's Fibonacci hashing).
        return (hash &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: modulus.value).high
    }
}
