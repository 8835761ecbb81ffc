import Testing

@testable import LoadBalancing

@Suite struct RawSpanLittleEndianTests {
    static let bytes: [UInt8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x10]

    @Test func readsNumbersAtAnyOffset() {
        unsafe Self.bytes.withUnsafeBytes { buffer in
            let span = unsafe buffer.bytes
            #expect(span.byte(at: 8) == 0x10)
            #expect(span.littleEndian32(at: 0) == 0x6745_2301)
            #expect(span.littleEndian32(at: 5) == 0x10EF_CDAB)
            #expect(span.littleEndian64(at: 0) == 0xEFCD_AB89_6745_2301)
            #expect(span.littleEndian64(at: 1) == 0x10EF_CDAB_8967_4523)
        }
    }

    @Test(
        arguments: [
            (count: 0, value: 0),
            (count: 1, value: 0x10),
            (count: 2, value: 0x10EF),
            (count: 3, value: 0x10_EFCD),
            (count: 4, value: 0x10EF_CDAB),
            (count: 5, value: 0x10_EFCD_AB89),
            (count: 6, value: 0x10EF_CDAB_8967),
            (count: 7, value: 0x10_EFCD_AB89_6745),
        ] as [(Int, UInt64)])
    func readsTheTail(count: Int, value: UInt64) {
        unsafe Self.bytes.withUnsafeBytes { buffer in
            #expect(unsafe buffer.bytes.littleEndianTail(at: 9 - count) == value)
        }
    }

    @Test(arguments: [(count: 0, value: 0x8000_0001), (count: 1, value: 3), (count: 31, value: 0xC000_0000)])
    func rotates(count: UInt32, value: UInt32) {
        #expect((0x8000_0001 as UInt32).rotated(left: count) == value)
    }
}
