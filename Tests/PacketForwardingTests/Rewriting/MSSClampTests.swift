import Testing

@testable import PacketForwarding

struct MSSClampTests {
    /// Options, limit, and options afterwards.
    @Test(
        arguments: [
            ("020405b4", 1400, "02040578"), ("02040578", 1400, "02040578"), ("02040218", 1400, "02040218"),
            ("0204ffff", 1400, "02040578"), ("01020405b4000000", 1300, "0102040514000000"),
            ("010101020405b400", 1300, "010101020405140 0"), ("00000000020405b4", 1300, "00000000020405b4"),
            ("0402080a0000000100000000 01030307", 1400, "0402080a000000010000000001030307"),
            // Lengths that cannot be: 0, 1, beyond the end; another length than 4.
            ("0200ffff", 1400, "0200ffff"), ("0800020405b40000", 1400, "0800020405b40000"),
            ("0801020405b40000", 1400, "0801020405b40000"), ("08ff020405b40000", 1400, "08ff020405b40000"),
            ("0205ffff00000000", 1400, "0205ffff00000000"), ("01010102", 1400, "01010102"), ("", 1400, ""),
        ] as [(String, UInt16, String)])
    func lowersWhatIsAbove(options: String, limit: UInt16, after: String) throws {
        for version in [IPVersion.v4, .v6] {
            let input = Frames.tcp(version, flags: .syn, options: Bytes.of(options), payload: [1, 2, 3])
            try withFrame(input) { frame in
                let packet = try parsed(frame)
                frame.clampMSS(of: packet, to: limit)
                let expected = Frames.tcp(version, flags: .syn, options: Bytes.of(after), payload: [1, 2, 3])
                #expect(frame.array == expected)
            }
        }
    }

    @Test(arguments: [TCPFlags.ack, [.fin, .ack], .rst, []])
    func leavesOtherSegments(flags: TCPFlags) throws {
        let input = Frames.tcp(.v4, flags: flags, options: Bytes.of("020405b4"))
        try withFrame(input) { frame in
            frame.clampMSS(of: try parsed(frame), to: 500)
            #expect(frame.array == input)
        }
    }

    @Test
    func leavesAPartialChecksum() throws {
        let input = Frames.tcp(.v4, flags: [.syn, .ack], options: Bytes.of("020405b4"))
        try withFrame(input, metadata: FrameMetadata(checksum: .partial(start: 34, offset: 16))) { frame in
            frame.clampMSS(of: try parsed(frame), to: 0x0101)
            #expect(frame.array[50...51] == input[50...51])
            #expect(frame.array[56...57] == [1, 1])
        }
    }
}
