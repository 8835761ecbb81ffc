import LoadBalancing

/// The keyed hash that flows are found by: SipHash-1-3 over the few words of a key.
///
/// Whoever sends packets chooses the keys of a flow table. The hash is therefore a pseudorandom function of a secret that
/// each process draws anew, so that nobody can crowd a bucket on purpose; 1-3 is what the hash tables of Rust, Python and
/// Swift trust for the same reason. An IPv4 flow takes 5 rounds, which overlap with those of the next one in a batch.
///
/// - Note: Aumasson and Bernstein, *SipHash: a fast short-input PRF*, 2012.
struct FlowHash {
    private var state: SipState

    @inline(__always)
    init(secret: SipKey) {
        state = SipState(secret)
    }

    /// Takes in eight bytes, as a little-endian number.
    @inline(__always)
    mutating func absorb(_ word: UInt64) {
        state.absorb(word, rounds: 1)
    }

    /// Takes in the last bytes, and gives the hash.
    ///
    /// - Parameters:
    ///   - rest: The bytes behind the last whole word, at most seven, as a little-endian number.
    ///   - byteCount: How many bytes there were in all.
    /// - Returns: what ``SipHash13`` gives for these bytes.
    @inline(__always)
    consuming func finish(_ rest: UInt64, byteCount: UInt64) -> UInt64 {
        state.absorb(rest | byteCount &<< 56, rounds: 1)
        state.v2 ^= 0xFF
        return state.output(rounds: 3)
    }
}
