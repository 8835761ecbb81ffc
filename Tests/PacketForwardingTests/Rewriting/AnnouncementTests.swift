import Testing

@testable import PacketForwarding

struct AnnouncementTests {
    static let hardware = MACAddress(bits: 0x0200_0000_0001)

    @Test
    func announcesAnIPv4Address() {
        withFrame([], metadata: FrameMetadata(checksum: .partial(start: 34, offset: 16))) { frame in
            let fits = frame.becomeARPAnnouncement(of: Frames.service4, from: Self.hardware)
            #expect(fits)
            #expect(
                frame.array
                    == Bytes.of(
                        "ffffffffffff 020000000001 0806 0001080006040001 020000000001 c000020a 000000000000 c000020a"))
            #expect(frame.metadata == FrameMetadata())
        }
    }

    @Test
    func announcesAnIPv6Address() throws {
        try withFrame([], tailroom: 86) { frame in
            let fits = frame.becomeAnnouncement(of: Frames.service6, from: Self.hardware)
            #expect(fits)
            #expect(
                Bytes.hexadecimal(frame.array)
                    .hasPrefix(
                        "333300000001020000000001" + "86dd" + "6000000000203aff" + "20010db8000000000000000000000010"))
            let packet = try parsed(frame)
            #expect(packet.destination == .allNodes)
            #expect(packet.hopLimit == 255)
            #expect(frame.array.suffix(8) == [2, 1, 2, 0, 0, 0, 0, 1])
            #expect(ReferenceChecksums.faults(frame.array) == [])
        }
    }

    @Test
    func needsRoom() {
        withFrame([], headroom: 0, tailroom: 41) { frame in
            let fits = frame.becomeARPAnnouncement(of: Frames.service4, from: Self.hardware)
            #expect(!fits)
        }
        withFrame([], headroom: 0, tailroom: 85) { frame in
            let fits = frame.becomeAnnouncement(of: Frames.service6, from: Self.hardware)
            #expect(!fits)
        }
    }
}
