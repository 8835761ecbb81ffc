import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct TokenBucketTests {
    private func at(_ nanoseconds: UInt64) -> Timestamp { Timestamp(nanoseconds: nanoseconds) }

    @Test func aBurstIsServedAtOnceAndThenTheRate() {
        var bucket = TokenBucket(rate: 1000, burst: 3, now: at(0))
        var taken: [UInt64] = []
        for microsecond in 0..<5000 as Range<UInt64> where bucket.take(now: at(microsecond * 1000)) {
            taken.append(microsecond)
        }
        #expect(taken == [0, 1, 2, 1000, 2000, 3000, 4000])
    }

    @Test(arguments: [1, 3, 7, 1000, 999_999_937] as [Int])
    func noRateDrifts(rate: Int) {
        var random = Noise(seed: UInt64(rate))
        var bucket = TokenBucket(rate: rate, burst: 1000, now: at(0))
        // Emptied first, then asked so often that it is never full, over an odd time.
        while bucket.take(now: at(0)) {}
        var (now, taken) = (0 as UInt64, 0 as UInt64)
        let step = max(100_000_000_000 / UInt64(rate), 1)
        for _ in 0..<2000 {
            now += UInt64.random(in: 0...step, using: &random)
            while bucket.take(now: at(now)) { taken += 1 }
        }
        #expect(taken == now.multipliedFullWidth(by: UInt64(rate)).low / 1_000_000_000)
    }

    /// As many as are asked for, or none; where there are never as many at once, as many as there may be.
    @Test(
        arguments: [
            (burst: 3, counts: [2, 2, 1, 1], taken: [true, false, true, false]),
            (burst: 1, counts: [2, 1], taken: [true, false]),
            (burst: 0, counts: [2, 1], taken: [false, false]),
        ] as [(Int, [UInt64], [Bool])])
    func severalAreTakenTogether(burst: Int, counts: [UInt64], taken: [Bool]) {
        var bucket = TokenBucket(rate: 0, burst: burst, now: at(0))
        #expect(counts.map { bucket.take($0, now: at(1)) } == taken)
    }

    @Test(
        arguments: [
            // A long rest fills it, and no more than that; time that runs back gives nothing.
            (rate: .max, burst: 2, times: [.max, .max, .max, 7], taken: [true, true, false, false]),
            (rate: 0, burst: 1, times: [0, .max], taken: [true, false]),
            (rate: -1, burst: -1, times: [0, 1 << 60], taken: [false, false]),
            (rate: 1, burst: .max, times: [0, 0], taken: [true, true]),
        ] as [(Int, Int, [UInt64], [Bool])])
    func everyRateAndBurstIsServed(rate: Int, burst: Int, times: [UInt64], taken: [Bool]) {
        var bucket = TokenBucket(rate: rate, burst: burst, now: at(0))
        #expect(times.map { bucket.take(now: at($0)) } == taken)
    }
}
