import Testing

@testable import LoadBalancing

/// What the memcached clients' own tests say; the numbers are theirs unless another origin is named.
@Suite struct MemcachedRingTests {
    /// RJ/ketama, ketama.servers; libmemcached's and finagle-memcached's ketama tests use the same eight servers.
    static let eight = zip(1...8, [600, 300, 200, 350, 1000, 800, 950, 100]).map {
        WeightedName("10.0.1.\($0):11211", weight: $1)
    }

    static func equal(_ count: Int) -> [WeightedName] {
        (0..<count).map { WeightedName("10.0.\($0 >> 8).\($0 & 255):11211") }
    }

    @Suite struct Libketama {
        /// Algorithm::ConsistentHash::Ketama and RJ/ketama, test of two servers.
        @Test func twoServers() throws {
            let ring = try HashRing(
                [WeightedName("127.0.0.1:11211", weight: 600), WeightedName("127.0.0.1:11212", weight: 400)],
                dialect: .libketama)
            #expect(ring.pointCount == 320)
            #expect(ring.hash(ofKey: "test") == 3_446_378_249)
            let point = try #require(ring.point(for: ring.hash(ofKey: "test")))
            #expect(point == (3_454_255_383, 0))
        }

        @Test(arguments: [
            (key: "0", hash: 2_216_742_351 as UInt64, point: 2_217_271_743 as UInt64, server: 1),
            (key: "1", hash: 943_901_380, point: 949_045_552, server: 5),
            (key: "233", hash: 289_564_129, point: 294_113_200, server: 7),
        ])
        func eightServers(key: String, hash: UInt64, point: UInt64, server: Int) throws {
            let ring = try HashRing(eight, dialect: .libketama)
            #expect(ring.pointCount == 1264)
            #expect(ring.hash(ofKey: key) == hash)
            let found = try #require(ring.point(for: hash))
            #expect(found == (point, server - 1))
        }

        /// The lines that RJ/ketama's `ketama_test` prints for the keys 0, 1 and so on after an empty one, as a digest.
        ///
        /// test.sh knows the digest for a million keys, 5672b131391f5aa2b280936aec1eea74, which a loop to a million gives
        /// here too (seven seconds in a debug build). That of the first 20,000 was made by a model in Python which gives
        /// the digest of the million as well.
        @Test func printsWhatKetamaTestPrints() throws {
            let ring = try HashRing(eight, dialect: .libketama)
            var lines: [UInt8] = [10]
            for key in 0..<20_000 {
                let hash = ring.hash(ofKey: String(key))
                let (point, backend) = try #require(ring.point(for: hash))
                lines += "\(hash) \(point) \(eight[backend].name)\n".utf8
            }
            #expect(Bytes.hexadecimal(MD5.hash(lines)) == "8bfbe48871aaa21b3b834e7d48a961f3")
        }

