import Synchronization
import Testing

@testable import LoadBalancing

@Suite struct SlotTests {
    static let begin = Measurement.countingDeltas.begin
    static let end = Measurement.countingDeltas.end

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
            let registry = SlotRegistryTests.registry(sumsStartTimes: sumsStartTimes)
            let slots = SlotRegistryTests.hold(registry, ["a"])
            defer { registry.release(slots) }
            let deltas = slots[0].measurement.deltas(start: Timestamp(nanoseconds: 7_000_000))
            for outcome in outcomes {
                #expect(slots[0].begin(deltas.begin))
                slots[0].record(outcome)
                slots[0].end(deltas.end)
            }
            // Two are still under way.
            for _ in 0..<2 { #expect(slots[0].begin(deltas.begin)) }
            let counters = slots[0].counters
            #expect(counters.begun == begun + 2)
            #expect(counters.inFlight == 2)
            #expect(counters.successes == successes)
            #expect(counters.failures == failures)
            #expect(counters.cancellations == cancellations)
            for _ in 0..<2 { slots[0].end(deltas.end) }
        }
    }

    /// The count must not run over into the sum above it.
    @Test func leasesBeyondTheLimitAreRefused() {
        let registry = SlotRegistryTests.registry()
        let slots = SlotRegistryTests.hold(registry, ["a"])
        defer { registry.release(slots) }
        let most = LoadWord.maximumCount
        unsafe slots[0].storage.pointee.load.store(most - 1, ordering: .relaxed)
        #expect(slots[0].begin(Self.begin))
        #expect(!slots[0].begin(Self.begin))
        #expect(slots[0].load.references == most)
        slots[0].end(Self.end)
        #expect(slots[0].begin(Self.begin))
        unsafe slots[0].storage.pointee.load.store(1, ordering: .relaxed)
    }

    @Test func aSlotHasTwoLinesOfItsOwn() {
        #expect(MemoryLayout<SlotStorage>.size <= SlotSlab.stride)
        let slots = SlotSlab(count: 5).slots
        let addresses = slots.map { unsafe UInt(bitPattern: $0.storage) }
        #expect(addresses.allSatisfy { $0 % 128 == 0 })
        #expect(zip(addresses, addresses.dropFirst()).allSatisfy { $1 - $0 == 128 })
    }

    @Test func latenciesAreMeasuredOnlyIfAskedFor() {
        let pool = MeasuredPool(.ewma(alpha: 0.5), weights: [1])
        pool.measure(.nanoseconds(100), at: .seconds(1), on: 0)
        pool.measure(.nanoseconds(200), at: .seconds(2), on: 0)
        #expect(LatencyWord(bits: pool.words[0]).value == 150)

        let registry = SlotRegistryTests.registry()
        let slots = SlotRegistryTests.hold(registry, ["a"])
        defer { registry.release(slots) }
        slots[0].measure(nanoseconds: 100, at: .seconds(1), outcome: .success)
        #expect(slots[0].latency.isUnmeasured)
        #expect(!slots[0].measurement.readsClock)
    }
}
