import Testing

@testable import PacketForwarding

struct LinkTests {
    /// Direct server return: only the addresses of the link change, and padding goes.
    @Test(arguments: FrameVector.all("link"))
    func servesDirectly(vector: FrameVector) throws {
        let expected = vector.outputs[0]
        let link = try link(of: expected)
        try withFrame(vector.input) { frame in
            let packet = try parsed(frame)
            frame.truncate(to: packet.end)
            if let limit = vector.clampMSS { frame.clampMSS(of: packet, to: limit) }
            frame.setLink(destination: link.destination, source: link.source)
            #expect(frame.array == expected)
        }
    }

    @Test
    func takesATagAwayWhereverItStands() {
        withFrame(Bytes.of("020000000001 0200000000fe 81006064 0800 4500")) { frame in
            frame.removeTag()
            #expect(frame.array == Bytes.of("020000000001 0200000000fe 0800 4500"))
            frame.metadata.tag = VLANTag(control: 5)
            frame.removeTag()
            #expect(frame.metadata.tag == nil)
            #expect(frame.array == Bytes.of("020000000001 0200000000fe 0800 4500"))
        }
        withFrame(Bytes.of("020000000001 0200000000fe 8100")) { frame in
            frame.removeTag()
            #expect(frame.byteCount == 14)
        }
    }

    @Test
    func putsATagIntoTheFrame() {
        let metadata = FrameMetadata(
            tag: VLANTag(control: 0x6064, etherType: .providerVLAN), checksum: .partial(start: 34, offset: 16))
        withFrame(Bytes.of("020000000001 0200000000fe 0800 4500"), headroom: 4, metadata: metadata) { frame in
            var fits = frame.insertTag()
            #expect(fits)
            #expect(frame.array == Bytes.of("020000000001 0200000000fe 88a86064 0800 4500"))
            #expect(frame.metadata == FrameMetadata(checksum: .partial(start: 38, offset: 16)))
            fits = frame.insertTag()
            #expect(fits)
            frame.metadata.tag = VLANTag(control: 1)
            fits = frame.insertTag()
            #expect(!fits)
            #expect(frame.byteCount == 20)
        }
    }

    /// Room of 6 bytes behind a header of 2, before the last two.
    @Test(arguments: [(offset: 4, headroom: 4), (offset: 8, headroom: 0), (offset: 9, headroom: 0)])
    func movesTheHeader(offset: Int, headroom: Int) {
        let bytes: [UInt8] = [1, 2] + [UInt8](repeating: 0, count: offset - 2) + [8, 9]
        withFrame(bytes, headroom: headroom) { frame in
            let fits = frame.moveLinkHeader(2, leaving: 6, before: offset)
            #expect(fits)
            #expect(frame.array.prefix(2) == [1, 2])
            #expect(frame.array.suffix(2) == [8, 9])
            #expect(frame.byteCount == 10)
        }
    }
}
