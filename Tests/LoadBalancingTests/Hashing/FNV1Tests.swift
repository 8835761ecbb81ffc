import LoadBalancing
import Testing

@Suite struct FNV1Tests {
    /// From `fnv1_32_vector` and `fnv1_64_vector` in the authors' `test_fnv.c`, revision 5.3.
    @Test(
        arguments: [
            (bytes: [], narrow: 0x811C_9DC5, wide: 0xCBF2_9CE4_8422_2325),
            (bytes: Array("a".utf8), narrow: 0x050C_5D7E, wide: 0xAF63_BD4C_8601_B7BE),
            (bytes: Array("foobar".utf8), narrow: 0x31F0_B262, wide: 0x340D_8765_A4DD_A9C2),
            (bytes: Array("foobar\u{0}".utf8), narrow: 0xFFE8_D046, wide: 0x50A6_D3B7_24A7_74A6),
            (bytes: Array("chongo was ".utf8), narrow: 0x1692_C316, wide: 0xB07C_E25C_BEA9_69F6),
            (
                bytes: Array(repeating: [0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE], count: 10).flatMap { $0 },
                narrow: 0x23B3_C0A5, wide: 0xAA69_CA6A_18A4_C885
            ),
            (bytes: Array(repeating: 0, count: 500), narrow: 0xFA82_3DD5, wide: 0x1FE3_FCE6_2BD8_16B5),
            (bytes: Array(repeating: 0x7F, count: 500), narrow: 0xDB7F_50F9, wide: 0xE6BE_5737_5AD8_9B99),
        ] as [([UInt8], UInt32, UInt64)])
    func agreesWithItsAuthors(bytes: [UInt8], narrow: UInt32, wide: UInt64) {
        #expect(FNV1_32.hash(bytes) == narrow)
        #expect(FNV1_64.hash(bytes) == wide)
    }

    /// The key "apple" in twemproxy's `test_all.c`, `fnv1_32` and `fnv1_64`.
    @Test func agreesWithTwemproxy() {
        #expect(FNV1_32.hash("apple") == 67_176_023)
        #expect(UInt32(truncatingIfNeeded: FNV1_64.hash("apple")) == 473_199_127)
    }

    /// Computed by a C program of the definition over `signed char` (gcc 12.2, x86-64).
    @Test(
        arguments: [
            (bytes: Array("é".utf8), narrow: 376_872_957, wide: 0x0832_8D07_B4EB_783D),
            (bytes: Array("naïve café".utf8), narrow: 1_226_191_841, wide: 0x515B_253C_285C_50E1),
            (bytes: Bytes.counting(256), narrow: 1_148_338_629, wide: 0x1D65_C523_54B4_5925),
        ] as [([UInt8], UInt32, UInt64)])
    func takesSignedBytesWhereAsked(bytes: [UInt8], narrow: UInt32, wide: UInt64) {
        #expect(FNV1_32.Signed.hash(bytes) == narrow)
        #expect(FNV1_64.Signed.hash(bytes) == wide)
    }

    @Test func signMattersOnlyAboveASCII() {
        #expect(FNV1_32.Signed.hash(Bytes.counting(128)) == FNV1_32.hash(Bytes.counting(128)))
        #expect(FNV1_64.Signed.hash(Bytes.counting(128)) == FNV1_64.hash(Bytes.counting(128)))
    }
}
