import LoadBalancing
import Testing

@Suite struct FNV1aTests {
    /// From `fnv1a_32_vector` and `fnv1a_64_vector` in the authors' `test_fnv.c`, revision 5.3.
    @Test(
        arguments: [
            (bytes: [], narrow: 0x811C_9DC5, wide: 0xCBF2_9CE4_8422_2325),
            (bytes: Array("a".utf8), narrow: 0xE40C_292C, wide: 0xAF63_DC4C_8601_EC8C),
            (bytes: Array("foobar".utf8), narrow: 0xBF9C_F968, wide: 0x8594_4171_F739_67E8),
            (bytes: Array("foobar\u{0}".utf8), narrow: 0x0C1C_9EB8, wide: 0x3453_1CA7_168B_8F38),
            (bytes: Array("chongo was ".utf8), narrow: 0xE0E6_7AD0, wide: 0x4054_DA76_DAA6_DA90),
            (
                bytes: Array(repeating: [0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE], count: 10).flatMap { $0 },
                narrow: 0x5C9D_0865, wide: 0x6D48_21DE_275F_D5C5
            ),
            (bytes: Array(repeating: 0, count: 500), narrow: 0xFA82_3DD5, wide: 0x1FE3_FCE6_2BD8_16B5),
            (bytes: Array(repeating: 0x7F, count: 500), narrow: 0x813B_0881, wide: 0x39E9_F18F_2F85_E221),
        ] as [([UInt8], UInt32, UInt64)])
    func agreesWithItsAuthors(bytes: [UInt8], narrow: UInt32, wide: UInt64) {
        #expect(FNV1a_32.hash(bytes) == narrow)
        #expect(FNV1a_64.hash(bytes) == wide)
    }

    /// The key "apple" in twemproxy's `test_all.c`, `fnv1a_32` and `fnv1a_64`.
    @Test func agreesWithTwemproxy() {
        #expect(FNV1a_32.hash("apple") == 280_767_167)
        #expect(UInt32(truncatingIfNeeded: FNV1a_64.hash("apple")) == 1_488_911_807)
    }

    /// Computed by a C program of the definition over `signed char` (gcc 12.2, x86-64).
    @Test(
        arguments: [
            (bytes: Array("é".utf8), narrow: 1_023_043_777, wide: 0x080D_7307_B4CC_3001),
            (bytes: Array("naïve café".utf8), narrow: 781_425_173, wide: 0x0E34_F4A2_9095_B355),
            (bytes: Bytes.counting(256), narrow: 3_725_316_805, wide: 0xBB5A_9398_C1DF_A025),
        ] as [([UInt8], UInt32, UInt64)])
    func takesSignedBytesWhereAsked(bytes: [UInt8], narrow: UInt32, wide: UInt64) {
        #expect(FNV1a_32.Signed.hash(bytes) == narrow)
        #expect(FNV1a_64.Signed.hash(bytes) == wide)
    }

    @Test func signMattersOnlyAboveASCII() {
        #expect(FNV1a_32.Signed.hash(Bytes.counting(128)) == FNV1a_32.hash(Bytes.counting(128)))
        #expect(FNV1a_64.Signed.hash(Bytes.counting(128)) == FNV1a_64.hash(Bytes.counting(128)))
    }
}
