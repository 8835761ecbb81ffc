import Testing

@testable import LoadBalancing

@Suite struct SlotTests {
    /// Uses one slot that measures no latencies.
    static func withSlot(sumsStartTimes: Bool, _ body: (Slot) -> Void) {
        let registry = SlotRegistry(
            time: .manual(ManualTime()), measurement: Measurement(latency: nil, sumsStartTimes: sumsStartTimes),
            loadIndex: nil)
        let slots = registry.hold([("a", registry)], isSame: { _, _ in true })
        body(slots[0])
        registry.release(slots)
    }

    @Test(
        arguments: [
            (outcomes: [], begun: 0, successes: 0, failures: 0, cancellations: 0),
            (outcomes: [.success, .success], begun: 2, successes: 2, failures: 0, cancellations: 0),
            (
                outcomes: [.failure, .success, .cancelled, .failure], begun: 4, successes: 1, failures: 2,
                cancellations: 1
            ),
        ] as [(outcomes: [Outcome], begun: UInt64, successes: UInt64, failures: UInt64, cancellations: UInt64)])
    func countsOutcomes(
        outcomes: [Outcome], begun: UInt64, successes: UInt64, failures: UInt64, cancellations: UInt64
    ) {
        for sumsStartTimes in [false, true] {
            Self.withSlot(sumsStartTimes: sumsStartTimes) { slot in
                let deltas = slot.measurement.deltas(start: Timestamp(nanoseconds: 7_000_000))
                for outcome in outcomes {
                    #expect(slot.begin(deltas.begin))
                    slot.record(outcome)
                    slot.end(deltas.end)
                }
                // Two are still under way.
                for _ in 0..<2 { #expect(slot.begin(deltas.begin)) }
                let counters = slot.counters
                #expect(counters.begun == begun + 2)
                #expect(counters.inFlight == 2)
                #expect(counters.successes == successes)
                #expect(counters.failures == failures)
                #expect(counters.cancellations == cancellations)
                for _ in 0..<2 { slot.end(deltas.end) }
            }
        }
    }

    @Test func theCountNeverRunsOver() {
        let pool = ScriptedPool(weights: [1], inFlight: [1_000_000])
        let slot = pool.pool().slot(at: 0)
        let begin = Measurement.countingDeltas.begin
        var bounded = 0
        while bounded < 100_000, slot.begin(begin, limit: 1 << 40) != nil { bounded += 1 }
        #expect(slot.load.references == LoadWord.maximumCount, "\(bounded) leases more")
        #expect(!slot.begin(begin))
        pool.setInFlight(0, at: 0)
    }

    @Test func latenciesAreMeasuredOnlyIfAskedFor() {
        let pool = MeasuredPool(.ewma(alpha: 0.5), weights: [1])
        pool.measure(.nanoseconds(100), at: .seconds(1), on: 0)
        pool.measure(.nanoseconds(200), at: .seconds(2), on: 0)
        #expect(LatencyWord(bits: pool.words[0]).value == 150)

        Self.withSlot(sumsStartTimes: false) { slot in
            slot.measure(nanoseconds: 100, at: .seconds(1), outcome: .success)
            #expect(slot.latency.isUnmeasured)
            #expect(!slot.measurement.readsClock)
        }
    }
}
