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

    @Test func sleepersWakeWhenTheirTimeHasCome() async throws {
        let time = ManualTime()
        let start = time.now
        func sleeper(_ seconds: Int) -> Task<Timestamp, any Error> {
            Task {
                try await time.sleep(until: start.advanced(by: .seconds(seconds)))
                return time.now
            }
        }
        let (one, three) = (sleeper(1), sleeper(3))
        await time.waitForSleepers(2)
        time.advance(by: .milliseconds(999))
        await time.waitForSleepers(2)
        time.advance(by: .milliseconds(1))
        #expect(try await one.value == start.advanced(by: .seconds(1)))
        await time.waitForSleepers(1)
        time.advance(by: .seconds(5))
        #expect(try await three.value == start.advanced(by: .seconds(6)))
        try await time.sleep(until: start)
    }

    @Test func aCancelledSleeperWakes() async throws {
        let time = ManualTime()
        let asleep = Task { try await time.sleep(until: time.now.advanced(by: .seconds(1))) }
        await time.waitForSleepers(1)
        asleep.cancel()
        await #expect(throws: CancellationError.self) { try await asleep.value }

        let early = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try await time.sleep(until: time.now.advanced(by: .seconds(1)))
        }
        await #expect(throws: CancellationError.self) { try await early.value }
    }
}
