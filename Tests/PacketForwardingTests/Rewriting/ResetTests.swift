import Testing

@testable import PacketForwarding

struct ResetTests {
    /// RFC 9293, 3.10.7.1: with ACK its number goes back, without all that was sent is acknowledged.
    @Test(
        arguments: [
            (.ack, 0, 0xFEDC, 0, .rst), ([.psh, .ack], 10, 0xFEDC, 0, .rst), ([.syn, .ack], 0, 0xFEDC, 0, .rst),
            (.syn, 0, 0, 0x1000_0001, [.rst, .ack]), (.fin, 0, 0, 0x1000_0001, [.rst, .ack]),
            (.psh, 10, 0, 0x1000_000A, [.rst, .ack]), ([.fin, .psh], 3, 0, 0x1000_0004, [.rst, .ack]),
            ([], 0, 0, 0x1000_0000, [.rst, .ack]),
        ] as [(TCPFlags, Int, UInt32, UInt32, TCPFlags)])
    func answers(flags: TCPFlags, payload: Int, sequence: UInt32, acknowledgement: UInt32, answer: TCPFlags) throws {
        for version in [IPVersion.v4, .v6] {
            let input = Frames.tcp(
                version, flags: flags, acknowledgement: flags.contains(.ack) ? 0xFEDC : 0xDEAD,
                options: Bytes.of("01010402"), payload: [UInt8](repeating: 7, count: payload))
            try withFrame(input) { frame in
                let fits = frame.becomeReset(to: try parsed(frame))
                #expect(fits)
                let reset = try parsed(frame)
                let segment = frame.withBytes { TCPHeader($0, at: Int(reset.transportOffset), limit: reset.end) }
                let header = try #require(segment)
                #expect(header.sequence == sequence)
                #expect(header.acknowledgement == acknowledgement)
                #expect(reset.flags == answer)
                #expect((reset.source, reset.sourcePort) == (Frames.service(version), 80))
                #expect((reset.destination, reset.destinationPort) == (Frames.client(version), 40001))
                #expect(ReferenceChecksums.faults(frame.array) == [])
            }
        }
    }

    @Test(arguments: [
        Frames.tcp(.v4, flags: .rst), Frames.tcp(.v6, flags: [.rst, .ack]), Frames.udp(.v4, payload: []),
    ])
    func neverAnswersAResetOrAnythingElse(input: [UInt8]) throws {
        try withFrame(input) { frame in
            let isDue = frame.becomeReset(to: try parsed(frame))
            #expect(!isDue)
            #expect(frame.array == input)
        }
    }
}
