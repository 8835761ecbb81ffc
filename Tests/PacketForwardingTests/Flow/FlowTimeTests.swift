import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct FlowTimeTests {
    @Test(
        arguments: [
            (nanoseconds: 0, ticks: 0),
            (nanoseconds: 3_906_249, ticks: 0),
            (nanoseconds: 3_906_250, ticks: 1),
            (nanoseconds: 1_000_000_000, ticks: 256),
            (nanoseconds: 16_777_215_999_999_999, ticks: 0xFFFF_FFFF),
            (nanoseconds: 16_777_216_000_000_000, ticks: 0),
        ] as [(UInt64, UInt32)])
    func aSecondHas256TicksAndTheirNumberGoesRound(nanoseconds: UInt64, ticks: UInt32) {
        #expect(FlowTime(Timestamp(nanoseconds: nanoseconds)).ticks == ticks)
    }

    @Test(
        arguments: [
            (deadline: 10, now: 9, hasCome: false),
            (deadline: 10, now: 10, hasCome: true),
            (deadline: 10, now: 11, hasCome: true),
            (deadline: 0xFFFF_FFFF, now: 0xFFFF_FFFE, hasCome: false),
            (deadline: 0xFFFF_FFFF, now: 0, hasCome: true),
            (deadline: 3, now: 0xFFFF_FFFF, hasCome: false),
            (deadline: 3, now: 0x8000_0002, hasCome: true),
        ] as [(UInt32, UInt32, Bool)])
    func timesAreComparedWhereverTheNumberGoesRound(deadline: UInt32, now: UInt32, hasCome: Bool) {
        #expect(FlowTime(ticks: deadline).hasCome(by: FlowTime(ticks: now)) == hasCome)
    }

    @Test(
        arguments: [
            (duration: Duration.seconds(-1), ticks: 1),
            (duration: .zero, ticks: 1),
            (duration: .nanoseconds(1), ticks: 1),
            (duration: .nanoseconds(3_906_250), ticks: 1),
            (duration: .nanoseconds(3_906_251), ticks: 2),
            (duration: .seconds(1), ticks: 256),
            (duration: .milliseconds(1500), ticks: 384),
            (duration: .seconds(86400 * 365), ticks: 1 << 29),
            (duration: .seconds(Int64.max), ticks: 1 << 29),
        ] as [(Duration, UInt32)])
    func timeoutsAreRoundedUpAndBounded(duration: Duration, ticks: UInt32) {
        #expect(FlowTimeout(duration).ticks == ticks)
    }
}
