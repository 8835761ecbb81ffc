import Testing

@testable import LoadBalancing

@Suite struct LatencyWordTests {
    @Test(
        arguments: [
            (value: 1, stamp: 0), (value: 12_345_678, stamp: 77), (value: 1e19, stamp: .max),
        ] as [(value: Float, stamp: UInt32)])
    func isAValueAndAStamp(value: Float, stamp: UInt32) {
        let word = LatencyWord(value: value, stamp: stamp)
        #expect(word.value == value)
        #expect(word.stamp == stamp)
        #expect(!word.isUnmeasured)
        #expect(LatencyWord(bits: word.bits).value == value)
    }

    @Test(arguments: [(1_500, 1_500), (0x1p62, 1 << 62), (1e19, 1 << 62)] as [(Float, Int64)])
    func isADurationHoweverLong(value: Float, nanoseconds: Int64) {
        #expect(LatencyWord(value: value, stamp: 0).duration == .nanoseconds(nanoseconds))
    }

    @Test func isUnmeasuredWithoutAValue() {
        #expect(LatencyWord.unmeasured.isUnmeasured)
        #expect(LatencyWord(value: 0, stamp: 9).isUnmeasured)
    }

    /// Stamps count 65,536 ns and come round after 2³² of them, 78.2 hours.
    @Test(
        arguments: [
            (nanoseconds: 0, stamp: 0),
            (nanoseconds: 65_535, stamp: 0),
            (nanoseconds: 65_536, stamp: 1),
            (nanoseconds: 281_474_976_710_655, stamp: .max),
            (nanoseconds: 281_474_976_710_656, stamp: 0),
        ] as [(nanoseconds: UInt64, stamp: UInt32)])
    func stampsComeRound(nanoseconds: UInt64, stamp: UInt32) {
        #expect(LatencyWord.stamp(of: Timestamp(nanoseconds: nanoseconds)) == stamp)
    }

    @Test(
        arguments: [
            (from: 10, until: 25, units: 15),
            (from: 10, until: 10, units: 0),
            // Round the end.
            (from: .max - 4, until: 5, units: 10),
            // A clock that is up to 2²⁰ units, 68.7 s, behind.
            (from: 10, until: 9, units: 0),
            (from: 2_000_000, until: 2_000_000 - 1_048_575, units: 0),
            (from: 2_000_000, until: 2_000_000 - 1_048_577, units: 4_293_918_719),
        ] as [(from: UInt32, until: UInt32, units: UInt32)])
    func elapsedUnits(from: UInt32, until: UInt32, units: UInt32) {
        #expect(LatencyWord(value: 1, stamp: from).units(until: until) == units)
    }
}
