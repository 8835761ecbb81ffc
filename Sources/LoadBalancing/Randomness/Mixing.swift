/// Bit mixing that turns related numbers (indices, addresses, seeds) into unrelated ones.
@usableFromInline
enum Mixing {
    /// A bijection of 64-bit words in which every input bit moves every output bit.
    ///
    /// The finaliser of SplitMix64 (Steele, Lea, Flood, *Fast Splittable Pseudorandom Number Generators*, 2014).
    @inlinable
    static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The word that belongs to `key` at a position of its sequence of candidates.
    @inlinable
    static func mix(_ key: UInt64, position: Int) -> UInt64 {
        mix(key ^ mix(UInt64(truncatingIfNeeded: position)))
    }
}
