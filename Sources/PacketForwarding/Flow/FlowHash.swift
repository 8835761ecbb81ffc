import LoadBalancing

/// The keyed hash of what is looked up more rarely than flows: SipHash-1-3 over a few words.
///
/// Whoever sends packets chooses fragments, clients and ports. The hash is therefore a pseudorandom function of a secret
/// that each process draws anew, so that nobody can crowd a bucket on purpose; 1-3 is what the hash tables of Rust,
/// Python and Swift trust for the same reason.
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
