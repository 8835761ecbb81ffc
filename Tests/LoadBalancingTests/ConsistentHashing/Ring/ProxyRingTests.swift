import Testing

@testable import LoadBalancing

/// What the proxies' own tests say; the numbers are theirs unless another origin is named.
@Suite struct ProxyRingTests {
    /// The points of a ring in order: hash and position.
    static func points(_ backends: [WeightedName], _ dialect: RingDialect) throws -> [(hash: UInt64, backend: Int)] {
        let points = try dialect.points(of: backends)
        let shift: UInt64 = dialect.places.bitWidth == 32 ? 32 : 0
        return (0..<points.count).map { (points.place($0) >> shift, Int(points.owner($0))) }
    }

    @Suite struct Nginx {
        /// pingora-ketama, `matches_nginx_sample`; hashes and points by the same recipe in Python.
        @Test(arguments: [
            ("/some/path", 1_189_093_926 as UInt64, 1), ("/some/longer/path", 1_103_112_297, 0),
            ("/sad/zaidoon", 3_380_537_552, 1), ("/g", 2_148_785_769, 0),
            ("/i/am/not/confident/in/this/code", 145_496_520, 0),
        ])
        func samplesOfPingora(key: String, hash: UInt64, backend: Int) throws {
            for dialect in [RingDialect.nginx, .pingora, .pingoraV2()] {
                let ring = try HashRing(
                    [WeightedName("127.0.0.1:7777"), WeightedName("127.0.0.1:7778")], dialect: dialect)
                #expect(ring.hash(ofKey: key) == hash)
                #expect(ring.backend(forKey: key) == backend)
            }
        }

        @Test func firstPoints() throws {
            let points = try points([WeightedName("127.0.0.1:7777"), WeightedName("127.0.0.1:7778")], .nginx).prefix(3)
            #expect(points.map(\.hash) == [1_475_464, 14_414_652, 29_299_196])
            #expect(points.map(\.backend) == [0, 1, 1])
        }

        /// pingora-ketama, test-data/sample-nginx-upstream.csv, rows 1, 2 and 8: what an nginx picked among nine servers.
        @Test(arguments: [
            ("/81fa1d251d605775d647b5b55565e71526d4cef6", 7), ("/2fec328e6ccdda6a7edf329f9f780e546ea183b4", 5),
            ("/d9c4bc3cc4517c629e8f4c911c2fd8baf260ae65", 1),
        ])
        func ofWeight100(key: String, server: Int) throws {
            let ring = try HashRing((1...9).map { WeightedName("10.0.0.\($0):443", weight: 100) }, dialect: .nginx)
            #expect(ring.pointCount == 144_000)
            #expect(ring.backend(forKey: key) == server - 1)
        }

        /// pingora-ketama, `consistency_after_adding_host`, `node_iter` and `test_ipv6_ring`.
        @Test func walksAsPingora() throws {
            for count in [10, 11] {
                let ring = try HashRing((1...count).map { WeightedName("127.0.0.\($0):6443") }, dialect: .pingora)
                #expect(ring.backend(forKey: "a") == 9)
                #expect(ring.backend(forKey: "b") == 4)
            }
            for (host, walk) in [("127.0.0.1", [1, 2, 2, 0, 0, 1, 1, 2]), ("[::1]", [0, 1, 0, 1, 1, 0, 2])] {
                let backends = (7777...7779).map { WeightedName("\(host):\($0)") }
                let points = try points(backends, .pingora)
                let ring = try HashRing(backends, dialect: .pingora)
                let point = try #require(ring.point(for: ring.hash(ofKey: "doghash")))
                let start = try #require(points.firstIndex { $0.hash == point.point })
                #expect(walk.indices.map { points[(start + $0) % points.count].backend } == walk)
            }
        }

        @Test func ofPingoraV2AnyNumberOfPoints() throws {
            let backends = [WeightedName("10.0.0.2:80"), WeightedName("10.0.0.1:80", weight: 3)]
            #expect(try HashRing(backends, dialect: .pingoraV2(pointMultiple: 10)).pointCount == 40)
            let first = try HashRing(backends, dialect: .pingoraV2())
            let second = try HashRing(backends.reversed(), dialect: .pingoraV2())
            #expect(RingVectors.keys.allSatisfy { first.backend(forKey: $0) != second.backend(forKey: $0) })
        }
    }

