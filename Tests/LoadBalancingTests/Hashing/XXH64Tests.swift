import LoadBalancing
import Testing

@Suite struct XXH64Tests {
    /// From `XSUM_XXH64_testdata` in xxHash's `cli/xsum_sanity_check.c`, version 0.8.
    @Test(
        arguments: [
            (length: 0, seed: 0, value: 0xEF46_DB37_51D8_E999),
            (length: 0, seed: 2_654_435_761, value: 0xAC75_FDA2_929B_17EF),
            (length: 1, seed: 0, value: 0xE934_A84A_DB05_2768),
            (length: 1, seed: 2_654_435_761, value: 0x5014_6076_43A9_B4C3),
            (length: 4, seed: 0, value: 0x9136_A0DC_A574_57EE),
            (length: 14, seed: 0, value: 0x8282_DCC4_994E_35C8),
            (length: 14, seed: 2_654_435_761, value: 0xC3BD_6BF6_3DEB_6DF0),
            (length: 222, seed: 0, value: 0xB641_AE8C_B691_C174),
            (length: 222, seed: 2_654_435_761, value: 0x20CB_8AB7_AE10_C14A),
        ] as [(Int, UInt64, UInt64)])
    func agreesWithItsAuthor(length: Int, seed: UInt64, value: UInt64) {
        #expect(XXH64.hash(Bytes.ofXXHash(length), seed: seed) == value)
    }

    /// 0x024B7CF4 in the table of SMHasher's forks that carry XXH64; covers all lengths to 255 and 256 seeds.
    @Test func agreesWithSMHasher() {
        let value = smhasherVerification { Bytes.littleEndian(XXH64.hash($0, seed: UInt64($1))) }
        #expect(value == 0x024B_7CF4)
    }

    /// From python-xxhash 4.1.0; the last is the hash by which Envoy's Maglev places a backend.
    @Test(
        arguments: [
            (text: "", seed: 0, value: 0xEF46_DB37_51D8_E999),
            (text: "a", seed: 0, value: 15_154_266_338_359_012_955),
            (text: "abc", seed: 0, value: 4_952_883_123_889_572_249),
            (text: "abc", seed: 1, value: 13_738_734_796_240_226_568),
            (text: "127.0.0.1:90", seed: 0, value: 13_180_206_916_909_469_397),
        ] as [(String, UInt64, UInt64)])
    func hashesText(text: String, seed: UInt64, value: UInt64) {
        #expect(XXH64.hash(text, seed: seed) == value)
    }

    /// From HAProxy's `reg-tests/sample_fetches/hashes.vtc`, over the bytes 0 to 255.
    @Test(
        arguments: [
            (seed: 0, value: 2_282_408_585_429_094_475),
            (seed: 1, value: -4_689_339_368_900_765_961),
        ] as [(UInt64, Int64)])
    func agreesWithHAProxy(seed: UInt64, value: Int64) {
        #expect(XXH64.hash(Bytes.counting(256), seed: seed) == UInt64(bitPattern: value))
    }

    @Test(arguments: [0, 1, 255, 0xFF00, 0x0123_4567_89AB_CDEF, .max] as [UInt64], [0, 1, .max] as [UInt64])
    func hashesNumbersAsTheirBytes(number: UInt64, seed: UInt64) {
        #expect(XXH64.hash(number, seed: seed) == XXH64.hash(Bytes.littleEndian(number), seed: seed))
    }
}
