import Testing

@testable import PacketForwarding

struct QuotedPacketTests {
    static func quoted(_ frame: borrowing Frame, in packet: Packet) -> QuotedPacket? {
        frame.withBytes { packet.quotedPacket($0) }
    }

    /// The packet that a frame quotes, which quotes one.
    static func quotation(_ frame: borrowing Frame, in packet: Packet) throws -> QuotedPacket {
        guard let quoted = quoted(frame, in: packet) else { throw NotAPacket() }
        return quoted
    }

    /// Errors go to the end that knows the packet in them, and quote it as that end sent it.
    @Test(arguments: FrameVector.all("errors"))
    func translatesErrors(vector: FrameVector) throws {
        let expected = vector.outputs[0]
        let link = try link(of: expected)
        let after = try parsed(expected)
        let quotedAfter = try #require(expected.withRawSpan { after.quotedPacket($0) })
        try withFrame(vector.input) { frame in
            let packet = try parsed(frame)
            let isValid = frame.withBytes { packet.hasValidICMPChecksum($0) }
            #expect(isValid)
            let quoted = try Self.quotation(frame, in: packet)
            #expect(quoted.hasPorts)
            frame.translateError(
                packet, source: after.source, destination: after.destination, about: quoted,
                quotedSource: quotedAfter.source, quotedDestination: quotedAfter.destination)
            frame.setLink(destination: link.destination, source: link.source)
            #expect(Bytes.hexadecimal(frame.array) == Bytes.hexadecimal(expected))
            #expect(ReferenceChecksums.faults(frame.array) == [])
        }
    }

    /// A checksum that is left to the interface comes out as the one of the vector once the interface has computed it.
    @Test(arguments: FrameVector.all("errors"))
    func translatesErrorsWhoseChecksumIsLeftToTheInterface(vector: FrameVector) throws {
        let expected = vector.outputs[0]
        let link = try link(of: expected)
        let after = try parsed(expected)
        let quotedAfter = try #require(expected.withRawSpan { after.quotedPacket($0) })
        var input = vector.input
        let before = try parsed(input)
        let field = Int(before.transportOffset) + ICMPHeader.Offset.checksum
        // What stands there until the interface sums the message: the pseudo header, which IPv4's ICMP has none of.
        let pseudoHeader = before.version == .v4 ? 0 : before.pseudoHeader.folded
        input.replaceSubrange(field..<field + 2, with: Frames.big(pseudoHeader))
        let partial = FrameMetadata(
            checksum: .partial(start: before.transportOffset, offset: UInt16(ICMPHeader.Offset.checksum)))
        try withFrame(input, metadata: partial) { frame in
            let packet = try parsed(frame)
            let isSound = frame.hasSoundICMPChecksum(packet)
            #expect(isSound)
            frame.translateError(
                packet, source: after.source, destination: after.destination,
                about: try Self.quotation(frame, in: packet), quotedSource: quotedAfter.source,
                quotedDestination: quotedAfter.destination)
            frame.setLink(destination: link.destination, source: link.source)
            #expect(frame.metadata == partial)
            frame.completeChecksum()
            #expect(Bytes.hexadecimal(frame.array) == Bytes.hexadecimal(expected))
        }
    }

    /// An unreachable that quotes the first bytes of a packet.
    static func error(_ version: IPVersion, quoting quote: some Sequence<UInt8>) -> [UInt8] {
        let message: [UInt8] = [version == .v4 ? 3 : 1, 1, 0, 0, 0, 0, 0, 0] + quote
        guard version == .v4 else { return Frames.ip(.v6, .icmpv6, message, checksum: 2) }
        let checksum = Frames.big(~UInt16(ReferenceChecksums.sum(message)))
        return Frames.ip(.v4, .icmp, message[..<2] + checksum + message[4...])
    }

