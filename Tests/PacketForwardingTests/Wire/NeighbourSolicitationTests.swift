import Testing

@testable import PacketForwarding

struct NeighbourSolicitationTests {
    static let target = Frames.service6
    static let link = Bytes.of("0101 020000000007")

    /// A solicitation with its checksum.
    static func solicitation(
        from source: IPAddress = Frames.client6, to destination: IPAddress? = nil, target: IPAddress = target,
        code: UInt8 = 0, hopLimit: UInt8 = 255, options: [UInt8] = link
    ) -> [UInt8] {
        let message = [135, code, 0, 0, 0, 0, 0, 0] + Frames.bytes(target) + options
        var frame = Frames.ip(
            .v6, .icmpv6, message, from: source, to: destination ?? target.solicitedNode, checksum: 2)
        frame[21] = hopLimit
        return frame
    }

    static func read(_ frame: [UInt8]) throws -> NeighbourSolicitation? {
        let packet = try parsed(frame)
        return frame.withRawSpan { NeighbourSolicitation($0, of: packet) }
    }

    @Test
    func readsAQuestion() throws {
        let question = try #require(try Self.read(Self.solicitation()))
        #expect(question.target == Self.target)
        #expect(!question.isProbe)
        #expect(try Self.read(Self.solicitation(options: [])) != nil)
        #expect(try Self.read(Self.solicitation(to: Self.target)) != nil)
        let probe = try #require(try Self.read(Self.solicitation(from: IPAddress(v6: 0, 0), options: [])))
        #expect(probe.isProbe)
    }

    /// RFC 4861, 7.1.1.
    @Test(arguments: [
        ("hop limit", solicitation(hopLimit: 254)),
        ("code", solicitation(code: 1)),
        ("target is a group", solicitation(target: .allNodes)),
        ("option of length 0", solicitation(options: Bytes.of("0100 020000000007"))),
        ("option beyond the end", solicitation(options: Bytes.of("0102 020000000007"))),
        ("option cut short", solicitation(options: Bytes.of("0101 0200"))),
        ("probe with a link address", solicitation(from: IPAddress(v6: 0, 0))),
        ("probe to one host", solicitation(from: IPAddress(v6: 0, 0), to: target, options: [])),
        (
            "cut short",
            Frames.ip(.v6, .icmpv6, [135, 0, 0, 0, 0, 0, 0, 0] + Frames.bytes(target).dropLast(), checksum: 2)
        ),
    ])
    func refuses(what: String, frame: [UInt8]) throws {
        #expect(try Self.read(frame) == nil, "\(what)")
    }

    @Test
    func refusesAWrongChecksum() throws {
        var frame = Self.solicitation()
        frame[57] ^= 1
        #expect(try Self.read(frame) == nil)
    }
}
