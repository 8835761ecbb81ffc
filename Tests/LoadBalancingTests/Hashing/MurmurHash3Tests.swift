import LoadBalancing
import Testing

@Suite struct MurmurHash3Tests {
    /// "Murmur3F" in SMHasher's table; covers all lengths to 255 and 256 seeds.
    @Test func agreesWithSMHasher() {
        let value = smhasherVerification { bytes, seed in
            let (first, second) = MurmurHash3.hash(bytes, seed: seed)
            return Bytes.littleEndian(first) + Bytes.littleEndian(second)
        }
        #expect(value == 0x6384_BA69)
    }

    /// Offset and skip in Cilium's Maglev table of 16381 under its default seed: mmh3 5.3.1 by the recipe of its
    /// `pkg/maglev/maglev.go`.
    @Test(
        arguments: [
            (name: "one", offset: 1125, skip: 5176),
            (name: "two", offset: 6187, skip: 8717),
            (name: "three", offset: 99, skip: 8901),
            (name: "backend-0", offset: 6782, skip: 12240),
        ] as [(String, UInt64, UInt64)])
    func givesCiliumItsPermutations(name: String, offset: UInt64, skip: UInt64) {
        let (first, second) = MurmurHash3.hash(name, seed: 0x24B7_EF82)
        #expect(first % 16381 == offset)
        #expect(second % 16380 + 1 == skip)
    }

    /// Offset and skip in Katran's Maglev table of 65537: mmh3 5.3.1 by the recipe of its `MaglevBase.cpp`.
    @Test(
        arguments: [
            (endpoint: 0, offset: 22292, skip: 48325),
            (endpoint: 1, offset: 3304, skip: 19461),
            (endpoint: 42, offset: 41180, skip: 65402),
            (endpoint: 1000, offset: 14056, skip: 60674),
        ] as [(UInt64, UInt64, UInt64)])
    func givesKatranItsPermutations(endpoint: UInt64, offset: UInt64, skip: UInt64) {
        #expect(MurmurHash3.hash(endpoint, 42).0 % 65537 == offset)
        #expect(MurmurHash3.hash(endpoint, 2_718_281_828, seed: 2307).0 % 65536 + 1 == skip)
    }

    @Test(arguments: [0, 1, 0x0123_4567_89AB_CDEF, .max] as [UInt64], [0, 2307, .max] as [UInt32])
    func hashesTwoNumbersAsTheirBytes(number: UInt64, seed: UInt32) {
        let bytes = Bytes.littleEndian(number) + Bytes.littleEndian(~number)
        #expect(MurmurHash3.hash(number, ~number, seed: seed) == MurmurHash3.hash(bytes, seed: seed))
    }
}