    /// The header and four bytes more have to be there; the checksum of UDP is 8 bytes into its header, of TCP 18.
    @Test(
        arguments: [
            (.v4, .tcp, 19, false, false), (.v4, .tcp, 23, false, false), (.v4, .tcp, 24, true, false),
            (.v4, .tcp, 37, true, false),
            (.v4, .tcp, 38, true, true), (.v4, .udp, 27, true, false), (.v4, .udp, 28, true, true),
            (.v6, .tcp, 43, false, false), (.v6, .tcp, 44, true, false), (.v6, .tcp, 57, true, false),
            (.v6, .tcp, 58, true, true),
            (.v6, .udp, 47, true, false), (.v6, .udp, 48, true, true),
        ] as [(IPVersion, IPProtocol, Int, Bool, Bool)])
    func readsWhatIsQuoted(
        version: IPVersion, transport: IPProtocol, length: Int, isEnough: Bool, hasChecksum: Bool
    ) throws {
        let packet =
            transport == .tcp
            ? Frames.tcp(version, flags: .ack, payload: [1, 2, 3]) : Frames.udp(version, payload: [1, 2, 3])
        try withFrame(Self.error(version, quoting: packet[14...].prefix(length))) { frame in
            let outer = try parsed(frame)
            let quoted = Self.quoted(frame, in: outer)
            #expect((quoted != nil) == isEnough)
            guard let quoted else { return }
            #expect(quoted.source == Endpoint(Frames.client(version), 40001))
            #expect(quoted.destination == Endpoint(Frames.service(version), 80))
            #expect((quoted.checksumOffset != nil) == hasChecksum)
        }
    }

    /// Extension headers are walked over; behind one that is cut short nothing is known.
    @Test(arguments: [
        ("600000000020 3c39 \(PacketTests.addresses6) 0600010400000000 9c410050", true),
        ("600000000020 2c39 \(PacketTests.addresses6) 0600000100001d09 9c410050", true),
        ("600000000020 2c39 \(PacketTests.addresses6) 0600010100001d09 9c410050", false),
        ("600000000020 3c39 \(PacketTests.addresses6) 06030104 00000000", false),
    ])
    func walksOverExtensionHeaders(quote: String, hasPorts: Bool) throws {
        try withFrame(Self.error(.v6, quoting: Bytes.of(quote))) { frame in
            let quoted = try Self.quotation(frame, in: try parsed(frame))
            #expect(quoted.hasPorts == hasPorts)
            if hasPorts { #expect(quoted.source.port == 40001) }
        }
    }

    @Test
    func refusesAnotherVersion() throws {
        try withFrame(Self.error(.v4, quoting: Frames.udp(.v6, payload: [1])[14...])) { frame in
            let isRefused = Self.quoted(frame, in: try parsed(frame)) == nil
            #expect(isRefused)
        }
    }

    /// Random ends, and quotations of every length: the message and what it quotes come out as if built anew.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func leavesRightChecksums(seed: UInt64) throws {
        var random = Noise(seed: seed)
        let version: IPVersion = seed % 2 == 0 ? .v4 : .v6
        let payload = random.bytes(Int(random.next() % 30))
        let original =
            seed % 3 == 0
            ? Frames.udp(version, payload: payload) : Frames.tcp(version, flags: .ack, payload: payload)
        let least = version == .v4 ? 24 : 44
        let length = least + Int(random.next() % UInt64(original.count - 14 - least + 1))
        let ends = (TranslationTests.corner(version, &random), TranslationTests.corner(version, &random))
        let quotedEnds = (TranslationTests.corner(version, &random), TranslationTests.corner(version, &random))
        try withFrame(Self.error(version, quoting: original[14...].prefix(length))) { frame in
            let packet = try parsed(frame)
            let quoted = try Self.quotation(frame, in: packet)
            frame.translateError(
                packet, source: ends.0.address, destination: ends.1.address, about: quoted,
                quotedSource: quotedEnds.0, quotedDestination: quotedEnds.1)
            #expect(ReferenceChecksums.faults(frame.array) == [], "seed \(seed)")
            guard length == original.count - 14 else { return }
            #expect(ReferenceChecksums.faults(original[..<14] + frame.array.suffix(length)) == [], "seed \(seed)")
        }
    }
}