    @Suite struct Envoy {
        /// ring_hash_lb_test, `Basic`: hosts 127.0.0.1:90 to :95, minimum ring size 12.
        @Test func basic() throws {
            let points = try points((90...95).map { WeightedName("127.0.0.1:\($0)") }, .envoy(minimumRingSize: 12))
            #expect(
                points.map(\.hash) == [
                    833_437_586_790_550_860, 928_266_305_478_181_108, 1_033_482_794_131_418_490,
                    3_551_244_743_356_806_947, 3_851_675_632_748_031_481, 5_583_722_120_771_150_861,
                    6_311_230_543_546_372_928, 7_700_377_290_971_790_572, 13_144_177_310_400_110_813,
                    13_444_792_449_719_432_967, 15_516_499_411_664_133_160, 16_117_243_373_044_804_889,
                ])
            #expect(points.map { 90 + $0.backend } == [94, 92, 90, 95, 93, 91, 91, 93, 95, 92, 94, 90])
        }

        /// ring_hash_lb_test, `BasicWithMurmur2`: hosts 127.0.0.1:80 to :85, minimum ring size 12.
        @Test func murmur2() throws {
            let points = try points(
                (80...85).map { WeightedName("127.0.0.1:\($0)") }, .envoy(.murmurHash2, minimumRingSize: 12))
            #expect(
                points.prefix(4).map(\.hash) == [
                    1_358_027_074_129_602_068, 4_361_834_613_929_391_114, 7_224_494_972_555_149_682,
                    7_701_421_856_454_313_576,
                ])
            #expect(points.prefix(4).map { 80 + $0.backend } == [85, 83, 84, 81])
            #expect(points.last?.hash == 17_613_279_263_364_193_813)
            #expect(points.last?.backend == 0)
        }

        /// ring_hash_lb_test, `BasicWithHostname`: hosts "90" to "95".
        @Test func hostnames() throws {
            let points = try points((90...95).map { WeightedName("\($0)") }, .envoy(minimumRingSize: 12)).prefix(3)
            #expect(
                points.map(\.hash) == [
                    1_975_508_444_536_362_413, 2_376_063_919_839_173_711, 2_386_806_903_309_390_596,
                ])
            #expect(points.map { 90 + $0.backend } == [95, 95, 93])
        }

        /// ring_hash_lb_test, `HostWeightedTinyRing`: weights 1, 2 and 3, ring size 6.
        @Test func weights() throws {
            let backends = (1...3).map { WeightedName("127.0.0.1:\(89 + $0)", weight: $0) }
            let points = try points(backends, .envoy(minimumRingSize: 6, maximumRingSize: 6))
            #expect(
                points.map(\.hash) == [
                    928_266_305_478_181_108, 4_443_673_547_860_492_590, 5_583_722_120_771_150_861,
                    6_311_230_543_546_372_928, 13_444_792_449_719_432_967, 16_117_243_373_044_804_889,
                ])
            #expect(points.map(\.backend) == [2, 2, 1, 1, 2, 0])
        }

        /// Some have no point; they come last and are found all the same.
        @Test func moreHostsThanPoints() throws {
            let backends = (0..<10).map { WeightedName("10.0.0.\($0):80") }
            let ring = try HashRing(backends, dialect: .envoy(minimumRingSize: 1, maximumRingSize: 4))
            #expect(ring.pointCount == 4)
            for hash in stride(from: 0 as UInt64, to: .max - 1 << 60, by: 1 << 60) {
                #expect(Set(ring.candidateOrder(of: hash)) == Set(0..<10))
            }
        }
    }

    /// By the recipe of grpc-go's balancer/ringhash/ring.go, in Python.
    @Test func grpcSortsByName() throws {
        let backends = [WeightedName("c", weight: 4), WeightedName("a", weight: 3), WeightedName("b", weight: 3)]
        let points = try Self.points(backends, .grpc(minimumRingSize: 10))
        #expect(
            points.map(\.hash) == [
                4_148_279_810_343_392_165, 4_189_641_231_046_734_040, 5_051_629_784_258_667_479,
                5_637_671_355_026_233_228,
                6_560_897_439_782_492_108, 7_866_922_100_246_443_948, 8_142_612_688_290_817_183,
                14_554_126_711_339_088_812, 14_801_583_559_950_740_418, 18_017_992_814_255_492_179,
            ])
        #expect(points.map { backends[$0.backend].name } == ["a", "b", "c", "b", "b", "a", "c", "c", "c", "a"])
    }

    @Suite struct HAProxy {
        /// By the recipe of src/lb_chash.c, in Python: three servers of weight 1.
        @Test func firstNodes() throws {
            let points = try points((1...3).map { WeightedName("s\($0)") }, .haproxy())
            #expect(points.count == 48)
            #expect(points.prefix(4).map(\.hash) == [76_442_173, 372_321_919, 414_606_662, 494_948_004])
            #expect(points.prefix(4).map { $0.backend + 1 } == [3, 3, 2, 1])
        }

        @Test func theNearerPointWins() throws {
            let ring = try HashRing((1...3).map { WeightedName("s\($0)") }, dialect: .haproxy(.sdbm, avalanche: true))
            #expect(ring.hash(ofKey: "apple") == 3_274_580_788)
            #expect(ring.backend(forKey: "apple") == 2)
            // Half way between 76442173 (3) and 372321919 (3), 372321919 and 414606662 (2), 414606662 and 494948004 (1).
            let middle: UInt64 = (414_606_662 + 494_948_004) / 2
            #expect(ring.backend(for: middle) == 1)
            #expect(ring.backend(for: middle + 1) == 0)
            #expect(ring.backend(for: 393_464_290) == 2)
            #expect(ring.backend(for: 393_464_291) == 1)
        }

        /// Every key of a table against the distances themselves.
        @Test func everyHashGoesToTheNearerPoint() throws {
            let backends = (1...5).map { WeightedName("s\($0)", weight: $0) }
            let points = try points(backends, .haproxy())
            let ring = try HashRing(backends, dialect: .haproxy())
            var random = SeededGenerator(seed: 5)
            for _ in 0..<5000 {
                let hash = UInt32(truncatingIfNeeded: random.next())
                let next = points.first { $0.hash >= hash } ?? points[0]
                let previous = points.last { $0.hash < hash } ?? points[points.count - 1]
                let before = hash &- UInt32(previous.hash)
                let after = UInt32(next.hash) &- hash
                #expect(ring.backend(for: UInt64(hash)) == (before <= after ? previous : next).backend)
            }
        }

        /// `hash-type consistent none`: the key is the hash.
        @Test(
            arguments: [
                ("0", 0), ("12", 12), ("12a34", 12), ("a", 0), ("", 0), ("-", 0), ("-1", 4_294_967_295),
                ("4294967297", 1),
                ("9223372036854775807", 4_294_967_295), ("9223372036854775808", 4_294_967_295),
                ("-9223372036854775808", 0),
                ("-9223372036854775809", 0), ("99999999999999999999999", 4_294_967_295),
            ] as [(String, UInt64)])
        func numbersAreTheirOwnHash(key: String, hash: UInt64) throws {
            let ring = try HashRing([WeightedName("s1")], dialect: .haproxy(.none))
            #expect(ring.hash(ofKey: key) == hash)
        }

        /// Ids are places in the set, those of servers without weight too; names do not count.
        @Test func idsArePlaces() throws {
            let full = try HashRing((1...4).map { WeightedName("s\($0)") }, dialect: .haproxy())
            let other = try HashRing(
                (1...4).map { WeightedName("t\($0)", weight: $0 == 2 ? 0 : 1) }, dialect: .haproxy())
            for key in RingVectors.keys where full.backend(forKey: key) != 1 {
                #expect(other.backend(forKey: key) == full.backend(forKey: key))
            }
        }
    }
}
