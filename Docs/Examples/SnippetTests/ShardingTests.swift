import Foundation
import LoadBalancing
import Testing

@testable import Snippets

/// The keys and shards of `Docs/Sharding.md` do what is said of them.
@Suite struct ShardingTests {
    private func moved(_ before: [String], _ after: [String]) -> Int {
        zip(before, after).count { $0 != $1 }
    }

    private func owners(_ balancer: LoadBalancer<String>) throws -> [String] {
        try (0..<2_000).map { number in try balancer.lease(for: .key("user:\(number)")).endpoint }
    }

    @Test func equalKeysGoToTheSameServer() throws {
        let balancer = try Sharding.anew()
        for number in 0..<20 as Range<UInt8> {
            let request = Sharding.Request(
                sourceAddress: [192, 0, 2, number], headers: ["x-tenant": "tenant \(number)"],
                cookies: ["session": "\(number)"], sessionID: UInt64(number))
            for choose in [Sharding.bySourceAddress, Sharding.byHeader, Sharding.byCookie, Sharding.bySession] {
                #expect(try choose(request, balancer).id == choose(request, balancer).id)
            }
        }
        let strangers = try Set((0..<100).map { _ in try Sharding.byCookie(Sharding.Request(), balancer).id })
        #expect(strangers.count == 4, "who has no cookie yet goes anywhere")
    }

    @Test func aRepairMovesOnlyWhatItHasTo() throws {
        let (anew, repaired) = (try Sharding.anew(), try Sharding.repaired())
        let (anewBefore, repairedBefore) = (try owners(anew), try owners(repaired))
        let more = (Sharding.caches + ["10.0.0.5:11211"]).map { Backend($0) }
        try anew.update(more)
        try repaired.update(more)
        let repairedAfter = try owners(repaired)
        #expect(zip(repairedBefore, repairedAfter).allSatisfy { $0 == $1 || $1 == "10.0.0.5:11211" })
        #expect(moved(anewBefore, try owners(anew)) >= repairedAfter.count { $0 == "10.0.0.5:11211" })
    }

    @Test func aHotKeyHasMoreThanOneServer() throws {
        let balancer = try Sharding.bounded()
        let held = try (0..<200).map { _ in try balancer.lease(for: .key("hot")).share() }
        #expect(balancer.snapshot().backends.map(\.inFlight).max() == 63, "a fourth and a fourth of that")
        held.forEach { $0.finish() }
    }

    @Test func othersAgree() throws {
        let ring = try HashRing(Sharding.caches.map { WeightedName($0) }, dialect: .libmemcachedWeighted)
        for number in 0..<50 {
            let key = "user:\(number)"
            #expect(try Sharding.asLibmemcached(key) == ring.backend(forKey: key).map { Sharding.caches[$0] })
            #expect(try Set(Sharding.replicas(of: key)).count == 2)
        }
        let table = try MaglevTable(Sharding.caches.map { WeightedName($0) })
        let published = try Sharding.published(table, for: Sharding.caches + ["10.0.0.5:11211"])
        let sent = try JSONDecoder().decode(
            Sharding.PublishedTable.self, from: try JSONEncoder().encode(published))
        #expect(try Sharding.received(sent) == table.repaired(for: published.names.map { WeightedName($0) }))
    }
}
