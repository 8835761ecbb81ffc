import Testing

@testable import LoadBalancing

@Suite struct CRC32Tests {
    /// Check values.
    ///
    /// "123456789" is the one of CRC-32/ISO-HDLC in Greg Cook's catalogue; the paths are from pingora-ketama's tests,
    /// which agree with nginx; "apple" is from twemproxy's `test_all.c`, as `crc32a`.
    @Test(
        arguments: [
            (text: "", value: 0),
            (text: "123456789", value: 0xCBF4_3926),
            (text: "/some/path", value: 1_189_093_926),
            (text: "/some/longer/path", value: 1_103_112_297),
            (text: "/sad/zaidoon", value: 3_380_537_552),
            (text: "/g", value: 2_148_785_769),
            (text: "/i/am/not/confident/in/this/code", value: 145_496_520),
            (text: "apple", value: 2_838_417_488),
        ] as [(String, UInt32)])
    func agreesWithItsPeers(text: String, value: UInt32) {
        #expect(CRC32.hash(text) == value)
    }

    /// From HAProxy's `reg-tests/sample_fetches/hashes.vtc`, plain and with `avalanche`.
    @Test func agreesWithHAProxy() {
        #expect(CRC32.hash(Bytes.counting(256)) == 688_229_491)
        #expect(JenkinsAvalanche.fullHash(CRC32.hash(Bytes.counting(256))) == 4_230_317_029)
    }

    @Test(arguments: 0...200)
    func agreesWithDivisionBitByBit(length: Int) {
        let bytes = Bytes.noise(length, seed: UInt64(length))
        #expect(CRC32.hash(bytes) == remainder(of: bytes, reflectedPolynomial: 0xEDB8_8320))
    }

    @Test(arguments: [0, 1, 7, 8, 9, 31, 64])
    func piecesGiveTheWhole(length: Int) {
        let bytes = Bytes.noise(length, seed: 1)
        for split in 0...length {
            var checksum = CRC32()
            checksum.update(bytes[..<split])
            checksum.update(bytes[split...])
            #expect(checksum.value == CRC32.hash(bytes), "split at \(split)")
        }
    }

    @Test func takesInTextNumbersAndNothing() {
        var checksum = CRC32()
        #expect(checksum.value == 0)
        checksum.update("10.0.0.1\u{0}443")
        checksum.update("")
        checksum.update(littleEndian: 0x0403_0201)
        #expect(checksum.value == CRC32.hash(Array("10.0.0.1\u{0}443".utf8) + [1, 2, 3, 4]))
    }

    /// The lowest of the 160 points of nginx's ring for each address, from pingora-ketama's tests.
    @Test(
        arguments: [
            (name: "127.0.0.1\u{0}7777", lowest: [1_475_464]),
            (name: "127.0.0.1\u{0}7778", lowest: [14_414_652, 29_299_196]),
        ] as [(String, [UInt32])])
    func givesNginxItsPoints(name: String, lowest: [UInt32]) {
        var start = CRC32()
        start.update(name)
        var points: [UInt32] = []
        for _ in 0..<160 {
            var point = start
            point.update(littleEndian: points.last ?? 0)
            points.append(point.value)
        }
        #expect(Array(points.sorted().prefix(lowest.count)) == lowest)
    }

    /// Put together from checksums alone as from the bytes.
    @Test(arguments: [0, 1, 2, 7, 8, 31, 32, 255, 256, 1_000, 65_537])
    func tailsArePutBehindOtherTexts(byteCount: Int) {
        var random = SeededGenerator(seed: UInt64(byteCount))
        let bytes = (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let tail = CRC32.Tail(checksum: CRC32.hash(bytes), byteCount: UInt64(byteCount))
        for front in ["", "1", "20", "a longer text in front"] {
            #expect(tail.checksum(after: CRC32.hash(front)) == CRC32.hash(Array(front.utf8) + bytes), "\(front)")
        }
    }
}

/// A reflected CRC-32 by its definition, one bit at a time.
func remainder(of bytes: [UInt8], reflectedPolynomial: UInt32) -> UInt32 {
    var state = ~UInt32(0)
    for byte in bytes {
        state ^= UInt32(byte)
        for _ in 0..<8 {
            state = state & 1 == 1 ? state >> 1 ^ reflectedPolynomial : state >> 1
        }
    }
    return ~state
}
