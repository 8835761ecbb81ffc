import Testing

@testable import PacketForwarding

/// The sum of `bytes[range]`.
func sum(_ bytes: [UInt8], _ range: Range<Int>) -> OnesComplementSum {
    bytes.withRawSpan { OnesComplementSum($0, range) }
}

struct OnesComplementSumTests {

    /// The example of RFC 1071 §3, and sums that carry.
    @Test(arguments: [
        ("0001 f203 f4f5 f6f7", 0xDDF2), ("", 0), ("00", 0), ("0000", 0), ("ff", 0xFF00), ("ffff", 0xFFFF),
        ("ffff ffff", 0xFFFF), ("ffff 0001", 1), ("8000 8000", 1), ("0001 ff", 0xFF01),
        ("ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff", 0xFFFF),
    ])
    func sumsWords(bytes: String, expected: UInt16) {
        let bytes = Bytes.of(bytes)
        #expect(sum(bytes, 0..<bytes.count).folded == expected)
    }

    @Test(arguments: 0..<100)
    func agreesWithTheDefinition(length: Int) {
        var random = Noise(seed: UInt64(length))
        let bytes = random.bytes(length + 9)
        for start in 0..<9 {
            let range = start..<start + length
            #expect(sum(bytes, range).folded == UInt16(ReferenceChecksums.sum(bytes[range])), "from \(start)")
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func joinsSumsInAnyOrder(seed: UInt64) {
        var random = Noise(seed: seed)
        let bytes = random.bytes(64)
        let cut = Int(random.next() % 32) * 2
        var total = sum(bytes, cut..<64)
        total.add(sum(bytes, 0..<cut))
        #expect(total.folded == UInt16(ReferenceChecksums.sum(bytes[...])), "seed \(seed)")
        total.subtract(UInt64(UInt16(ReferenceChecksums.sum(bytes[..<cut]))))
        #expect(total.folded == UInt16(ReferenceChecksums.sum(bytes[cut...])), "seed \(seed)")
    }

    @Test
    func countsAMappedAddressAsItsFourBytes() {
        var sum = OnesComplementSum()
        sum.add(IPAddress(v4: 0xC000_020A))
        #expect(sum.folded == 0xC000 + 0x020A)
    }
}
