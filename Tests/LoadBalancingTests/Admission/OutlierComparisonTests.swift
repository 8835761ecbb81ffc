import Testing

@testable import LoadBalancing

@Suite struct OutlierComparisonTests {
    private typealias Outlier = (index: Int, reason: EjectionReason)

    /// The outliers among backends given by their successes and failures.
    private func outliers(
        _ rules: OutlierDetection, _ counts: [(Int, Int)], latencies: [Double?] = [], seed: UInt64 = 1
    ) -> [Int] {
        let samples = counts.enumerated().map { index, count in
            OutlierSample(
                index: index, successes: UInt64(count.0), failures: UInt64(count.1),
                latency: index < latencies.count ? latencies[index] : nil)
        }
        var generator = SeededGenerator(seed: seed)
        return rules.outliers(among: samples, of: counts.count, using: &generator).map(\.index)
    }

    /// Envoy, `outlier_detection_impl.cc` and its test: success rates 50, 100, 100, 100, 100 have the mean 90 and the
    /// standard deviation 20; with a factor of 1.9 the threshold is 52.
    @Test func thresholdIsEnvoys() throws {
        let rates = [0.5, 1, 1, 1, 1]
        let threshold = try #require(OutlierDetection.SuccessRate().threshold(rates))
        #expect(abs(threshold - 0.52) < 1e-12)
        #expect(OutlierDetection.SuccessRate().threshold([]) == nil)
        #expect(OutlierDetection.SuccessRate(deviationFactor: 0).threshold(rates) == 0.9)
    }

    private static let clean = (200, 0)

    @Test(
        arguments: [
            // Envoy's example: 200 requests each, half of one host's fail.
            (counts: [clean, clean, clean, clean, (100, 100)], outliers: [4]),
            // Four hosts are too few; so are five of which one has too little volume.
            (counts: [clean, clean, clean, (100, 100)], outliers: []),
            (counts: [clean, clean, clean, clean, (49, 50)], outliers: []),
            // With the volume of six, whoever has less is not judged.
            (counts: [clean, clean, clean, clean, (100, 100), (0, 99)], outliers: [4]),
            // All alike: nobody is below the mean.
            (counts: [(50, 150), (50, 150), (50, 150), (50, 150), (50, 150)], outliers: []),
            // Two of five at 50 % drag the threshold to 0.8 − 1.9 · 0.245 = 0.335.
            (counts: [clean, clean, clean, (100, 100), (100, 100)], outliers: []),
        ] as [(counts: [(Int, Int)], outliers: [Int])])
    func judgesSuccessRates(counts: [(Int, Int)], outliers expected: [Int]) {
        #expect(outliers(OutlierDetection(), counts) == expected)
    }

    @Test(
        arguments: [
            (counts: [clean, clean, clean, clean, (30, 170)], outliers: [4]),
            (counts: [clean, clean, clean, clean, (31, 169)], outliers: []),
            (counts: [clean, clean, clean, clean, (0, 49)], outliers: []),
            (counts: [clean, clean, clean, clean, (0, 50)], outliers: [4]),
            // Counted are the hosts of the set, not those with volume.
            (counts: [(0, 0), (0, 0), (0, 0), (0, 0), (0, 50)], outliers: [4]),
            (counts: [(0, 0), (0, 0), (0, 0), (0, 50)], outliers: []),
            (counts: [(0, 200), (0, 200), (0, 200), (0, 200), (0, 200)], outliers: [0, 1, 2, 3, 4]),
        ] as [(counts: [(Int, Int)], outliers: [Int])])
    func judgesFailurePercentages(counts: [(Int, Int)], outliers expected: [Int]) {
        let rules = OutlierDetection(successRate: nil, failurePercentage: OutlierDetection.FailurePercentage())
        #expect(outliers(rules, counts) == expected)
    }

    @Test(
        arguments: [
            (milliseconds: [10, 10, 10, 10, 51], outliers: [4]),
            (milliseconds: [10, 10, 10, 10, 50], outliers: []),
            (milliseconds: [10, 10, 10, 10], outliers: []),
            // Below 10 ms nobody is slow.
            (milliseconds: [1, 1, 1, 1, 10], outliers: []),
            (milliseconds: [1, 1, 1, 1, 11], outliers: [4]),
            (milliseconds: [10, 10, 10, 10, nil], outliers: []),
        ] as [(milliseconds: [Double?], outliers: [Int])])
    func judgesLatencies(milliseconds: [Double?], outliers expected: [Int]) {
        let rules = OutlierDetection(successRate: nil, latency: OutlierDetection.SlowBackends())
        let latencies = milliseconds.map { $0.map { $0 * 1e6 } }
        #expect(outliers(rules, milliseconds.map { _ in (20, 0) }, latencies: latencies) == expected)
        #expect(outliers(rules, milliseconds.map { _ in (19, 0) }, latencies: latencies) == [])
    }

    @Test func enforcementIsAProbability() {
        let counts = [Self.clean, Self.clean, Self.clean, Self.clean, (100, 100)]
        func ejections(_ enforcement: Double) -> Int {
            let rules = OutlierDetection(successRate: OutlierDetection.SuccessRate(enforcement: enforcement))
            return (0..<1_000 as Range<UInt64>).count { outliers(rules, counts, seed: $0) == [4] }
        }
        #expect(ejections(0) == 0 && ejections(1) == 1_000)
        // 300 of 1000; six standard deviations are 87.
        #expect(abs(ejections(0.3) - 300) < 87)
    }

    @Test(arguments: [
        // The k-th ejection in a row lasts k times 30 s, at the most 300 s.
        (base: 30, longest: 300, multiplier: 1, seconds: 30),
        (base: 30, longest: 300, multiplier: 2, seconds: 60),
        (base: 30, longest: 300, multiplier: 10, seconds: 300),
        (base: 30, longest: 300, multiplier: 11, seconds: 300),
        (base: 30, longest: 300, multiplier: .max, seconds: 300),
        (base: 400, longest: 300, multiplier: 1, seconds: 400),
        (base: 400, longest: 300, multiplier: 2, seconds: 400),
    ])
    func ejectionTimesGrow(base: Int, longest: Int, multiplier: Int, seconds: Int) {
        let rules = OutlierDetection(baseEjectionTime: .seconds(base), longestEjectionTime: .seconds(longest))
        #expect(rules.ejectionTime(multiplier: multiplier) == .seconds(seconds))
    }

    @Test(arguments: [
        (share: 0.1, count: 5, most: 1), (share: 0.1, count: 10, most: 1), (share: 0.1, count: 11, most: 2),
        (share: 0.5, count: 4, most: 2), (share: 1, count: 3, most: 3), (share: 0, count: 10, most: 0),
    ])
    func atLeastOneMayBeEjected(share: Double, count: Int, most: Int) {
        let rules = OutlierDetection(largestEjectedShare: share)
        #expect((0...count).prefix { rules.mayEject(ejected: $0, of: count) }.count == most)
    }
}
