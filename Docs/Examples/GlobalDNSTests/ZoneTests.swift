import Foundation
import LoadBalancing
import Testing

@testable import GlobalDNS

/// The zone of the folder's own file.
@Suite struct ZoneTests {
    private static func world() throws -> World {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try WorldFile(path: folder.appending(path: "GlobalDNS/world.json").path).read()
    }

    private let zone: Zone

    init() throws {
        zone = try Zone(Self.world())
    }

    private func answer(_ name: String, _ network: String?, among sites: [Site]? = nil) throws -> [Record] {
        let prefix = try network.map { try #require(NetworkPrefix($0)) }
        return zone.records(of: name, for: prefix, among: sites ?? zone.sites)
    }

    @Test(arguments: [
        (network: "192.0.2.0/24", address: "127.0.0.11", scope: 24),
        ("198.51.100.128/25", "127.0.0.12", 24),
        ("203.0.113.0/24", "127.0.0.13", 24),
        // 10.1.0.0/16 lies within 10.0.0.0/8: an answer to others of the latter must not hold for it.
        ("10.1.2.0/24", "127.0.0.11", 16),
        ("10.0.2.0/24", "127.0.0.12", 16),
        ("10.2.3.0/24", "127.0.0.12", 15),
        ("10.200.0.0/24", "127.0.0.12", 9),
        ("2001:db8:1::/56", "127.0.0.11", 32),
        // Too wide for one answer: that of the first addresses, and more bits are asked for.
        ("10.0.0.0/8", "127.0.0.12", 16),
        ("192.0.0.0/16", "127.0.0.11", 23),
        ("0.0.0.0/0", "127.0.0.11", 0),
    ])
    func theNearestIsAnsweredWithItsScope(network: String, address: String, scope: Int) throws {
        let records = try answer("near.example.test.", network)
        #expect(records.map(\.content) == [address])
        #expect(records.map(\.scope) == [scope])
        #expect(records.map(\.timeToLive) == [2])
    }

    /// RFC 7871 §7.2.1: where the scopes of two answers overlap, a cache would give one client the other's answer.
    @Test(arguments: ["near", "main", "share"], 0..<20 as Range<UInt64>)
    func noTwoScopesOverlap(name: String, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var answers: [NetworkPrefix: [String]] = [:]
        for _ in 0..<300 {
            // Half of them where networks lie within others.
            let bits = UInt32.random(in: .min ... .max, using: &random)
            let address = NetworkAddress(ipv4: Bool.random(using: &random) ? 10 << 24 | bits & 0x03_FF_FF_FF : bits)
            let network = NetworkPrefix(address, length: Int.random(in: 1...32, using: &random))
            let records = zone.records(of: "\(name).example.test", for: network, among: zone.sites)
            let scope = try #require(records.first?.scope)
            let told = answers.updateValue(
                records.map(\.content), forKey: NetworkPrefix(network.address, length: scope))
            #expect(told == nil || told == records.map(\.content), "\(network), seed \(seed)")
        }
        for (one, records) in answers {
            for (other, others) in answers where one.contains(other) {
                #expect(records == others, "\(one) and \(other), seed \(seed)")
            }
        }
    }

    /// A client keeps its share however much of its network is told.
    @Test(arguments: [10, 16, 20, 24, 28, 32])
    func aShareIsThatOfTheFirstAddresses(length: Int) throws {
        let records = try answer("share.example.test", "100.64.0.0/\(length)")
        #expect(records.map(\.content) == (try answer("share.example.test", "100.64.0.0/24")).map(\.content))
        #expect(records.map(\.scope) == [24])
    }

    @Test(arguments: [
        (name: "NEAR.Example.TEST", count: 1), ("example.test.", 2), ("nowhere.example.test.", 0),
        ("near.example.org.", 0), ("x.near.example.test.", 0), ("_why.nowhere.example.test.", 0), ("_why.", 0), ("", 0),
        (".", 0),
    ])
    func names(name: String, count: Int) throws {
        #expect(try answer(name, "192.0.2.0/24").count == count)
    }

    /// RFC 2308 §2: a name without records of the type asked for is there all the same.
    @Test(arguments: ["near", "main", "share"])
    func aNameThatNobodyServesIsThere(name: String) throws {
        var sites = zone.sites
        for index in sites.indices { sites[index].state = .maintenance }
        let name = "\(name).example.test"
        let records = try answer(name, "192.0.2.0/24", among: sites)
        #expect(records.map(\.type) == ["ENT"])
        #expect(records.map(\.name) == [name])
        #expect(records.map(\.content) == [""])
        sites[1].state = .active
        #expect(try answer(name, "192.0.2.0/24", among: sites).map(\.content) == ["127.0.0.12"])
    }

    @Test func saysWhy() throws {
        var sites = zone.sites
        sites[0].isUp = false
        let record = try #require(try answer("_why.near.example.test.", "192.0.2.0/24", among: sites).first)
        #expect(record.type == "TXT")
        #expect(
            record.content == #"""
                "up: virginia, tokyo; out: frankfurt" "nearest (6191 km): virginia, tokyo" "first 1: virginia; out: tokyo"
                """#)
    }

    /// Each client keeps its site while weights change, but for those that the gaining site draws.
    @Test func fewMoveWhenAWeightChanges() throws {
        let networks = try (0..<1_000).map { number in
            try #require(NetworkPrefix("100.\(number / 256).\(number % 256).0/24"))
        }
        func addresses(_ sites: [Site]) -> [String] {
            networks.map { zone.records(of: "share.example.test", for: $0, among: sites).first?.content ?? "none" }
        }
        let before = addresses(zone.sites)
        var sites = zone.sites
        sites[1].weight = 2
        let moved = zip(before, addresses(sites)).filter { $0 != $1 }
        #expect(moved.allSatisfy { $1 == "127.0.0.12" })
        // From a third to a half: a sixth, give or take 5 times the deviation of 1000 draws, 12.
        #expect(107...227 ~= moved.count)
    }

    @Test(arguments: [
        (text: #"say "hi" \ bye"#, quoted: #""say \"hi\" \\ bye""#), ("é\n", #""\195\169\010""#), ("", "\"\""),
    ])
    func textIsQuoted(text: String, quoted: String) {
        #expect(Record.quoted(text) == quoted)
    }

    @Test(arguments: [
        (from: #""address": "127.0.0.11""#, to: #""address": "127.0.0.256""#),
        (#""network": "192.0.2.0/24""#, #""network": "192.0.2.1/24""#),
        (#""name": "tokyo""#, #""name": "virginia""#),
        (#""near": "nearest""#, #""near": "closest""#),
        (#""timeToLive": 2"#, #""timeToLive": -2"#),
    ])
    func whatIsWrongIsRefused(from: String, to: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: folder.appending(path: "GlobalDNS/world.json"), encoding: .utf8)
        #expect(throws: Never.self) { try Zone(JSONDecoder().decode(World.self, from: Data(text.utf8))) }
        let changed = text.replacingOccurrences(of: from, with: to)
        #expect(changed != text)
        #expect(throws: (any Error).self) { try Zone(JSONDecoder().decode(World.self, from: Data(changed.utf8))) }
    }
}
