import Testing

@testable import LoadBalancing

@Suite struct SlotRegistryTests {
    private func registry(ordersByLoad: Bool = false) -> SlotRegistry {
        SlotRegistry(
            time: .manual(ManualTime()), measurement: Measurement(latency: nil, sumsStartTimes: false),
            loadIndex: ordersByLoad ? LoadIndex() : nil)
    }

    private func same(_: AnyObject, _: AnyObject) -> Bool { true }
    private let begin = Measurement.countingDeltas.begin
    private let end = Measurement.countingDeltas.end

    @Test func anIdentityHasOneSlot() {
        let registry = registry()
        let first = registry.hold([("a", Host("1")), ("b", Host("2"))], isSame: same)
        let second = registry.hold([("b", Host("3")), ("a", Host("4"))], isSame: same)
        #expect(first.map(\.id) == second.reversed().map(\.id))
        #expect((second[0].payload as? Host)?.name == "2", "with the object that it was made for")
        #expect(first.map(\.load.inFlight) == [0, 0], "two generations are one membership")
        registry.release(first)
        registry.release(second)
    }

    @Test func holdersAndLeasesKeepASlotEachInItsOwnRight() {
        var payloads = Witness()
        let registry = registry(ordersByLoad: true)
        func hold() -> [Slot] {
            let host = Host("a")
            if payloads.living == 0 { payloads.watch(host) }
            return registry.hold([("a", host)], isSame: same)
        }
        let first = hold()
        let second = hold()
        #expect(first[0].begin(begin))
        registry.release(first)
        #expect(registry.draining().isEmpty)
        registry.release(second)
        #expect(registry.draining().map(\.identity) == ["a"] && registry.draining().map(\.inFlight) == [1])
        #expect(payloads.living == 1)
        let third = hold()
        #expect(third[0].id == first[0].id && third[0].load.inFlight == 1)
        #expect(registry.draining().isEmpty)
        third[0].end(end)
        #expect(payloads.living == 1 && third[0].load.bits == begin - end + 1)
        let id = third[0].id
        registry.release(third)
        #expect(payloads.living == 0)
        #expect(registry.draining().isEmpty)
        let fourth = hold()
        #expect(fourth[0].id != id)
        registry.release(fourth)
    }

    @Test func whoIsNotTheSameGetsAnotherSlot() {
        let registry = registry()
        let first = registry.hold([("a", Host("1"))], isSame: same)
        #expect(first[0].begin(begin))
        let second = registry.hold([("a", Host("2"))], isSame: { _, _ in false })
        #expect(first[0].id != second[0].id)
        registry.release(first)
        #expect(registry.draining().map(\.inFlight) == [1])
        let third = registry.hold([("a", Host("3"))], isSame: same)
        #expect(third[0].id == second[0].id, "the newer slot stands for the name")
        first[0].end(end)
        let fourth = registry.hold([("a", Host("4"))], isSame: same)
        #expect(fourth[0].id == second[0].id, "also after the older one has drained")
        for slots in [second, third, fourth] { registry.release(slots) }
    }

    @Test func whoLeavesTheSetIsDrainingWhateverHoldsIt() {
        let registry = registry(ordersByLoad: true)
        let slots = registry.hold([("a", Host("1"))], isSame: same)
        #expect(slots[0].begin(begin))
        registry.leave(slots)
        #expect(registry.draining().map(\.inFlight) == [1])
        slots[0].end(end)
        #expect(registry.draining().isEmpty, "held, but idle")
        registry.release(slots)
    }

    /// A request remembers 16 bits of a slot's number, and 0 for nobody.
    @Test func noSlotsNumberLooksLikeNobodys() {
        let registry = registry()
        let host = Host("1")
        let slots = registry.hold((0..<66_000).map { ("\($0)", host) }, isSame: same)
        #expect(slots.allSatisfy { UInt16(truncatingIfNeeded: $0.id) != Slot.noID })
        #expect(Set(slots.map(\.id)).count == 66_000)
        registry.release(slots)
    }

    @Test func scriptedCountsKeepNothing() {
        var payloads = Witness()
        let host = Host("1")
        payloads.watch(host)
        func script() {
            let registry = SlotRegistry(
                time: .system, measurement: Measurement(latency: nil, sumsStartTimes: false), loadIndex: nil,
                isScripted: true)
            payloads.watch(registry)
            let slots = registry.hold([("a", Host("2")), ("b", host)], isSame: same)
            for slot in slots {
                payloads.watch(slot.payload)
                #expect(slot.begin(7))
            }
            registry.release(slots)
        }
        script()
        #expect(payloads.living == 2, "the host that this test holds, watched twice")
        #expect(host.name == "1")
    }

    @Test func slotsHaveLinesOfTheirOwn() {
        let registry = registry()
        let slots = registry.hold((0..<100).map { ("\($0)", Host("\($0)")) }, isSame: same)
        let addresses = slots.map { unsafe UInt(bitPattern: $0.storage) }
        #expect(Set(addresses).count == 100)
        for address in addresses { #expect(address % 128 == 0) }
        #expect(MemoryLayout<SlotStorage>.size <= 128)
        registry.release(slots)
    }

    @Test(arguments: [(0, true), (LoadWord.maximumCount - 2, true), (LoadWord.maximumCount - 1, false)])
    func leasesAreCountedUpToALimit(before: UInt64, hasRoom: Bool) {
        let registry = registry()
        let slot = registry.hold([("a", Host("1"))], isSame: same)[0]
        if before > 0 { #expect(slot.begin(before)) }
        #expect(slot.begin(begin) == hasRoom)
        #expect(slot.load.inFlight == before + (hasRoom ? 1 : 0))
        if hasRoom { slot.end(end) }
        if before > 0 { slot.end(before) }
        registry.release([slot])
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func racingLeasesAndMembershipsFreeASlotOnce(seed: UInt64) {
        var payloads = Witness()
        let registry = registry(ordersByLoad: true)
        for round in 0..<40 {
            let host = Host("a")
            payloads.watch(host)
            let slots = registry.hold([("a", host)], isSame: { $0 === $1 })
            for _ in 0..<8 { #expect(slots[0].begin(begin)) }
            // The membership and the leases go at the same time; meanwhile others ask for the identity again.
            ThreadTeam(10) { [begin, end] thread in
                switch thread {
                case 0..<8: slots[0].end(end)
                case 8: registry.release(slots)
                default:
                    let again = registry.hold([("a", host)], isSame: { $0 === $1 })
                    if round % 2 == 0, again[0].begin(begin) { again[0].end(end) }
                    registry.release(again)
                }
            }.join()
            #expect(registry.draining().isEmpty, "seed \(seed)")
        }
        #expect(payloads.living == 0, "seed \(seed)")
    }
}
