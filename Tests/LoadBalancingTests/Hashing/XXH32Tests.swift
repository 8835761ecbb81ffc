import LoadBalancing
import Testing

@Suite struct XXH32Tests {
    /// From `XSUM_XXH32_testdata` in xxHash's `cli/xsum_sanity_check.c`, version 0.8.
    @Test(
        arguments: [
            (length: 0, seed: 0, value: 0x02CC_5D05),
            (length: 0, seed: 2_654_435_761, value: 0x36B7_8AE7),
            (length: 1, seed: 0, value: 0xCF65_B03E),
            (length: 1, seed: 2_654_435_761, value: 0xB454_5AA4),
            (length: 14, seed: 0, value: 0x1208_E7E2),
            (length: 14, seed: 2_654_435_761, value: 0x6AF1_D1FE),
            (length: 222, seed: 0, value: 0x5BD1_1DBD),
            (length: 222, seed: 2_654_435_761, value: 0x5880_3C5F),
        ] as [(Int, UInt32, UInt32)])
    func agreesWithItsAuthor(length: Int, seed: UInt32, value: UInt32) {
        #expect(XXH32.hash(Bytes.ofXXHash(length), seed: seed) == value)
    }

    /// 0xBA88B743 in the table of SMHasher's forks that carry XXH32; covers all lengths to 255 and 256 seeds.
    @Test func agreesWithSMHasher() {
        #expect(smhasherVerification { Bytes.littleEndian(XXH32.hash($0, seed: $1)) } == 0xBA88_B743)
    }

    /// From HAProxy's `reg-tests/sample_fetches/hashes.vtc`, over the bytes 0 to 255.
    @Test(arguments: [(seed: 0, value: 1_497_633_363), (seed: 1, value: 1_070_421_674)] as [(UInt32, UInt32)])
    func agreesWithHAProxy(seed: UInt32, value: UInt32) {
        #expect(XXH32.hash(Bytes.counting(256), seed: seed) == value)
    }
}
