import Testing

@testable import PacketForwarding

struct ARPMessageTests {
    static func message(_ bytes: String) -> ARPMessage? {
        Bytes.of(bytes).withRawSpan { ARPMessage($0, at: 0) }
    }

    @Test(arguments: [("0001", ARPMessage.Operation.request), ("0002", .reply), ("0003", nil)])
    func reads(number: String, operation: ARPMessage.Operation?) throws {
        let message = try #require(Self.message("000108000604 \(number) 027766554433 0a000034 000000000000 c000020a"))
        #expect(message.operation == operation)
        #expect(message.senderHardware.description == "02:77:66:55:44:33")
        #expect(message.sender.description == "10.0.0.52")
        #expect(message.target.description == "192.0.2.10")
    }

    @Test(arguments: ["000608000604", "000186dd0604", "000108000804", "000108000610"])
    func refusesOtherLinksAndNetworks(start: String) {
        #expect(Self.message("\(start) 0001 027766554433 0a000034 000000000000 c000020a") == nil)
    }
}
