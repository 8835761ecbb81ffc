import Testing

@testable import LoadBalancing

@Suite struct LatencyHistogramTests {
    @Test(
        arguments: [
            (nanoseconds: 0, bucket: 0), (nanoseconds: 1_023, bucket: 0), (nanoseconds: 1_024, bucket: 1),
            (nanoseconds: 7 * 1_024, bucket: 7), (nanoseconds: 8 * 1_024, bucket: 8),
            (nanoseconds: 15 * 1_024, bucket: 15),
            (nanoseconds: 16 * 1_024, bucket: 16), (nanoseconds: 17 * 1_024, bucket: 16),
            (nanoseconds: 18 * 1_024, bucket: 17),
            (nanoseconds: .max, bucket: 239),
        ] as [(nanoseconds: UInt64, bucket: Int)])
    func latenciesHaveTheirBucket(nanoseconds: UInt64, bucket: Int) {
        #expect(LatencyHistogram.Buckets.bucket(of: nanoseconds) == bucket)
    }

    @Test func bucketsFollowEachOtherAndAreNarrow() {
        for bucket in 0..<LatencyHistogram.bucketCount {
            let (start, next) = (
                LatencyHistogram.Buckets.start(of: bucket), LatencyHistogram.Buckets.start(of: bucket + 1)
            )
            #expect(LatencyHistogram.Buckets.bucket(of: start) == bucket)
            #expect(LatencyHistogram.Buckets.bucket(of: next - 1) == bucket)
            if bucket >= 8 { #expect(Double(next - start) <= 0.125 * Double(start), "bucket \(bucket)") }
        }
    }

    @Test func quantilesAreTooLongByAnEighthAtTheMost() throws {
        let buckets = LatencyHistogram.Buckets()
        #expect(buckets.histogram.quantile(0.5) == nil)
        for millisecond in 1...1_000 { buckets.add(nanoseconds: UInt64(millisecond) * 1_000_000) }
        let histogram = buckets.histogram
        #expect(histogram.count == 1_000)
        #expect(histogram.sum == .milliseconds(500_500))
        for part in [0.001, 0.01, 0.5, 0.9, 0.99, 1] {
            let exact = Duration.milliseconds(Int64((part * 1_000).rounded(.up)))
            let quantile = try #require(histogram.quantile(part))
            #expect(quantile >= exact && quantile <= exact * 1.125, "\(part): \(quantile)")
        }
        #expect(histogram.count(upTo: .seconds(10)) == 1_000)
        #expect(histogram.count(upTo: .microseconds(500)) == 0)
    }

    @Test func leasesAreCountedWhereAskedFor() throws {
        for name in PolicyName.allCases {
            let time = ManualTime()
            let balancer = try LoadBalancer(
                policy: name.policy, backends: [Backend("a")], resilience: Resilience(keepsHistograms: true),
                time: .manual(time), seed: 1)
            #expect(balancer.snapshot()["a"]?.latencies == nil)
            for (milliseconds, outcome) in [(10, Outcome.success), (100, .failure), (1_000, .cancelled)] {
                let lease = try balancer.lease()
                time.advance(by: .milliseconds(milliseconds))
                lease.finish(outcome)
            }
            var answered = try balancer.lease()
            time.advance(by: .milliseconds(10))
            answered.answered()
            time.advance(by: .seconds(9))
            answered.finish()
            let latencies = try #require(balancer.snapshot()["a"]?.latencies)
            #expect(latencies.count == 3 && latencies.sum == .milliseconds(120), "\(name)")
            try balancer.update([Backend("a", weight: 2)])
            #expect(balancer.snapshot()["a"]?.latencies == latencies, "they go with the identity")
        }
    }
}
