import Testing

@testable import LoadBalancing

@Suite struct SlotRegistryDrainTests {
    private let time = ManualTime()
    private let begin = Measurement.countingDeltas.begin
    private let end = Measurement.countingDeltas.end

    private func registry() -> SlotRegistry {
        SlotRegistry(
            time: .manual(time), measurement: Measurement(latency: nil, sumsStartTimes: false), loadIndex: nil)
    }

    /// Threads end the last leases while tasks begin to wait for it; the time stands still, so that a wake-up which is lost is
    /// one that never comes.
    @Test(.timeLimit(.minutes(2)), arguments: [false, true])
    func noWakeUpIsLost(leavesTheSet: Bool) async {
        let registry = registry()
        for round in 0..<200 {
            let slots = registry.hold([("a", Host("a")), ("b", Host("b"))], isSame: { _, _ in true })
            for slot in slots { for _ in 0..<4 { #expect(slot.begin(begin)) } }
            let team = ThreadTeam(9) { [begin, end] thread in
                guard thread < 8 else {
                    if leavesTheSet { registry.release(slots) }
                    return
                }
                // Others, which begin while the slot is waited for, end as well.
                let slot = slots[thread % 2]
                if slot.begin(begin) { slot.end(end) }
                slot.end(end)
            }
            let deadline = time.now.advanced(by: .seconds(1))
            async let one: Void = wait(for: .slot(id: slots[0].id, identity: "a"), in: registry, until: deadline)
            async let all: Void = wait(for: .everything, in: registry, until: deadline)
            _ = await (one, all)
            await team.joined()
            #expect(registry.inFlight(on: .everything) == 0, "round \(round)")
            guard !leavesTheSet else { continue }
            #expect(slots.allSatisfy { !$0.load.isWatched }, "round \(round)")
            registry.release(slots)
        }
    }

    private func wait(for scope: DrainScope, in registry: SlotRegistry, until deadline: Timestamp) async {
        while registry.inFlight(on: scope) > 0 { await registry.waitForEnds(on: scope, until: deadline) }
    }

    @Test func whoIsReplacedIsStillWaitedFor() async {
        let registry = registry()
        let old = registry.hold([("a", Host("1"))], isSame: { _, _ in true })
        #expect(old[0].begin(begin))
        let new = registry.hold([("a", Host("2"))], isSame: { _, _ in false })
        #expect(registry.inFlight(on: .slot(id: old[0].id, identity: "a")) == 1)
        #expect(registry.inFlight(on: .slot(id: new[0].id, identity: "a")) == 0)
        #expect(registry.inFlight(on: .everything) == 1)
        old[0].end(end)
        for slots in [old, new] { registry.release(slots) }
    }
}