        /// Algorithm::ConsistentHash::Ketama's and dgryski/go-ketama's test of 100,000 keys.
        @Test func sharesOfTenServers() throws {
            let ring = try HashRing((1...10).map { WeightedName("server\($0)") }, dialect: .libketama)
            var counts = [Int](repeating: 0, count: 10)
            for key in 0..<100_000 { counts[try #require(ring.backend(forKey: "foo\(key)"))] += 1 }
            #expect(counts == [8699, 10885, 9980, 10237, 9099, 10997, 10365, 10380, 9896, 9462])
        }
    }

    @Suite struct Libmemcached {
        /// test/fixtures/ketama.hpp: key, hash, point, server; the last hash is beyond the last point.
        @Test(arguments: [
            (key: "SVa_]_V41)", hash: 443_691_461 as UInt64, point: 445_379_617 as UInt64, server: 7),
            (key: "*/Z;?V(.\\8", hash: 1_422_915_503, point: 1_428_303_028, server: 1),
            (key: "30C1*Z*S/_", hash: 1_473_165_754, point: 1_480_075_959, server: 2),
            (key: "VD6D0]ba_\\", hash: 3_842_502_950, point: 3_842_588_691, server: 1),
        ])
        func weighted(key: String, hash: UInt64, point: UInt64, server: Int) throws {
            // Port 11211 is left out, so with it and without it is the same.
            for backends in [eight, eight.map { WeightedName(String($0.name.dropLast(6)), weight: $0.weight) }] {
                let ring = try HashRing(backends, dialect: .libmemcachedWeighted)
                #expect(ring.pointCount == 1264)
                #expect(ring.hash(ofKey: key) == hash)
                let found = try #require(ring.point(for: hash))
                #expect(found == (point, server - 1))
            }
        }

        @Test func beyondTheLastPointComesTheFirst() throws {
            let ring = try HashRing(eight, dialect: .libmemcachedWeighted)
            #expect(ring.hash(ofKey: "VDEAAAAA") == 0xFFFC_D1B5)
            let (last, first) = (try #require(ring.point(for: 0xFFFC_D1B5)), try #require(ring.point(for: 0)))
            #expect(last == first)
        }

        /// The points are right where the fixture's are stale.
        @Test(arguments: [
            (key: "SVa_]_V41)", point: 447_020_046 as UInt64, server: 2),
            (key: "*/Z;?V(.\\8", point: 1_425_570_174, server: 4),
        ])
        func spy(key: String, point: UInt64, server: Int) throws {
            let ring = try HashRing(eight, dialect: .libmemcachedSpy())
            let found = try #require(ring.point(for: ring.hash(ofKey: key)))
            #expect(found == (point, server - 1))
        }

        /// One weight above 1 makes a ring weighted, which counts points in another way; 1 and 0 alone do not.
        @Test(arguments: [RingDialect.libmemcached(.md5), .libmemcached(.oneAtATime), .libmemcachedSpy()])
        func oneWeightAboveOneMakesTheRingWeighted(dialect: RingDialect) throws {
            func ring(_ weights: [Int]) throws -> HashRing {
                try HashRing(
                    weights.enumerated().map { WeightedName("10.0.0.\($0):9001", weight: $1) }, dialect: dialect)
            }
            #expect(try ring([1, 1, 1, 0]).pointCount == 300)
            #expect(try ring([2, 1, 1, 0]).pointCount == 240 + 120 + 120)
            #expect(try ring([2, 2, 2]).pointCount == 480)
            #expect(try ring([2, 1]).dialect == dialect)
        }
    }

    @Suite struct Spymemcached {
        /// KetamaNodeLocatorTest, with the servers 127.0.0.1:10000 and so on.
        @Test(arguments: [
            (key: "dustin", servers: 4, server: 0),
            (key: "noelani", servers: 4, server: 2),
            (key: "some other key", servers: 4, server: 0),
            (key: "V5XS8C8N", servers: 4, server: 3),
            (key: "L9KH6X4X", servers: 4, server: 3),
            (key: "some other key", servers: 5, server: 4),
            (key: "36", servers: 5, server: 2),
            (key: "10037", servers: 5, server: 3),
            (key: "22051", servers: 5, server: 1),
            (key: "49044", servers: 5, server: 4),
        ])
        func unweighted(key: String, servers: Int, server: Int) throws {
            for slash in ["", "/"] {
                let ring = try HashRing(
                    (0..<servers).map { WeightedName("\(slash)127.0.0.1:\(10_000 + $0)", weight: 1 + $0) },
                    dialect: .spymemcached())
                #expect(ring.backend(forKey: key) == server)
            }
        }

        @Test func theLastPointIsKnown() throws {
            let dialect = RingDialect.spymemcached()
            let points = try dialect.points(of: (0..<4).map { WeightedName("127.0.0.1:\(10_000 + $0)") })
            #expect(points.place(points.count - 1) >> 32 == 4_294_887_009)
        }

        /// KetamaNodeLocatorTest, against a list of libketama's.
        @Test(arguments: [("0", 1), ("233", 7), ("466", 3), ("699", 1), ("932", 6), ("1165", 2), ("1398", 1)])
        func eightServers(key: String, server: Int) throws {
            let ring = try HashRing(
                eight.map { WeightedName($0.name) }, dialect: .spymemcached())
            #expect(ring.backend(forKey: key) == server - 1)
        }

        @Test func namesAsLibmemcachedAgreeWithIt() throws {
            let spy = try HashRing(eight, dialect: .spymemcached(weighted: true, names: .libmemcached))
            let other = try HashRing(eight, dialect: .libmemcachedWeighted)
            #expect(RingVectors.keys.allSatisfy { spy.backend(forKey: $0) == other.backend(forKey: $0) })
        }
    }

    @Suite struct Twemproxy {
        /// The hash functions of "apple": nc_hashkit's own test.
        @Test(
            arguments: [
                (.fnv1a_64, 1_488_911_807), (.md5, 3_195_025_439), (.crc32, 10_542), (.crc32a, 2_838_417_488),
                (.fnv1_64, 473_199_127), (.fnv1a_32, 280_767_167), (.fnv1_32, 67_176_023),
                (.one_at_a_time, 2_297_466_611),
                (.hsieh, 3_738_850_110), (.murmur, 4_142_305_122), (.jenkins, 1_442_444_624), (.crc16, 3_662_830_516),
            ] as [(RingDialect.TwemproxyHash, UInt64)])
        func hashesOfApple(hash: RingDialect.TwemproxyHash, value: UInt64) throws {
            let ring = try HashRing([WeightedName("server1")], dialect: .twemproxy(hash))
            #expect(ring.hash(ofKey: "apple") == value)
        }

        @Test func everyHashIsTested() {
            #expect(RingDialect.TwemproxyHash.allCases.count == 12)
        }

        /// nc_ketama's own test of a point's name.
        @Test func pointsAreWordsOfMD5() throws {
            let points = try RingDialect.twemproxy().points(of: [WeightedName("server1")])
            let places = (0..<points.count).map { points.place($0) >> 32 }
            #expect(places.count == 160)
            #expect(places.contains(3_853_726_576))
            #expect(places.contains(2_667_054_752))
        }

        /// Points as libmemcached's, keys not.
        @Test func pointsAreLibmemcacheds() throws {
            let proxy = try HashRing(eight, dialect: .twemproxy(.md5))
            let library = try HashRing(eight, dialect: .libmemcachedWeighted)
            let standard = try HashRing(eight, dialect: .twemproxy())
            #expect(RingVectors.keys.allSatisfy { proxy.backend(forKey: $0) == library.backend(forKey: $0) })
            #expect(RingVectors.keys.contains { standard.backend(forKey: $0) != library.backend(forKey: $0) })
        }
    }

    @Suite struct Finagle {
        /// ConsistentHashingDistributorTest: hashes of 64 bits, of which 32 count.
        @Test(
            arguments: [
                (-166_124_121_512_512, 5), (8_796_093_022_208, 3), (4_312_515_125_124, 2), (-8_192_481_414_141, 1),
                (-9_515_121_512_312, 5),
            ] as [(Int64, Int)])
        func takesTheLow32BitsOfAHash(hash: Int64, server: Int) throws {
            let ring = try HashRing(eight, dialect: .finagle())
            #expect(ring.backend(for: UInt64(bitPattern: hash)) == server - 1)
        }

        /// ConsistentHashingDistributorTest, ketama_results: libmemcached's fixture, in both modes.
        @Test(arguments: [("SVa_]_V41)", 7), ("*/Z;?V(.\\8", 1), ("30C1*Z*S/_", 2), ("VD6D0]ba_\\", 1)])
        func agreesWithLibmemcached(key: String, server: Int) throws {
            for old in [false, true] {
                let ring = try HashRing(eight, dialect: .finagle(oldLibmemcached: old))
                #expect(ring.backend(forKey: key) == server - 1)
            }
        }
    }

    /// A backend of weight 0 counts among the n of those that let it.
    @Test func idleBackendsCountWhereTheProgramCountsThem() throws {
        let idle = WeightedName("10.9.9.9:11211", weight: 0)
        for (dialect, counted) in [
            (RingDialect.finagle(), true), (.finagle(oldLibmemcached: true), true), (.uhashringKetama, true),
            (.spymemcached(weighted: true), true), (.libketama, false), (.libmemcachedWeighted, false),
            (.twemproxy(), false),
        ] {
            let ring = try HashRing(Self.equal(4) + [idle], dialect: dialect)
            #expect(ring.pointCount == (counted ? 800 : 640), "\(dialect.name)")
        }
    }
}
