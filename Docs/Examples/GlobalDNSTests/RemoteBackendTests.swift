import Foundation
import LoadBalancing
import Testing

@testable import GlobalDNS

/// What comes over the socket may be anything.
@Suite struct RemoteBackendTests {
    /// Says of each look-up what was asked for.
    private static let backend = RemoteBackend { name, network in
        guard name != "nowhere.example.test." else { return [] }
        return ["A", "TXT"].map { type in
            Record(
                type: type, name: name, content: network.map { "\($0)" } ?? "nobody", timeToLive: 5,
                scope: network?.length ?? 0)
        }
    }

    private struct Reply: Decodable, Equatable {
        struct Result: Decodable, Equatable {
            let qtype: String
            let content: String
            let ttl: Int
            let scopeMask: Int
        }

        var isTrue: Bool?
        var records: [Result]?
        let log: [String]

        private enum CodingKeys: String, CodingKey { case result, log }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            isTrue = try? values.decode(Bool.self, forKey: .result)
            records = try? values.decode([Result].self, forKey: .result)
            log = try values.decode([String].self, forKey: .log)
        }
    }

    private static func reply(to line: String) throws -> Reply {
        try JSONDecoder().decode(Reply.self, from: backend.reply(to: Data(line.utf8)))
    }

    private static func lookUp(_ parameters: String) throws -> Reply {
        try reply(to: #"{"method":"lookup","parameters":{\#(parameters)}}"#)
    }

    @Test(arguments: [
        (line: #"{"method":"initialize","parameters":{"path":"/x","timeout":"2000"}}"#, isTrue: true),
        (#"{"method":"getDomainMetadata","parameters":{"name":"example.test.","kind":"ALSO-NOTIFY"}}"#, false),
        (#"{"method":"list","parameters":{"zonename":"example.test.","domain_id":1}}"#, false),
        (#"{"method":"lookup"}"#, false),
        (#"{"method":"lookup","parameters":{"qtype":"A"}}"#, false),
    ])
    func methods(line: String, isTrue: Bool) throws {
        let reply = try Self.reply(to: line)
        #expect(reply.isTrue == isTrue)
        #expect(reply.log.isEmpty)
    }

    @Test(arguments: [
        "", " ", "{", "null", "[]", "lookup", "\u{0}", #"{"method":7}"#, #"{"parameters":{}}"#,
        #"{"method":"lookup","parameters":[]}"#, #"{"method":"lookup","parameters":{"qname":7}}"#,
        #"{"method":"lookup","parameters":{"qname":"a"}"#, String(repeating: "[", count: 10_000),
    ])
    func whatIsNoQueryIsRefused(line: String) throws {
        let reply = try Self.reply(to: line)
        #expect(reply.isTrue == false)
        #expect(reply.log == ["not a query: \(line.utf8.count) bytes"])
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        for byte in UInt8.min...UInt8.max {
            let reply = Self.backend.reply(to: Data([byte, 0xFF, byte]))
            #expect(String(decoding: reply, as: UTF8.self).contains(#""result":false"#))
        }
    }

    @Test(arguments: [
        (type: "ANY", types: ["A", "TXT"]), ("A", ["A"]), ("TXT", ["TXT"]), ("AAAA", []), ("", []),
    ])
    func typesAreFiltered(type: String, types: [String]) throws {
        let reply = try Self.lookUp(#""qtype":"\#(type)","qname":"www.example.test.","zone-id":-1"#)
        #expect(reply.records?.map(\.qtype) == types)
    }

    @Test func unknownNamesHaveNoRecords() throws {
        let reply = try Self.lookUp(#""qtype":"ANY","qname":"nowhere.example.test.","real-remote":"192.0.2.0/24""#)
        #expect(reply.records == [])
        #expect(reply.log.isEmpty)
    }

    @Test(arguments: [
        (remote: "192.0.2.0/24", client: "192.0.2.0/24", scope: 24), ("192.0.2.7/32", "192.0.2.7/32", 32),
        ("192.0.2.7", "192.0.2.7/32", 32), ("0.0.0.0/0", "0.0.0.0/0", 0), ("2001:db8::/56", "2001:db8::/56", 56),
    ])
    func clientsAreTheirNetworks(remote: String, client: String, scope: Int) throws {
        let reply = try Self.lookUp(#""qtype":"A","qname":"a.","real-remote":"\#(remote)""#)
        #expect(reply.records == [.init(qtype: "A", content: client, ttl: 5, scopeMask: scope)])
        #expect(reply.log.isEmpty)
    }

    @Test(arguments: [
        "", "/", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/24/24", "192.0.2.7/24", "300.0.2.0/24",
        "192.0.2/24", "2001:db8::/129", "2001:db8:::/32", "2001:db8::1/32", "fe80::1%eth0/64", "localhost",
        "١٩٢.0.2.0/24",
    ])
    func malformedNetworksAreAsNone(remote: String) throws {
        let reply = try Self.lookUp(#""qtype":"A","qname":"a.","real-remote":"\#(remote)""#)
        #expect(reply.records == [.init(qtype: "A", content: "nobody", ttl: 5, scopeMask: 0)])
        #expect(reply.log == ["not a network: \(remote)"])
    }
}
