import LoadBalancing
import Testing

@Suite struct CRC32CTests {
    /// RFC 3720 appendix B.4, whose bytes read as little-endian numbers; the last is an iSCSI read command.
    @Test(
        arguments: [
            (bytes: Array(repeating: 0, count: 32), value: 0x8A91_36AA),
            (bytes: Array(repeating: 0xFF, count: 32), value: 0x62A8_AB43),
            (bytes: Bytes.counting(32), value: 0x46DD_794E),
            (bytes: Bytes.counting(32).reversed(), value: 0x113F_DB5C),
            (
                bytes: [
                    0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                    0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18,
                    0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
                ], value: 0xD996_3A56
            ),
        ] as [([UInt8], UInt32)])
    func agreesWithItsSpecification(bytes: [UInt8], value: UInt32) {
        #expect(CRC32C.hash(bytes) == value)
    }

    /// The check value of CRC-32/ISCSI in Greg Cook's catalogue.
    @Test func agreesWithTheCatalogue() {
        #expect(CRC32C.hash("123456789") == 0xE306_9283)
        #expect(CRC32C.hash("") == 0)
    }

    /// From HAProxy's `reg-tests/sample_fetches/hashes.vtc`, plain and with `avalanche`.
    @Test func agreesWithHAProxy() {
        #expect(CRC32C.hash(Bytes.counting(256)) == 2_621_708_363)
        #expect(JenkinsAvalanche.fullHash(CRC32C.hash(Bytes.counting(256))) == 2_242_979_626)
    }

    @Test(arguments: 0...200)
    func agreesWithDivisionBitByBit(length: Int) {
        let bytes = Bytes.noise(length, seed: UInt64(length))
        #expect(CRC32C.hash(bytes) == remainder(of: bytes, reflectedPolynomial: 0x82F6_3B78))
    }
}
