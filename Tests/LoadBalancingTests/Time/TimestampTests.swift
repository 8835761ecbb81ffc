import Testing

@testable import LoadBalancing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (later: 10, earlier: 3, nanoseconds: 7),
            (later: 3, earlier: 3, nanoseconds: 0),
            // A clock that two threads see: never negative.
            (later: 3, earlier: 10, nanoseconds: 0),
            (later: .max, earlier: 0, nanoseconds: .max),
        ] as [(later: UInt64, earlier: UInt64, nanoseconds: UInt64)])
    func differencesAreNeverNegative(later: UInt64, earlier: UInt64, nanoseconds: UInt64) {
        let (later, earlier) = (Timestamp(nanoseconds: later), Timestamp(nanoseconds: earlier))
        #expect(later.nanoseconds(since: earlier) == nanoseconds)
        #expect((earlier < later) == (nanoseconds > 0))
    }

    @Test(
        arguments: [
            (start: 5, duration: .nanoseconds(3), end: 8),
            (start: 5, duration: .zero, end: 5),
            (start: 5, duration: .seconds(2), end: 2_000_000_005),
            (start: 5, duration: .seconds(-1), end: 5),
            (start: .max - 1, duration: .seconds(1), end: .max),
            (start: 1, duration: .seconds(1_000_000_000_000), end: .max),
        ] as [(start: UInt64, duration: Duration, end: UInt64)])
    func advancingStaysOnTheTimeLine(start: UInt64, duration: Duration, end: UInt64) {
        #expect(Timestamp(nanoseconds: start).advanced(by: duration) == Timestamp(nanoseconds: end))
    }

    @Test(
        arguments: [
            (duration: .zero, nanoseconds: 0),
            (duration: .nanoseconds(-1), nanoseconds: 0),
            (duration: Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), nanoseconds: 0),
            (duration: .microseconds(3), nanoseconds: 3_000),
            (duration: .seconds(18_446_744_073), nanoseconds: 18_446_744_073_000_000_000),
            (duration: .seconds(18_446_744_074), nanoseconds: .max),
        ] as [(duration: Duration, nanoseconds: UInt64)])
    func durationsAreWholeNanoseconds(duration: Duration, nanoseconds: UInt64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }
}
