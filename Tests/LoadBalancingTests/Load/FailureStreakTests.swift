import Testing

@testable import LoadBalancing

@Suite struct FailureStreakTests {
    /// s, f and c end a lease; the digits are the streaks that each failure makes.
    @Test(arguments: [
        (outcomes: "f", streaks: [1]),
        (outcomes: "fff", streaks: [1, 2, 3]),
        (outcomes: "ffsff", streaks: [1, 2, 1, 2]),
        (outcomes: "sssff", streaks: [1, 2]),
        (outcomes: "fcfccf", streaks: [1, 2, 3]),
        (outcomes: "fsfsf", streaks: [1, 1, 1]),
        (outcomes: "ffxff", streaks: [1, 2, 1, 2]),
    ])
    func countsFailuresWithoutASuccessBetween(outcomes: String, streaks: [Int]) throws {
        for sums in [false, true] {
            let registry = SlotRegistry(
                time: .system, measurement: Measurement(latency: nil, sumsStartTimes: sums), loadIndex: nil)
            let slots = registry.hold([(identity: "a", payload: Payload())], isSame: { _, _ in true })
            let slot = try #require(slots.first)
            let deltas = slot.measurement.deltas(start: Timestamp(nanoseconds: 5_000_000))
            var seen: [Int] = []
            // One more in flight all the time.
            #expect(slot.begin(deltas.begin))
            for outcome in outcomes {
                if outcome == "x" {
                    slot.forgetFailures()
                    continue
                }
                #expect(slot.begin(deltas.begin))
                if outcome == "f" { seen.append(slot.failuresInARow()) }
                slot.record(outcome == "f" ? .failure : outcome == "c" ? .cancelled : .success)
                slot.end(deltas.end)
            }
            #expect(seen == streaks, "sums start times: \(sums)")
            slot.end(deltas.end)
            registry.release(slots)
        }
    }

    private final class Payload: Sendable {}
}
