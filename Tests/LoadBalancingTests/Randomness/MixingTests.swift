import Testing

@testable import LoadBalancing

@Suite struct MixingTests {
    /// The first three numbers of SplitMix64 with seed 0, as in its reference implementation
    /// (Vigna, splitmix64.c, 2015).
    @Test(
        arguments: [
            (word: 0, mixed: 0xE220_A839_7B1D_CDAF),
            (word: 0x9E37_79B9_7F4A_7C15, mixed: 0x6E78_9E6A_A1B9_65F4),
            (word: 0x3C6E_F372_FE94_F82A, mixed: 0x06C4_5D18_8009_454F),
        ] as [(word: UInt64, mixed: UInt64)])
    func agreesWithSplitMix64(word: UInt64, mixed: UInt64) {
        #expect(Mixing.mix(word) == mixed)
    }

    /// Each input bit turns 32 of 64 output bits over on average; over 200 words the mean has a standard deviation of
    /// 4 / √200 = 0.28, and five of those for 64 bits.
    @Test func everyInputBitMovesHalfOfTheOutput() {
        var generator = SeededGenerator(seed: 1)
        let words = (0..<200).map { _ in generator.next() }
        for bit in 0..<64 as Range<UInt64> {
            let moved = words.reduce(0) { $0 + (Mixing.mix($1) ^ Mixing.mix($1 ^ 1 << bit)).nonzeroBitCount }
            #expect(abs(Double(moved) / 200 - 32) <= 1.4, "bit \(bit)")
        }
    }

    @Test func positionsOfAKeyAreUnrelated() {
        let words = (0..<100).flatMap { key in (0..<20).map { Mixing.mix(UInt64(key), position: $0) } }
        #expect(Set(words).count == 2_000)
    }
}
