/// Which worker a client is: the part of ``WorkerSpread`` that a program in the kernel has to compute, too.
///
/// Thirty-two bits at a time, because the kernel's programs have no wider numbers.
enum ClientShare {
    /// What each word of an address is mixed with, and what is multiplied by last (the constants of MurmurHash3's finaliser).
    static let factors: (word: UInt32, first: UInt32, second: UInt32) = (0x9E37_79B1, 0x85EB_CA6B, 0xC2B2_AE35)
    /// How far words and the result are folded onto themselves.
    static let shifts: (word: UInt32, first: UInt32, second: UInt32) = (15, 13, 16)

    /// The seed in one word.
    static func key(seed: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: seed) ^ UInt32(truncatingIfNeeded: seed &>> 32)
    }

    /// The worker of a client; there are at most 65,536 of them.
    static func worker(of client: IPAddress, seed: UInt64, workers: Int) -> Int {
        var hash = key(seed: seed)
        for word in client.words {
            hash = (hash ^ word) &* factors.word
            hash ^= hash &>> shifts.word
        }
        hash = hash &* factors.first
        hash ^= hash &>> shifts.first
        hash = hash &* factors.second
        hash ^= hash &>> shifts.second
        let share = (hash &>> 16) &* UInt32(truncatingIfNeeded: workers)
        return Int(share &>> 16)
    }
}

extension IPAddress {
    /// The address in words of 32 bits, as it stands in a packet: one, or four.
    var words: [UInt32] {
        guard version == .v6 else { return [v4Bits] }
        return [high &>> 32, high, low &>> 32, low].map { UInt32(truncatingIfNeeded: $0) }
    }
}
