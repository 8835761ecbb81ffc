import LoadBalancing

/// The keyed hash that flows are found by: multilinear hashing of the words of a key, and a mixer behind it.
///
/// A key of the words x₁ … xₙ has the upper 64 bits of k₀ + k₁x₁ + … + kₙxₙ modulo 2¹²⁸, where every k is a secret number of
/// 128 bits. That is *strongly universal*: over the choice of the secret the hashes of two different keys are each
/// uniform and independent of each other, so two keys meet with a probability of exactly 2⁻⁶⁴, and in one of m chunks of
/// an index with 1/m, whoever chose the keys. An index of n flows thus makes each of them meet n/m others on the average,
/// for any set of flows. IPv4 and IPv6 have secrets of their own.
///
/// This suffices since nothing that depends on a hash leaves the process: who sends packets chooses keys, but is not told
/// whether they met, nor where. What the bound does not say anything of, keys in arithmetic progression (the ports of a
/// client), would lie as regularly as they are; so a fixed bijection turns the sum over, which keeps the
/// independence of any two. SipHash, which resists even those who see hashes, took a fifth of a packet's time; it still
/// draws the secrets here from the table's.
///
/// - Note: Carter and Wegman, *Universal classes of hash functions*, 1979; Lemire and Kaser, *Strongly universal string
///   hashing is fast*, 2014, Theorem 3.1 with K = 128 and L = 64. The mixer is the last step of SplitMix64's.
struct FlowHasher: Sendable {
    private let narrowStart: UInt128
    private let narrow: UInt128
    private let wideStart: UInt128
    private let wide: (UInt128, UInt128, UInt128)

    /// The hash of a secret.
    init(secret: SipKey) {
        func number(_ place: UInt64) -> UInt128 {
            UInt128(Self.word(2 * place, secret)) << 64 | UInt128(Self.word(2 * place + 1, secret))
        }
        narrowStart = number(0)
        narrow = number(1)
        wideStart = number(2)
        wide = (number(3), number(4), number(5))
    }

    /// A number of the secret's sequence: SipHash-1-3 of its place.
    private static func word(_ place: UInt64, _ secret: SipKey) -> UInt64 {
        FlowHash(secret: secret).finish(place, byteCount: 1)
    }

    /// The hash of a key of one word.
    @inline(__always)
    func hash(_ word: UInt64) -> UInt64 {
        Self.mixed(narrowStart &+ narrow &* UInt128(truncatingIfNeeded: word))
    }

    /// The hash of a key of three words.
    @inline(__always)
    func hash(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
        Self.mixed(
            wideStart &+ wide.0 &* UInt128(truncatingIfNeeded: first) &+ wide.1 &* UInt128(truncatingIfNeeded: second)
                &+ wide.2 &* UInt128(truncatingIfNeeded: third))
    }

    @inline(__always)
    private static func mixed(_ sum: UInt128) -> UInt64 {
        let word = UInt64(truncatingIfNeeded: sum &>> 64)
        return (word ^ word &>> 32) &* 0x94D0_49BB_1331_11EB
    }
}
