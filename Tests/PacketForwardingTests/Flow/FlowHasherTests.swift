import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct FlowHasherTests {
    /// The definition, with numbers of 32 bits at a time: the upper half of k₀ + Σ kᵢxᵢ, and the mixer behind it.
    private static func reference(_ words: [UInt64], _ numbers: [UInt128]) -> UInt64 {
        var sum = numbers[0]
        for (word, number) in zip(words, numbers.dropFirst()) {
            for part in 0..<4 {
                let digit = UInt128(UInt32(truncatingIfNeeded: number >> UInt128(32 * part)))
                sum &+= (digit * UInt128(word)) << UInt128(32 * part)
            }
        }
        let upper = UInt64(sum >> 64)
        return (upper ^ upper >> 32) &* 0x94D0_49BB_1331_11EB
    }

    private static func numbers(_ secret: SipKey, _ places: [UInt8]) -> [UInt128] {
        places.map { place in
            UInt128(SipHash13.hash([2 * place], seed: secret)) << 64
                | UInt128(SipHash13.hash([2 * place + 1], seed: secret))
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func theHashIsTheMultilinearOneOfTheSecret(seed: UInt64) {
        var random = Noise(seed: seed)
        let secret = SipKey(random.next(), random.next())
        let hasher = FlowHasher(secret: secret)
        let (first, second, third) = (random.next(), random.next(), random.next())
        #expect(hasher.hash(first) == Self.reference([first], Self.numbers(secret, [0, 1])), "seed \(seed)")
        #expect(
            hasher.hash(first, second, third)
                == Self.reference([first, second, third], Self.numbers(secret, [2, 3, 4, 5])), "seed \(seed)")
    }

    /// Two keys meet in one of m chunks with a probability of 1/m over the secrets: of 20,000 of those about 78 times with
    /// m = 256, with a deviation of 8.8; the bound is six of them.
    @Test(
        arguments: [
            (0, 1), (0, 1 << 63), (7, 0xFFFF_FFFF_FFFF_FFF7), (0xC633_6407, 0xC633_6408),
        ] as [(UInt64, UInt64)])
    func anyTwoKeysMeetAsOftenAsByChance(one: UInt64, other: UInt64) {
        var random = Noise(seed: one ^ other)
        var meetings = (chunk: 0, tag: 0, wide: 0)
        for _ in 0..<20_000 {
            let hasher = FlowHasher(secret: SipKey(random.next(), random.next()))
            let narrow = hasher.hash(one) ^ hasher.hash(other)
            if narrow >> 56 == 0 { meetings.chunk += 1 }
            if narrow & 0xFF == 0 { meetings.tag += 1 }
            let wide = hasher.hash(5, one, 6) ^ hasher.hash(5, other, 6)
            if wide >> 56 == 0 { meetings.wide += 1 }
        }
        for count in [meetings.chunk, meetings.tag, meetings.wide] { #expect(abs(count - 78) < 53) }
    }

    /// Ports that are counted up, addresses that are, or both in steps: chunks fill as if by chance.
    ///
    /// Of 8,000 keys in 1,000 chunks 8 are in each, with a variance of 8 for each chunk; over all of them the sum of
    /// squared differences is about 8,000 with a deviation of 358. Ten of them are the bound.
    @Test(arguments: [1, 2, 256, 1 << 16, 1 << 32, 1 << 32 + 1, 3 << 40] as [UInt64], 0..<20 as Range<UInt64>)
    func keysInArithmeticProgressionFillChunksAsOthersDo(step: UInt64, seed: UInt64) {
        let hasher = FlowHasher(secret: SipKey(seed, 77))
        var chunks = Array(repeating: 0, count: 1_000)
        for number in 0..<8_000 as Range<UInt64> {
            chunks[Int(((hasher.hash(number &* step) >> 32) * 1_000) >> 32)] += 1
        }
        let sum = chunks.reduce(0) { $0 + ($1 - 8) * ($1 - 8) }
        #expect(sum < 11_600, "seed \(seed)")
    }
}
