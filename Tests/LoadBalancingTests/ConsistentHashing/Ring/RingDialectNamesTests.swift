import LoadBalancing
import Testing

@Suite struct RingDialectNamesTests {
    @Test func everyNameStandsForOneDialect() throws {
        let dialects = RingDialect.named
        #expect(Set(dialects.map(\.name)).count == dialects.count)
        #expect(Set(dialects).count == dialects.count)
        for dialect in dialects { #expect(try RingDialect(named: dialect.name) == dialect) }
    }

    @Test(arguments: [
        ("standard", RingDialect.standard),
        ("libmemcached-weighted", .libmemcachedWeighted),
        ("libmemcached-md5", .libmemcached(.md5)),
        ("libmemcached-one-at-a-time", .libmemcached(.oneAtATime)),
        ("libmemcached-one-at-a-time-weighted", .libmemcached(.oneAtATime, weighted: true)),
        ("libmemcached-spy", .libmemcachedSpy()),
        ("libmemcached-spy-weighted", .libmemcachedSpy(weighted: true)),
        ("libmemcached-spy-one-at-a-time", .libmemcachedSpy(.oneAtATime)),
        ("twemproxy-fnv1a_64", .twemproxy()),
        ("haproxy-sdbm-avalanche", .haproxy(.sdbm, avalanche: true)),
        ("envoy-murmur2", .envoy(.murmurHash2)),
        ("uhashring-ketama", .uhashringKetama),
    ])
    func namesAreAsDocumented(name: String, dialect: RingDialect) throws {
        #expect(try RingDialect(named: name) == dialect)
        #expect(dialect.name == name)
    }

    @Test func anUnknownNameListsTheKnownOnes() {
        let error = #expect(throws: UnknownRingDialectError.self) { try RingDialect(named: "ketama") }
        #expect(
            error?.description.hasPrefix("there is no ring dialect \"ketama\"; use one of standard, sha1, libketama, ")
                == true)
    }
}
