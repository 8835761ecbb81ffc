import LoadBalancing
import Testing

@testable import PacketForwarding

/// GLB Director's own vectors (github/glb-director at a62d37ea, src/glb-director/tests).
struct GLBTunnelTests {
    /// A key from its sixteen bytes.
    private func key(_ hexadecimal: String) -> SipKey {
        let bytes = Bytes.of(hexadecimal)
        func word(_ part: ArraySlice<UInt8>) -> UInt64 { part.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        return SipKey(word(bytes[..<8]), word(bytes[8...]))
    }

    @Test(
        arguments: [
            (0, 0x491c_53a7_2df4_c837, [4, 3, 2, 1]), (0xFFFF, 0xf223_c0cc_6516_1620, [1, 2, 4, 3]),
            (0xBB44, 0xe290_f8f4_30eb_33d3, [4, 1, 2, 3]),
        ] as [(UInt32, UInt64, [UInt32])])
    func ordersTheHostsOfARow(row: UInt32, seed: UInt64, order: [UInt32]) {
        let table = key("49a3d861d661ae5ab06ed9326871a2f5")
        #expect(GLBRendezvous.rowSeed(row, table: table) == seed)
        let hosts = (1...4).map { IPAddress(v4: 0x0101_0100 | $0) }
        #expect(GLBRendezvous.order(hosts, row: row, table: table) == order.map { IPAddress(v4: 0x0101_0100 | $0) })
    }

    @Test func namesTheHostsBehindTheFirst() throws {
        let one = try #require(GLBHeader(hops: [IPAddress(v4: 0x0203_0405)], around: .v4))
        #expect(Bytes.hexadecimal(one.bytes) == "02040000" + "00000001" + "02030405")
        let four = (1...4).map { IPAddress(v4: $0) }
        #expect(try #require(GLBHeader(hops: four, around: .v6)).bytes.prefix(8) == [5, 41, 0, 0, 0, 0, 0, 4])
        #expect(GLBHeader(hops: four + four, around: .v4) == nil)
        #expect(GLBHeader(hops: [Frames.client6], around: .v6) == nil)
    }

    @Test func sourcePortsAreOfTheUpperHalf() {
        #expect(GLBHeader.sourcePort(hash: 0, clientPort: 0) == 0x8000)
        #expect(GLBHeader.sourcePort(hash: 0x1234_FFFF, clientPort: 0x0F0F) == 0xF0F0)
    }
}
