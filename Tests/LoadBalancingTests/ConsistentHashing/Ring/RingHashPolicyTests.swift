import Foundation
import Testing

@testable import LoadBalancing

@Suite struct RingHashPolicyTests {
    static let dialects: [RingDialect] =
        RingDialect.named + [
            .standard(pointsPerBackend: 7), .pingoraV2(pointMultiple: 3),
            .envoy(.murmurHash2, minimumRingSize: 5, maximumRingSize: 6), .grpc(maximumRingSize: 99),
            .twemproxy(.md5, hashTag: HashTag("{}")), .spymemcached(weighted: true, names: .libmemcached),
        ]

    /// Keys that are hashed as the dialect says go where its ring says.
    @Test(arguments: dialects)
    func picksWhatTheRingSays(dialect: RingDialect) throws {
        let backends = WeightedName.servers([2, 1, 3, 1])
        let ring = try HashRing(backends, dialect: dialect)
        let policy = RingHashPolicy(dialect: dialect)
        #expect(throws: Never.self) { try policy.check(backends) }
        let pool = ScriptedPool(backends)
        var picker = policy.makePicker(for: pool.pool(), seed: 1)
        for number in 0..<100 {
            let key = "user:\(number)"
            #expect(
                pool.pick(with: &picker, for: .key(key, dialect: dialect)) == ring.backend(forKey: key))
            #expect(
                pool.pick(with: &picker, for: .key(Array(key.utf8), dialect: dialect)) == ring.backend(forKey: key))
        }
    }

    @Test(arguments: dialects)
    func isReadAsItWasWritten(dialect: RingDialect) throws {
        let policy = RingHashPolicy(dialect: dialect)
        let json = try JSONEncoder().encode(policy)
        #expect(
            try JSONDecoder().decode(RingHashPolicy.self, from: json) == policy,
            "\(String(decoding: json, as: UTF8.self))")
    }

    @Test(arguments: [
        ("{}", RingDialect.standard),
        (#"{"pointsPerBackend": 640}"#, .standard(pointsPerBackend: 640)),
        (#"{"dialect": "libmemcached-weighted"}"#, .libmemcachedWeighted),
        (#"{"dialect": "envoy", "maximumRingSize": 4096}"#, .envoy(maximumRingSize: 4_096)),
        (#"{"dialect": "twemproxy-md5", "hashTag": "{}"}"#, .twemproxy(.md5, hashTag: HashTag("{}"))),
        (#"{"dialect": "spymemcached", "names": "libmemcached"}"#, .spymemcached(names: .libmemcached)),
        (#"{"dialect": "pingora-v2", "pointMultiple": 100}"#, .pingoraV2(pointMultiple: 100)),
    ])
    func readsParametersBesideTheDialect(json: String, dialect: RingDialect) throws {
        let policy = try JSONDecoder().decode(RingHashPolicy.self, from: Data(json.utf8))
        #expect(policy == RingHashPolicy(dialect: dialect))
    }

    @Test(arguments: [
        (#"{"dialect": "ketama"}"#, #"there is no ring dialect "ketama"; use one of standard, sha1, "#),
        (#"{"dialect": 5}"#, ""),
        (
            #"{"dialect": "grpc", "pointsPerBackend": 5}"#,
            #"the dialect "grpc" has no parameter pointsPerBackend, it has only minimumRingSize and maximumRingSize"#
        ),
        (#"{"dialect": "nginx", "hashTag": "{}"}"#, #"the dialect "nginx" has no parameter hashTag, it has none"#),
        (#"{"pointsPerBackend": 0}"#, "points go from 1 to 67108864, not 0"),
        (#"{"dialect": "twemproxy-md5", "hashTag": "{"}"#, #"a hash tag is two characters such as {}, not "{""#),
        (#"{"dialect": "spymemcached", "names": "any"}"#, #"names are spymemcached or libmemcached, not "any""#),
    ])
    func refusesWhatDoesNotFit(json: String, text: String) throws {
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(RingHashPolicy.self, from: Data(json.utf8))
        }
        #expect(text.isEmpty || "\(error)".contains(text), "\(error)")
    }

    /// What cannot be a ring is refused before anything is changed, with what to do; also what would be found only if two points
    /// met.
    @Test(
        arguments: [
            (
                [("10.0.0.1:80", 1), ("10.0.0.2", 1)], .pingora, "10.0.0.2",
                """
                backend "10.0.0.2" does not suit the policy: it has a name this dialect cannot read; it expects an IP address \
                and a port, such as 10.0.0.1:443 or [::1]:443
                """
            ),
            (
                [("a:11211", 1), ("a", 1)], .libmemcachedWeighted, "a",
                """
                backend "a" does not suit the policy: it and "a:11211" are one and the same to this dialect; keep one of them or \
                change its name
                """
            ),
            (
                [("a", 256), ("b", 257)], .haproxy(), "b",
                "backend \"b\" does not suit the policy: it has weight 257; weights go from 0 to 256"
            ),
            (
                [("a", 1 << 31)], .nginx, nil,
                """
                the set does not suit the policy: the ring would have more than 67108864 points; divide all weights by a common \
                factor
                """
            ),
        ] as [([(String, Int)], RingDialect, String?, String)])
    func aSetThatIsNoRingIsRefused(set: [(String, Int)], dialect: RingDialect, id: String?, text: String) throws {
        let backends = set.map { Backend($0.0, weight: $0.1) }
        let policy = AnyPolicy(RingHashPolicy(dialect: dialect))
        let error = try #require(throws: BackendSetError.self) { try LoadBalancer(policy: policy, backends: backends) }
        #expect(error.id == id)
        #expect(error.description == text)
        let balancer = try LoadBalancer(policy: policy, backends: [Backend("10.0.0.9:80")], seed: 1)
        #expect(throws: error) { try balancer.update(backends) }
        #expect(try balancer.picks(1) == "10.0.0.9:80")
    }

    /// A picker that is made of what was refused gives no key to anybody.
    @Test func whatWasRefusedIsNobody() {
        let pool = ScriptedPool([WeightedName("no address")])
        var picker = RingHashPolicy(dialect: .pingora).makePicker(for: pool.pool(), seed: 1)
        #expect(pool.picks(2, with: &picker, for: PickRequest(keyHash: 1)) == [nil, nil])
    }
}
