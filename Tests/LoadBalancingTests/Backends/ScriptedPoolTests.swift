import LoadBalancing
import Testing

@Suite struct ScriptedPoolTests {
    @Test func showsWhatWasWrittenDown() {
        let shut = Admission(gate: .down, fraction: 0.5)
        let pool = ScriptedPool(
            weights: [3, 0, 1], inFlight: [7, 0, 1_000_000], latencies: [.milliseconds(5), nil, .nanoseconds(3)],
            admissions: [.full, shut]
        ).pool()
        #expect(pool.count == 3)
        #expect(pool.totalWeight == 4)
        #expect(pool.hasEqualWeights == false)
        #expect(pool.isUnrestricted == false)
        #expect((0..<3).map { pool.weight(at: $0) } == [3, 0, 1])
        #expect((0..<3).map { pool.inFlight(at: $0) } == [7, 0, 1_000_000])
        #expect((0..<3).map { pool.latency(at: $0, time: nil) } == [5e6, nil, 3])
        #expect((0..<3).map { pool.admission(at: $0) } == [.full, shut, .full])
        #expect(Set((0..<3).map { pool.slotID(at: $0) }).count == 3)
    }

    @Test func shortListsAreFilledUp() {
        let pool = ScriptedPool(weights: [1, 1], inFlight: [5]).pool()
        #expect(pool.inFlight(at: 1) == 0)
        #expect(pool.latency(at: 1, time: nil) == nil)
        #expect(pool.admission(at: 1) == .full)
        #expect(pool.isUnrestricted == true)
        #expect(pool.hasEqualWeights == true)
    }

    @Test(
        arguments: [
            (given: -1, kept: 0), (given: .min, kept: 0), (given: 0, kept: 0), (given: 1 << 31, kept: 1 << 31),
            (given: 1 << 31 + 1, kept: 1 << 31), (given: .max, kept: 1 << 31),
        ] as [(given: Int, kept: UInt32)])
    func weightsAreClamped(given: Int, kept: UInt32) {
        #expect(ScriptedPool(weights: [given]).pool().weight(at: 0) == kept)
    }

    @Test(arguments: [(given: -5, kept: 0), (given: 1_000_000, kept: 1_000_000), (given: .max, kept: 1_000_000)])
    func leasesInFlightAreClamped(given: Int, kept: Int) {
        #expect(ScriptedPool(weights: [1], inFlight: [given]).pool().inFlight(at: 0) == kept)
    }

    @Test func changesShowInEveryView() {
        let script = ScriptedPool(count: 2)
        let view = script.pool()
        let copy = view.copy()
        script.setInFlight(4, at: 1)
        script.setLatency(.zero, at: 1)
        script.setAdmission(Admission(fraction: 0.5), at: 0)
        #expect(view.inFlight(at: 1) == 4 && copy.inFlight(at: 1) == 4)
        // Nothing is faster than a nanosecond; 0 would read as "not measured".
        #expect(view.latency(at: 1, time: nil) == 1)
        #expect(!view.isUnrestricted && !copy.isUnrestricted)
        script.setAdmission(.full, at: 0)
        #expect(view.isUnrestricted && copy.isUnrestricted)
    }

    /// The example in the type's documentation.
    @Test func picks() {
        let pool = ScriptedPool(weights: [1, 1, 4], inFlight: [3, 0, 3])
        var picker = LeastConnections(seed: 1)
        #expect(pool.pick(with: &picker) == 1)
    }
}
