import Testing

@testable import PacketForwarding

struct ICMPTypeTests {
    @Test(arguments: [IPVersion.v4, .v6])
    func keepsItsNumber(version: IPVersion) {
        for number in 0...255 as ClosedRange<UInt8> {
            #expect(ICMPType(version: version, number: number).number == number)
        }
    }

    /// ICMP: 3, 4, 5, 11 and 12 (RFC 1122, 3.2.2); ICMPv6: all below 128 (RFC 4443, 2.1).
    @Test
    func tellsErrors() {
        for number in 0...255 as ClosedRange<UInt8> {
            #expect(ICMPType(version: .v4, number: number).isError == [3, 4, 5, 11, 12].contains(number))
            #expect(ICMPType(version: .v6, number: number).isError == (number < 128))
        }
    }

    @Test(
        arguments: [
            (.v4, "0304 0000 ffff0578", 1400), (.v4, "0303 0000 00000578", nil), (.v6, "0200 0000 00000578", 1400),
            (.v6, "0100 0000 00000578", nil), (.v6, "0200 0000 00010000", 65536),
        ] as [(IPVersion, String, Int?)])
    func tellsAnMTU(version: IPVersion, message: String, mtu: Int?) {
        let frame = Frames.ip(version, version == .v4 ? .icmp : .icmpv6, Bytes.of(message))
        #expect(read(frame).flatMap { packet in frame.withRawSpan { ICMPHeader($0, of: packet)?.mtu } } == mtu)
    }
}
