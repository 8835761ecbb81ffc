import Testing

@testable import PacketForwarding

struct FrameTests {
    @Test
    func growsIntoItsHeadroomAndNoFurther() {
        withFrame([1, 2, 3], headroom: 4) { frame in
            var fits: Bool
            fits = frame.extendFront(by: 3)
            #expect(fits)
            frame.store(bigEndian: 0x0A0B_0C00 as UInt32, at: 0)
            #expect(frame.array == [10, 11, 12, 0, 2, 3])
            fits = frame.extendFront(by: 2)
            #expect(!fits)
            fits = frame.extendFront(by: 1)
            #expect(fits)
            #expect(frame.headroom == 0)
            frame.trimFront(by: 5)
            #expect(frame.array == [2, 3])
            #expect(frame.headroom == 5)
        }
    }

    @Test
    func growsIntoItsTailroomAndNoFurther() {
        withFrame([1, 2, 3], tailroom: 2) { frame in
            var fits: Bool
            fits = frame.extendBack(by: 3)
            #expect(!fits)
            fits = frame.extendBack(by: 2)
            #expect(fits)
            frame.fill(3..<5)
            #expect(frame.array == [1, 2, 3, 0, 0])
            #expect(frame.tailroom == 0)
            frame.truncate(to: 2)
            #expect(frame.array == [1, 2])
            frame.truncate(to: 4)
            #expect(frame.array == [1, 2])
        }
    }

    @Test
    func refusesWhatItsMemoryDoesNotHold() {
        withFrame([1, 2, 3], headroom: 2, tailroom: 1) { frame in
            var fits: Bool
            fits = frame.reset(headroom: 3, byteCount: 4)
            #expect(!fits)
            fits = frame.reset(headroom: 7, byteCount: 0)
            #expect(!fits)
            #expect(frame.array == [1, 2, 3])
            fits = frame.reset(headroom: 0, byteCount: 6)
            #expect(fits)
            #expect(frame.array == [0xFF, 0xFF, 1, 2, 3, 0xFF])
        }
    }

    @Test(arguments: [
        (from: 0..<3, to: 1, after: [1, 1, 2, 3, 5]),
        (from: 1..<5, to: 0, after: [2, 3, 4, 5, 5]),
        (from: 2..<2, to: 5, after: [1, 2, 3, 4, 5]),
    ])
    func copiesWhatOverlaps(from: Range<Int>, to: Int, after: [UInt8]) {
        withFrame([1, 2, 3, 4, 5]) { frame in
            frame.copy(from, to: to)
            #expect(frame.array == after)
        }
    }

    @Test
    func keepsThePlaceOfAPartialChecksum() {
        let metadata = FrameMetadata(checksum: .partial(start: 34, offset: 16))
        withFrame([UInt8](repeating: 0, count: 60), metadata: metadata) { frame in
            let fits = frame.extendFront(by: 20)
            #expect(fits)
            #expect(frame.metadata.checksum == .partial(start: 54, offset: 16))
            frame.trimFront(by: 24)
            #expect(frame.metadata.checksum == .partial(start: 30, offset: 16))
        }
    }

    @Test
    func movesNumbersInNetworkOrder() {
        withFrame([UInt8](repeating: 0, count: 9)) { frame in
            frame.store(bigEndian: 0x0102_0304_0506_0708 as UInt64, at: 1)
            #expect(frame.array == [0, 1, 2, 3, 4, 5, 6, 7, 8])
            let pair = frame.bigEndian(at: 2, as: UInt16.self)
            #expect(pair == 0x0203)
            let four = frame.bigEndian(at: 5, as: UInt32.self)
            #expect(four == 0x0506_0708)
            let last = frame.byte(at: 8)
            #expect(last == 8)
        }
    }
}
