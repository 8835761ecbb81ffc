import Testing

@testable import PacketForwarding

@Suite struct QUICServersTests {
    private func backend(_ servers: QUICServers, _ hexadecimal: String) -> UInt32? {
        let bytes = Bytes.of(hexadecimal)
        return bytes.withRawSpan { servers.backend($0, in: 0..<bytes.count) }
    }

    @Test(
        arguments: [
            // First byte, then the ID: number 0x0102 at offset 1.
            ("40 aa 0102 bb", 7),
            // The fixed bit may be clear.
            ("00 aa 0102 bb", 7),
            ("40 aa 0102", 7),
            ("40 aa 01", nil),
            ("40", nil),
            ("", nil),
            ("40 aa 0103 bb", nil),
            // Long headers are not asked.
            ("e0 00000001 04 aa010200 00", nil),
        ] as [(String, UInt32?)])
    func aFixedPlaceNamesABackend(datagram: String, expected: UInt32?) {
        let servers = QUICServers(form: .fixed(offset: 1, length: 2), servers: [(0x0102, 7), (5, 8), (0x0102, 9)])
        #expect(backend(servers, datagram) == expected)
    }

    /// Katran's own fixtures: its identifiers 1024, 1026 (version 1) and 0x030402 (version 2).
    @Test(
        arguments: [
            ("40 4100030000000000", 1),
            ("40 4100830000000000", 2),
            ("40 8003040200000000", 3),
            ("40 8003044400000000", nil),
            ("40 4111000000000000", nil),
            // Number 0, and no layout.
            ("40 4000030000000000", nil),
            ("40 0100030000000000", nil),
            // Version 3, of which the first number is beyond 2³¹.
            ("40 c0ffffffff000000", 4),
            ("40 41000300000000", nil),
        ] as [(String, UInt32?)])
    func katransLayoutsAreRead(datagram: String, expected: UInt32?) {
        let servers = QUICServers(
            form: .katran, servers: [(1024, 1), (1026, 2), (0x030402, 3), (0xFFFF_FFFF, 4), (0, 5)])
        #expect(backend(servers, datagram) == expected)
    }

    /// Handshake is type 2 of version 1 and type 3 of version 2; Initial, 0-RTT and Retry name nobody.
    @Test(arguments: [
        (first: "c0", version: "00000001", isRead: false),
        (first: "d0", version: "00000001", isRead: false),
        (first: "e0", version: "00000001", isRead: true),
        (first: "f0", version: "00000001", isRead: false),
        (first: "c0", version: "6b3343cf", isRead: false),
        (first: "d0", version: "6b3343cf", isRead: false),
        (first: "e0", version: "6b3343cf", isRead: false),
        (first: "f0", version: "6b3343cf", isRead: true),
        (first: "e0", version: "00000000", isRead: false),
        (first: "e0", version: "ff00001d", isRead: false),
    ])
    func ofLongHeadersOnlyHandshakesAreRead(first: String, version: String, isRead: Bool) {
        let servers = QUICServers(form: .katran, readsLongHeaders: true, servers: [(1024, 1)])
        #expect(backend(servers, first + version + "08 4100030000000000 00") == (isRead ? 1 : nil))
        #expect(backend(servers, first + version + "07 41000300000000 00") == nil)
        #expect(backend(servers, first + version + "20 4100030000000000 00") == nil)
    }

    @Test(
        arguments: [
            ("40 20 0a0b 11223344", 1),
            ("40 3f 0a0b 11223344", 1),
            // Another configuration, and the one that means none.
            ("40 40 0a0b 11223344", nil),
            ("40 e0 0a0b 11223344", nil),
            ("40 20 0a", nil),
        ] as [(String, UInt32?)])
    func thePlainFormOfTheDraftIsRead(datagram: String, expected: UInt32?) {
        let servers = QUICServers(form: .loadBalancers(configuration: 1, length: 2), servers: [(0x0A0B, 1)])
        #expect(backend(servers, datagram) == expected)
        let none = QUICServers(form: .loadBalancers(configuration: 7, length: 2), servers: [(0x0A0B, 1)])
        #expect(backend(none, datagram) == nil)
    }

    @Test func anyNumberOfServersIsFound() {
        for count in 0..<40 {
            let servers = QUICServers(
                form: .fixed(offset: 0, length: 1), servers: (0..<count).reversed().map { (UInt64($0 * 3), UInt32($0)) }
            )
            for number in 0..<130 {
                let expected = number % 3 == 0 && number / 3 < count ? UInt32(number / 3) : nil
                #expect(backend(servers, "40" + Bytes.hexadecimal([UInt8(number)])) == expected)
            }
        }
    }
}
