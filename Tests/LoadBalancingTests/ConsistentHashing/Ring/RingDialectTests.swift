import LoadBalancing
import Testing

/// Agreement with existing programs, key by key; see `Vectors/README.md`.
@Suite struct RingDialectTests {
    @Test func picksWhatLibmemcachedPicks() throws {
        let cases = try RingVectors.cases("libmemcached-ketama").filter {
            $0.mode == "ketama_weighted" || $0.mode == "ketama_weighted_equal"
        }
        #expect(cases.count == 9)
        for vector in cases {
            let ring = try HashRing(vector.backends, dialect: .libmemcachedWeighted)
            #expect(RingVectors.keys.map { ring.backend(forKey: $0) } == vector.pick, "\(vector)")
        }
    }
}
