import Testing

@testable import LoadBalancing

@Suite struct TopologyZoneAwareTests {
    @Test(arguments: [
        (callers: ["a": 1, "b": 1], backends: ["a": 4, "b": 4], says: "all in the local zone a"),
        (["a": 1, "b": 1], ["a": 6, "b": 2], "all in the local zone a"),
        (["a": 1, "b": 1], ["a": 2, "b": 6], "50 % in the local zone a, the rest where there is room"),
        (
            ["a": 2, "b": 1, "c": 1], ["a": 2, "b": 3, "c": 3], "50 % in the local zone a, the rest where there is room"
        ),
        (["a": 1, "b": 1], ["a": 2, "b": 3], "not zone aware: fewer backends than the minimum"),
        (["b": 1], ["a": 4, "b": 4], "not zone aware: nobody calls from the local zone"),
        (["a": 1], ["b": 4, "c": 4], "not zone aware: no healthy backend in the local zone"),
        (["a": 1], ["a": 8], "all in the local zone a"),
    ])
    func decides(callers: [String: Int], backends: [String: Int], says: String) {
        #expect(ZoneAwareRouting(localZone: "a", callers: callers).decision(for: backends).description == says)
    }

    @Test func theResidueGoesWhereThereIsRoom() {
        let routing = ZoneAwareRouting(localZone: "a", callers: ["a": 6, "b": 2, "c": 2])
        // a: 60 % call, 20 % serve; b: 20 %, 30 %; c: 20 %, 50 %. A third stays; of the rest, b has room for 1 part, c
        // for 3.
        let shares = routing.decision(for: ["a": 2, "b": 3, "c": 5]).shares ?? [:]
        #expect(abs(shares["a", default: 0] - 1 / 3) < 1e-12)
        #expect(abs(shares["b", default: 0] - 2 / 3 / 4) < 1e-12)
        #expect(abs(shares["c", default: 0] - 2 / 3 * 3 / 4) < 1e-12)
    }

    /// What it is for: as much as possible stays at home, and yet every backend gets the same.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func everyBackendGetsTheSame(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let zones = ["a", "b", "c", "d", "e"].prefix(Int(random.next(below: 4)) + 2)
        let callers = Dictionary(uniqueKeysWithValues: zones.map { ($0, Int(random.next(below: 9)) + 1) })
        let backends = Dictionary(uniqueKeysWithValues: zones.map { ($0, Int(random.next(below: 9)) + 3) })
        var inflow: [String: Double] = [:]
        for zone in zones {
            let shares = ZoneAwareRouting(localZone: zone, callers: callers).decision(for: backends).shares ?? [:]
            #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9, "seed \(seed)")
            for (target, share) in shares { inflow[target, default: 0] += share * Double(callers[zone] ?? 0) }
        }
        let mean = Double(callers.values.reduce(0, +)) / Double(backends.values.reduce(0, +))
        for zone in zones {
            let each = inflow[zone, default: 0] / Double(backends[zone] ?? 1)
            #expect(abs(each / mean - 1) < 1e-9, "seed \(seed), zone \(zone)")
        }
    }

    @Test func inAPanicZonesDoNotCount() {
        let sharing = ZoneSharing.zoneAware(ZoneAwareRouting(localZone: "a", callers: ["a": 1]))
        let zones = ["a": GroupHealth(healthy: 1, of: 6), "b": GroupHealth(healthy: 0, of: 2)]
        #expect(sharing.shares(of: zones, isPanicking: true).shares == ["a": 0.75, "b": 0.25])
    }
}
