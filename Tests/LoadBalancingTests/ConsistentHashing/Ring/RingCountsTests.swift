import Testing

@testable import LoadBalancing

@Suite struct RingCountsTests {
    /// The digests of the first of `count` equal backends.
    static func digests(_ counts: RingCounts, _ count: Int) throws -> Int {
        let backends = (0..<count).map { WeightedName("\($0)") }
        return try #require(try counts.counts(of: backends, idle: 0, limit: 1 << 26).first)
    }

    /// In single precision 40 · n ÷ n is not 40 for these n, and backends have 39 digests: 156 points.
    static let singlePrecisionTraps = [25, 47, 50, 55, 61, 71, 94, 100, 107, 109, 110, 115, 122, 142]

    @Test(arguments: [RingCounts.libmemcached, .twemproxy, .spymemcached])
    func singlePrecisionLosesADigest(counts: RingCounts) throws {
        let short = try (1...142).filter { try Self.digests(counts, $0) != 40 }
        #expect(short == Self.singlePrecisionTraps)
        for count in short { #expect(try Self.digests(counts, count) == 39) }
    }

    /// libketama rounds only the share, and adds nothing against rounding.
    @Test func libketamaLosesADigestLessOften() throws {
        let short = try [25, 47, 50, 61, 94, 100, 122, 237, 244, 474].filter { try Self.digests(.libketama, $0) != 40 }
        #expect(short == [61, 122, 237, 244, 474])
    }

    @Test(arguments: [RingCounts.finagle, .uhashring])
    func doubleAndWholeNumbersLoseNone(counts: RingCounts) throws {
        #expect(try (1...142).allSatisfy { try Self.digests(counts, $0) == 40 })
    }

    @Test(
        arguments: [
            (.fixed(100), [100, 100, 100]),
            (.perWeight(160), [160, 320, 800]),
            (.haproxy, [16, 32, 80]),
            // 120 · 1, 2 and 5 eighths.
            (.libketama, [15, 30, 75]), (.libmemcached, [15, 30, 75]), (.twemproxy, [15, 30, 75]),
            (.spymemcached, [15, 30, 75]),
            (.finagle, [15, 30, 75]), (.finagleOld, [15, 30, 75]), (.uhashring, [15, 30, 75]),
            // 128 for the least of 1/8 of 1024.
            (.envoy(minimum: 1024, maximum: 8_388_608), [128, 256, 640]),
            // 1.25, 3.75 and 10 as running sums.
            (.envoy(minimum: 1024, maximum: 10), [2, 2, 6]),
            // At least one for the least weight.
            (.envoy(minimum: 1, maximum: 100), [1, 2, 5]),
        ] as [(RingCounts, [Int])])
    func countsByWeight(counts: RingCounts, expected: [Int]) throws {
        let backends = zip(["a", "b", "c"], [1, 2, 5]).map { WeightedName($0, weight: $1) }
        #expect(try counts.counts(of: backends, idle: 0, limit: 1 << 26) == expected)
    }

    @Test func noMoreThanTheLimit() throws {
        let backends = [WeightedName("a", weight: 2), WeightedName("b", weight: 3)]
        #expect(try RingCounts.perWeight(10).counts(of: backends, idle: 0, limit: 50) == [20, 30])
        #expect(throws: HashTableError(.tooManyPoints(maximum: 49), name: nil)) {
            try RingCounts.perWeight(10).counts(of: backends, idle: 0, limit: 49)
        }
        #expect(throws: HashTableError(.tooManyPoints(maximum: 1000), name: nil)) {
            try RingCounts.envoy(minimum: 10_000, maximum: 1 << 40).counts(of: backends, idle: 0, limit: 1000)
        }
    }
}
