import LoadBalancing
import Testing

@Suite struct ManualTimeTests {
    @Test func standsStillUntilAdvanced() {
        let time = ManualTime(startingAt: Timestamp(nanoseconds: 100))
        #expect((0..<3).map { _ in time.now.nanoseconds } == [100, 100, 100])
        time.advance(by: .nanoseconds(50))
        #expect(time.now == Timestamp(nanoseconds: 150))
        time.advance(by: .seconds(-1))
        #expect(time.now == Timestamp(nanoseconds: 150))
    }

    @Test func beginsAtOneSecond() {
        #expect(ManualTime().now == Timestamp(nanoseconds: 1_000_000_000))
    }
}
