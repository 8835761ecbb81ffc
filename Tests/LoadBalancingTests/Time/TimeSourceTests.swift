@testable import LoadBalancing
import Synchronization
import Testing

@Suite struct TimeSourceTests {
    @Test func manualTimeIsTheClockItWasGiven() {
        let clock = ManualTime(startingAt: Timestamp(nanoseconds: 7))
        let source = TimeSource.manual(clock)
        #expect(source.now() == Timestamp(nanoseconds: 7))
        clock.advance(by: .nanoseconds(3))
        #expect(source.now() == Timestamp(nanoseconds: 10))
    }

    @Test func aClockOfTheCallersIsAskedEachTime() {
        let calls = Guarded<UInt64>(0)
        let source = TimeSource.monotonic {
            calls.withLock { calls in
                calls += 1
                return calls * 100
            }
        }
        #expect((0..<3).map { _ in source.now().nanoseconds } == [100, 200, 300])
    }

    @Test func theSystemsTimeNeverGoesBackAndIsNeverZero() {
        let times = (0..<1_000).map { _ in TimeSource.system.now() }
        #expect(times[0].nanoseconds > 0)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }
}
