import Testing

@testable import PacketForwarding

struct ICMPErrorTests {
    @Test(
        arguments: [
            (.timeExceeded, .v4, "0b00", "00000000"), (.timeExceeded, .v6, "0300", "00000000"),
            (.tooBig(mtu: 1480), .v4, "0304", "000005c8"), (.tooBig(mtu: 1460), .v6, "0200", "000005b4"),
            (.tooBig(mtu: 70000), .v4, "0304", "0000ffff"), (.tooBig(mtu: -1), .v6, "0200", "00000000"),
            (.portUnreachable, .v4, "0303", "00000000"), (.portUnreachable, .v6, "0104", "00000000"),
            (.prohibited, .v4, "030d", "00000000"), (.prohibited, .v6, "0101", "00000000"),
        ] as [(ICMPError, IPVersion, String, String)])
    func says(error: ICMPError, version: IPVersion, type: String, rest: String) throws {
        let start = version == .v4 ? 34 : 54
        try withFrame(Frames.udp(version, payload: [1, 2, 3])) { frame in
            let packet = try parsed(frame)
            let fits = frame.becomeError(error, about: packet, from: Frames.service(version))
            #expect(fits)
            #expect(frame.array[start..<start + 2] == Bytes.of(type)[...])
            #expect(frame.array[start + 4..<start + 8] == Bytes.of(rest)[...])
            #expect(ReferenceChecksums.faults(frame.array) == [])
        }
    }

    /// As much as every host takes in one piece: 576 and 1280 bytes.
    @Test(arguments: [(IPVersion.v4, 500, 556), (.v4, 520, 576), (.v4, 521, 576), (.v6, 1184, 1280), (.v6, 1400, 1280)])
    func quotesWhatFits(version: IPVersion, payload: Int, total: Int) throws {
        var random = Noise(seed: 1)
        let input = Frames.udp(version, payload: random.bytes(payload))
        try withFrame(input) { frame in
            let packet = try parsed(frame)
            let fits = frame.becomeError(.timeExceeded, about: packet, from: Frames.service(version))
            #expect(fits)
            #expect(frame.byteCount == 14 + total)
            let quote = 14 + (version == .v4 ? 28 : 48)
            #expect(frame.array[quote...] == input[14..<14 + total - quote + 14])
            #expect(ReferenceChecksums.faults(frame.array) == [])
        }
    }

    /// What was left to the interface is computed before it is quoted.
    @Test
    func quotesACompleteChecksum() throws {
        let complete = Frames.tcp(.v4, flags: .ack, payload: [1, 2, 3])
        var input = complete
        let pseudo =
            Frames.bytes(Frames.client4) + Frames.bytes(Frames.service4) + Frames.big(23 as UInt32) + [0, 0, 0, 6]
        input.replaceSubrange(50..<52, with: Frames.big(UInt16(ReferenceChecksums.sum(pseudo))))
        try withFrame(input, metadata: FrameMetadata(checksum: .partial(start: 34, offset: 16))) { frame in
            let packet = try parsed(frame)
            let fits = frame.becomeError(.timeExceeded, about: packet, from: Frames.service4)
            #expect(fits)
            #expect(frame.metadata.checksum == .complete)
            #expect(frame.array[42...] == complete[14...])
        }
    }

    /// RFC 1122, 3.2.2: none about errors, later fragments, groups, or senders that are none.
    @Test(
        arguments: [
            ("an ordinary packet", Frames.udp(.v4, payload: [1]), true),
            ("an echo request", Frames.ip(.v4, .icmp, [8, 0, 0, 0, 0, 0, 0, 0]), true),
            ("an error", Frames.ip(.v4, .icmp, [3, 1, 0, 0, 0, 0, 0, 0]), false),
            ("a redirect", Frames.ip(.v4, .icmp, [5, 1, 0, 0, 0, 0, 0, 0]), false),
            ("an ICMPv6 error", Frames.ip(.v6, .icmpv6, [2, 0, 0, 0, 0, 0, 0, 0]), false),
            ("an ICMPv6 error yet unknown", Frames.ip(.v6, .icmpv6, [99, 0, 0, 0, 0, 0, 0, 0]), false),
            ("an ICMPv6 echo request", Frames.ip(.v6, .icmpv6, [128, 0, 0, 0, 0, 0, 0, 0]), true),
            ("from nobody", Frames.udp(.v4, payload: [1], from: IPAddress(v4: 0)), false),
            ("from everybody", Frames.udp(.v4, payload: [1], from: IPAddress(v4: 0xFFFF_FFFF)), false),
            ("from a group", Frames.udp(.v6, payload: [1], from: .allNodes), false),
            ("to a group", Frames.ip(.v6, .tcp, [], to: .allNodes), false),
            ("to all stations", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] + Frames.udp(.v4, payload: [1])[6...], false),
            (
                "a later fragment",
                Bytes.of(
                    "020000000001 0200000000fe 86dd 6000000000102c39 \(PacketTests.addresses6) 110004b100001d09 e590a16672ec103e"
                ), false
            ),
        ] as [(String, [UInt8], Bool)])
    func areNotAboutEverything(what: String, bytes: [UInt8], isDue: Bool) throws {
        try withFrame(bytes) { frame in
            let packet = try parsed(frame)
            let mayBe = frame.mayBeAnsweredWithError(packet)
            #expect(mayBe == isDue, "\(what)")
        }
    }
}
