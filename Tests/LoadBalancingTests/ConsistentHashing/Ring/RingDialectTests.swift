import LoadBalancing
import Testing

/// Agreement with existing programs, key by key; see `Vectors/README.md`.
@Suite struct RingDialectTests {
    static func check(_ vector: RingVectors.Case, _ dialect: RingDialect) throws -> HashRing {
        let ring = try HashRing(vector.backends, dialect: dialect)
        #expect(RingVectors.keys.map { ring.backend(forKey: $0) } == vector.pick, "\(vector), \(dialect.name)")
        // A ready hash says the same as the key.
        #expect(RingVectors.keys.map { ring.backend(for: ring.hash(ofKey: $0)) } == vector.pick, "\(vector)")
        return ring
    }

    @Test func picksWhatLibmemcachedPicks() throws {
        let cases = try RingVectors.cases("libmemcached-ketama")
        #expect(cases.count == 21)
        for vector in cases {
            let dialect: RingDialect =
                switch try #require(vector.mode) {
                case "ketama_md5key": .libmemcached(.md5)
                case "ketama_oaatkey": .libmemcached(.oneAtATime)
                default: .libmemcachedWeighted
                }
            _ = try Self.check(vector, dialect)
        }
    }

    /// Every mode and function, with weights that make the unweighted modes weighted and with such that do not.
    @Test func picksWhatLibmemcachedPicksByWeight() throws {
        let modes: [String: RingDialect] = [
            "ketama_md5": .libmemcached(.md5), "ketama_oaat": .libmemcached(.oneAtATime),
            "ketama_weighted": .libmemcachedWeighted,
            "ketama_weighted_oaat": .libmemcached(.oneAtATime, weighted: true),
            "spy_md5": .libmemcachedSpy(), "spy_oaat": .libmemcachedSpy(.oneAtATime),
            "spy_weighted_md5": .libmemcachedSpy(weighted: true),
            "spy_weighted_oaat": .libmemcachedSpy(.oneAtATime, weighted: true),
        ]
        let cases = try RingVectors.cases("libmemcached-weights")
        #expect(cases.count == 6 * modes.count)
        for vector in cases { _ = try Self.check(vector, try #require(modes[vector.mode ?? ""], "\(vector)")) }
    }

    @Test func picksWhatNginxPicks() throws {
        let cases = try RingVectors.cases("nginx-consistent")
        #expect(cases.count == 4)
        for vector in cases {
            _ = try Self.check(vector, .nginx)
            // Pingora's first version is the same, and with these sets no points collide.
            _ = try Self.check(vector, .pingora)
            _ = try Self.check(vector, .pingoraV2())
        }
    }

    @Test func walksOnAsNginxDoesWhenServersAreDown() throws {
        let cases = try RingVectors.cases("nginx-consistent-down")
        #expect(cases.count == 3)
        for vector in cases {
            let ring = try HashRing(vector.backends, dialect: .nginx)
            let down = try #require(vector.down)
            let picks = RingVectors.keys.map { ring.backend(for: ring.hash(ofKey: $0)) { !down.contains($0) } }
            #expect(picks == vector.pick, "\(vector)")
        }
    }

    @Test func picksWhatHAProxyPicks() throws {
        let cases = try RingVectors.cases("haproxy-consistent")
        #expect(cases.count == 12)
        for vector in cases {
            let hash = try #require(RingDialect.HAProxyHash(rawValue: vector.hash_function ?? ""))
            _ = try Self.check(vector, .haproxy(hash, avalanche: vector.avalanche == true))
        }
    }

    @Test func picksWhatEnvoyPicks() throws {
        let cases = try RingVectors.cases("envoy-ring-hash")
        #expect(cases.count == 8)
        for vector in cases {
            let hash = try #require(RingDialect.EnvoyHash(rawValue: vector.hash_function ?? ""))
            _ = try Self.check(vector, .envoy(hash))
        }
    }

    @Test func picksWhatUhashringPicks() throws {
        let cases = try RingVectors.cases("uhashring")
        #expect(cases.count == 8)
        for vector in cases {
            let ring = try Self.check(vector, vector.hash_fn == "ketama" ? .uhashringKetama : .uhashring)
            #expect(ring.pointCount == vector.points, "\(vector)")
        }
    }
}
