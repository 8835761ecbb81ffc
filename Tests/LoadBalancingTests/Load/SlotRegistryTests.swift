import Testing

@testable import LoadBalancing

@Suite struct SlotRegistryTests {
    final class Payload: Sendable {
        let number: Int
        init(_ number: Int = 0) { self.number = number }
    }

    static func registry(sumsStartTimes: Bool = false) -> SlotRegistry {
        SlotRegistry(
            time: .manual(ManualTime()), measurement: Measurement(latency: nil, sumsStartTimes: sumsStartTimes),
            loadIndex: nil)
    }

    static func hold(_ registry: SlotRegistry, _ identities: [String], number: Int = 0) -> [Slot] {
        registry.hold(identities.map { ($0, Payload(number)) }) { old, new in
            (old as? Payload)?.number == (new as? Payload)?.number
        }
    }

    static let begin = Measurement.countingDeltas.begin
    static let end = Measurement.countingDeltas.end

    @Test func anIdentityHasOneSlotAcrossUpdates() {
        let registry = Self.registry()
        let old = Self.hold(registry, ["a", "b"])
        let new = Self.hold(registry, ["b", "c", "a"])
        #expect(new.map(\.id) == [old[1].id, new[1].id, old[0].id])
        #expect(Set(new.map(\.id)).count == 3)
        registry.release(old)
        #expect(registry.draining().isEmpty)
        registry.release(new)
        #expect(registry.draining().isEmpty)
    }

    /// A backend that left while leases were in flight drains, and comes back with its count when it is added again.
    @Test func whoComesBackWhileDrainingHasItsSlotBack() {
        let registry = Self.registry()
        let old = Self.hold(registry, ["a"])
        #expect(old[0].begin(Self.begin) && old[0].begin(Self.begin))
        registry.release(old)
        #expect(registry.draining().map(\.identity) == ["a"])
        #expect(registry.draining().map(\.inFlight) == [2])

        let again = Self.hold(registry, ["a"])
        #expect(again[0].id == old[0].id)
        #expect(again[0].load.inFlight == 2)
        #expect(registry.draining().isEmpty)
        again[0].end(Self.end)
        again[0].end(Self.end)
        #expect(again[0].load.inFlight == 0)
        registry.release(again)
    }

    @Test func whoComesBackAfterDrainingHasANewSlot() {
        let registry = Self.registry()
        let old = Self.hold(registry, ["a"])
        let oldID = old[0].id
        #expect(old[0].begin(Self.begin))
        registry.release(old)
        old[0].end(Self.end)
        #expect(registry.draining().isEmpty)
        let again = Self.hold(registry, ["a"])
        #expect(again[0].id != oldID)
        #expect(again[0].load.inFlight == 0)
        registry.release(again)
    }

    /// With something else to reach under the same name, the identity gets a new slot, and the old one drains.
    @Test func anotherPayloadIsAnotherSlot() {
        let registry = Self.registry()
        let old = Self.hold(registry, ["a"])
        #expect(old[0].begin(Self.begin))
        let new = Self.hold(registry, ["a"], number: 1)
        #expect(new[0].id != old[0].id)
        registry.release(old)
        #expect(registry.draining().map(\.inFlight) == [1])
        #expect(new[0].load.inFlight == 0)
        old[0].end(Self.end)
        #expect(registry.draining().isEmpty)
        // The identity still stands for the new one.
        let third = Self.hold(registry, ["a"], number: 1)
        #expect(third[0].id == new[0].id)
        registry.release(third)
        registry.release(new)
    }

    @Test func nothingIsKeptAfterTheLastReference() {
        weak var registry: SlotRegistry?
        weak var payload: Payload?
        do {
            let owner = Self.registry()
            registry = owner
            let object = Payload()
            payload = object
            let members: [(identity: String, payload: AnyObject)] = [("a", object)]
            let slots = owner.hold(members) { _, _ in true }
            #expect(slots[0].begin(Self.begin))
            owner.release(slots)
            let carried = slots[0].payload as? Payload
            #expect(carried === object)
            slots[0].end(Self.end)
        }
        #expect(payload == nil)
        #expect(registry == nil)
    }

    /// A request remembers 16 bits of a slot's number, and 0 for nobody.
    @Test func noSlotsNumberLooksLikeNobodys() {
        let registry = Self.registry()
        let slots = Self.hold(registry, (0..<66_000).map { "\($0)" })
        #expect(slots.allSatisfy { UInt16(truncatingIfNeeded: $0.id) != Slot.noID })
        #expect(Set(slots.map(\.id)).count == 66_000)
        registry.release(slots)
    }

    @Test func manySlotsLieApart() {
        let registry = Self.registry()
        let slots = Self.hold(registry, (0..<1_000).map { "\($0)" })
        #expect(Set(slots.map(\.id)).count == 1_000)
        for (index, slot) in slots.enumerated() where index % 3 == 0 { #expect(slot.begin(Self.begin)) }
        #expect(slots.map(\.load.inFlight) == (0..<1_000).map { $0 % 3 == 0 ? 1 : 0 })
        for (index, slot) in slots.enumerated() where index % 3 == 0 { slot.end(Self.end) }
        registry.release(slots)
    }
}
