import Testing

@testable import LoadBalancing

@Suite struct TopologyPrefixTableTests {
    private static func prefix(_ text: String) throws -> NetworkPrefix { try #require(NetworkPrefix(text)) }

    @Test(arguments: [
        (client: "10.1.2.0/24", value: "b", scope: 16), ("10.2.0.0/24", "a", 15), ("10.128.0.0/24", "a", 9),
        ("10.1.128.0/24", "b", 16), ("11.0.0.0/24", nil, 8), ("128.0.0.0/24", nil, 2), ("192.0.2.1/32", "c", 32),
        ("192.0.2.0/32", nil, 32), ("0.0.0.0/0", nil, 0), ("::/0", nil, 0), ("2001:db8::/56", nil, 0),
        // Too wide for one answer: that of the first addresses, as far as it reaches.
        ("10.0.0.0/8", "a", 16), ("10.0.0.0/15", "a", 16), ("0.0.0.0/1", nil, 5),
        ("192.0.2.0/24", nil, 32),
        // Wide, but not too wide.
        ("10.128.0.0/9", "a", 9), ("10.64.0.0/10", "a", 10), ("128.0.0.0/2", nil, 2), ("128.0.0.0/1", nil, 2),
    ])
    func scopesLeaveOutWhatIsAnsweredOtherwise(client: String, value: String?, scope: Int) throws {
        let table = PrefixTable([
            (try Self.prefix("10.0.0.0/8"), "a"), (try Self.prefix("10.1.0.0/16"), "b"),
            (try Self.prefix("192.0.2.1/32"), "c"),
        ])
        let found = table.lookUp(try Self.prefix(client))
        #expect(found.value == value)
        #expect(found.scope == scope)
    }

    /// RFC 7871: no two answers overlap; every address in an answer's scope has that answer.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func noTwoAnswersOverlap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Few bits vary, so that prefixes nest.
        func address() -> NetworkAddress { NetworkAddress(ipv4: UInt32(random.next(below: 256)) << 24) }
        let entries = (0..<Int(random.next(below: 12))).map { number in
            (NetworkPrefix(address(), length: Int(random.next(below: 9))), number)
        }
        let table = PrefixTable(entries)
        func plain(_ address: NetworkAddress) -> Int? {
            entries.filter { $0.0.contains(address) }.max { $0.0.length < $1.0.length }
                .flatMap { longest in entries.last { $0.0 == longest.0 }?.1 }
        }
        var answers: [NetworkPrefix: Int?] = [:]
        for byte in 0..<256 as Range<UInt32> {
            let client = NetworkAddress(ipv4: byte << 24)
            let found = table.lookUp(NetworkPrefix(client, length: 32))
            #expect(found.value == plain(client), "seed \(seed)")
            let scope = NetworkPrefix(client, length: found.scope)
            answers[scope] = .some(found.value)
            for other in 0..<256 as Range<UInt32> where scope.contains(NetworkAddress(ipv4: other << 24)) {
                #expect(plain(NetworkAddress(ipv4: other << 24)) == found.value, "seed \(seed)")
            }
        }
        for one in answers.keys {
            for other in answers.keys where one != other { #expect(!one.contains(other), "seed \(seed)") }
        }
    }

    @Test(arguments: [
        (data: [0, 1, 24, 0, 198, 51, 100] as [UInt8], network: "198.51.100.0/24"), ([0, 1, 0, 0], "0.0.0.0/0"),
        ([0, 2, 56, 0, 0x20, 1, 0x0D, 0xB8, 0, 0, 0], "2001:db8::/56"), ([0, 1, 9, 0, 10, 128], "10.128.0.0/9"),
    ])
    func clientSubnets(data: [UInt8], network: String) throws {
        let subnet = try ClientSubnet(query: data)
        #expect(subnet.network == NetworkPrefix(network))
        #expect(subnet.queryData == data)
        var answer = data
        answer[3] = subnet.isOptOut ? 0 : 20
        #expect(subnet.answerData(scope: 20) == answer)
    }

    @Test(arguments: [
        (data: [] as [UInt8], error: ClientSubnetError.truncated), ([0, 1, 24], .truncated),
        ([0, 1, 24, 0, 1, 2], .truncated),
        ([0, 1, 24, 0, 1, 2, 3, 4], .tooLong), ([0, 3, 0, 0], .unknownFamily(3)), ([1, 1, 0, 0], .unknownFamily(257)),
        ([0, 1, 33, 0, 1, 2, 3, 4, 0], .lengthOutOfRange(33)), ([0, 1, 24, 1, 1, 2, 3], .scopeInQuery),
        ([0, 1, 9, 0, 10, 0xC0], .sparebitsSet), ([0, 2, 129, 0], .lengthOutOfRange(129)),
    ])
    func malformedClientSubnets(data: [UInt8], error: ClientSubnetError) {
        #expect(throws: error) { try ClientSubnet(query: data) }
    }

    @Test(arguments: 0..<2_000 as Range<UInt64>)
    func noiseIsReadOrRefused(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var data = (0..<Int(random.next(below: 24))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        if data.count > 3, random.next(below: 2) == 0 {
            data.replaceSubrange(0..<2, with: [0, UInt8(random.next(below: 3))])
        }
        if let subnet = try? ClientSubnet(query: data) { #expect(subnet.queryData == data, "seed \(seed)") }
    }
}
