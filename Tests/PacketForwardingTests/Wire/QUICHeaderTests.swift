import Testing

@testable import PacketForwarding

struct QUICHeaderTests {
    static func header(_ datagram: [UInt8]) -> QUICHeader? {
        datagram.withRawSpan { QUICHeader($0, in: 0..<datagram.count) }
    }

    /// RFC 9000, 17.2 and RFC 9369, 3.2: version 2 counts its types from another start.
    @Test(
        arguments: [
            ("c0 00000001 02 aabb 00", .initial), ("d0 00000001 02 aabb 00", .zeroRTT),
            ("e0 00000001 02 aabb 00", .handshake),
            ("f0 00000001 02 aabb 00", .retry), ("d0 6b3343cf 02 aabb 00", .initial),
            ("e0 6b3343cf 02 aabb 00", .zeroRTT),
            ("f0 6b3343cf 02 aabb 00", .handshake), ("c0 6b3343cf 02 aabb 00", .retry),
            ("80 00000000 02 aabb 00", .versionNegotiation),
            ("c0 ff00001d 02 aabb 00", .unknown), ("80 00000001 02 aabb 00", .initial),
        ] as [(String, QUICHeader.LongType)])
    func tellsLongHeaders(datagram: String, type: QUICHeader.LongType) throws {
        let header = try #require(Self.header(Bytes.of(datagram)))
        #expect(header.longType == type)
        #expect(header.destinationID == 6..<8)
    }

    /// The fixed bit says nothing (RFC 9287).
    @Test(arguments: ["40 9a1518c1d2", "00 9a1518c1d2", "7f 9a1518c1d2"])
    func tellsShortHeaders(datagram: String) throws {
        let header = try #require(Self.header(Bytes.of(datagram)))
        #expect(header.longType == nil)
        #expect(header.destinationID == 1..<6)
    }

    @Test(arguments: ["", "c0", "c0 00000001", "c0 00000001 02 aa", "ff 00000001 ff"])
    func refusesWhatIsCutShort(datagram: String) {
        #expect(Self.header(Bytes.of(datagram)) == nil)
    }

    @Test(arguments: [
        (offset: 1, length: 2, number: 0x1518 as UInt64?), (0, 1, 0x9A), (0, 8, 0x9A15_18C1_D2E3_F405), (1, 8, nil),
        (7, 1, 0x05), (8, 1, nil), (0, 9, nil), (0, 0, nil), (-1, 2, nil),
    ])
    func findsTheServerID(offset: Int, length: Int, number: UInt64?) throws {
        let datagram = Bytes.of("40 9a1518c1d2e3f405")
        let header = try #require(Self.header(datagram))
        #expect(datagram.withRawSpan { header.serverID($0, offset: offset, length: length) } == number)
    }

    /// The payload of a datagram ends where its header says, not with the packet.
    @Test(arguments: [(length: 8 as UInt16, payload: 42..<42), (9, 42..<43), (11, 42..<45)])
    func findsThePayload(length: UInt16, payload: Range<Int>) throws {
        var input = Frames.udp(.v4, payload: [1, 2, 3])
        input.replaceSubrange(38..<40, with: Frames.big(length))
        let packet = try parsed(input)
        #expect(!packet.isMalformed)
        #expect(input.withRawSpan { packet.datagramPayload($0) } == payload)
    }
}
