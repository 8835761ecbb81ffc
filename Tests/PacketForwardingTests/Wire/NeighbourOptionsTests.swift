import Testing

@testable import PacketForwarding

struct NeighbourOptionsTests {
    private static func read(_ options: String) throws -> NeighbourOptions? {
        let frame = NeighbourSolicitationTests.solicitation(options: Bytes.of(options))
        let packet = try parsed(frame)
        return frame.withRawSpan { NeighbourOptions($0, of: packet) }
    }

    @Test(arguments: [
        (options: "", source: nil, target: nil),
        ("0101 020000000007", "02:00:00:00:00:07", nil),
        ("0201 020000000008", nil, "02:00:00:00:00:08"),
        ("0101 020000000007 0201 020000000008", "02:00:00:00:00:07", "02:00:00:00:00:08"),
        // Others are passed over, of equal ones the first counts.
        ("0e02 0102030405060708090a0b0c0d0e 0201 020000000008", nil, "02:00:00:00:00:08"),
        ("0101 020000000007 0101 020000000009", "02:00:00:00:00:07", nil),
    ])
    func linkAddresses(options: String, source: String?, target: String?) throws {
        let found = try #require(try Self.read(options))
        #expect(found.source == source.flatMap { MACAddress($0) })
        #expect(found.target == target.flatMap { MACAddress($0) })
    }

    /// RFC 4861 §7.1: the whole message is invalid.
    @Test(arguments: [
        "0100 020000000007", "0102 020000000007", "0101 0200", "01", "0101 020000000007 05",
        "0101 020000000007 0500 000000000000",
    ])
    func invalid(options: String) throws {
        #expect(try Self.read(options) == nil)
    }
}
