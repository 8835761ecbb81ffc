import Testing

@testable import LoadBalancing

@Suite struct TopologyPresetTests {
    private static func flow(_ change: (inout FlowTuple) -> Void = { _ in }) -> FlowTuple {
        var flow = FlowTuple(
            source: NetworkAddress(ipv4: 0xC0A8_0001), sourcePort: 40_000,
            destination: NetworkAddress(ipv4: 0x0A00_0001),
            destinationPort: 443, protocolNumber: 6, sequence: 7)
        change(&flow)
        return flow
    }

    /// Which changes of a flow each distribution sees: source, its port, destination, its port, protocol, sequence.
    @Test(arguments: [
        (distribution: FlowTuple.Distribution.flowWithSequence, sees: "111111"), (.fiveTuple, "111110"),
        (.threeTuple, "101010"), (.twoTuple, "101000"), (.source, "100000"),
    ])
    func tuples(distribution: FlowTuple.Distribution, sees: String) {
        let changes: [(inout FlowTuple) -> Void] = [
            { $0.source = NetworkAddress(ipv4: 0xC0A8_0002) }, { $0.sourcePort = 40_001 },
            { $0.destination = NetworkAddress(ipv4: 0x0A00_0002) }, { $0.destinationPort = 80 },
            { $0.protocolNumber = 17 },
            { $0.sequence = 8 },
        ]
        let before = Self.flow().keyHash(distribution)
        let seen = changes.map { Self.flow($0).keyHash(distribution) == before ? "0" : "1" }.joined()
        #expect(seen == sees)
    }

    @Test func settingsAreThoseOfTheServices() throws {
        let plain = BalancerPreset.awsALB()
        #expect(plain.policy.base is RoundRobinPolicy)
        #expect(plain.drainTime == .seconds(300) && plain.resilience.slowStart == nil && plain.sessions == nil)
        let warm = BalancerPreset.awsALB(slowStart: .seconds(5), stickiness: .seconds(10_000_000))
        #expect(warm.resilience.slowStart?.window == .seconds(30))
        #expect(warm.sessions == SessionLifetime(maximumIdle: .seconds(604_800), refreshInterval: .zero))
        #expect(BalancerPreset.awsALB(.weightedRandom, mitigatesAnomalies: true).resilience.outliers != nil)
        #expect(BalancerPreset.awsALB(.roundRobin, mitigatesAnomalies: true).resilience.outliers == nil)
        #expect(BalancerPreset.awsALB(.leastOutstandingRequests).policy.base is LeastConnectionsPolicy)
        #expect(BalancerPreset.awsNLB().distribution == .flowWithSequence)
        #expect(BalancerPreset.awsNLB(sticksToSource: true).distribution == .source)
        #expect(BalancerPreset.azure(.sourceIPProtocol).distribution == .threeTuple)
        #expect(BalancerPreset.google(.leastRequest).policy.base is PowerOfTwoChoicesPolicy)
        #expect(BalancerPreset.google(.ringHash).policy.base is RingHashPolicy)
        #expect(BalancerPreset.google(.maglev).policy.base is MaglevPolicy)
    }

    @Test(arguments: [
        (preset: BalancerPreset.awsALB(), healthy: 1, admitted: "a"), (.awsALB(), 0, "abc"), (.azure(), 1, "a"),
        (.azure(), 0, ""),
    ])
    func whoFailsOpenAndWhen(preset: BalancerPreset, healthy: Int, admitted: String) throws {
        let balancer = try LoadBalancer(
            policy: preset.policy, backends: LoadBalancer<String>.named("abc"), resilience: preset.resilience, seed: 1)
        balancer.control.change { ledger in
            for index in healthy..<3 { ledger.propose(Admission(fraction: 0), by: .health, at: index) }
        }
        let names = Set((try? balancer.picks(60)) ?? "")
        #expect(names == Set(admitted))
    }

    @Test(arguments: [(healthy: 70, spilled: 0), (69, 2), (35, 50), (0, 100)])
    func googlesFailover(healthy: Int, spilled: Int) {
        var planner = TierPlanner(.google())
        let near = GroupHealth(healthy: healthy, of: 100)
        let plan = planner.plan(
            for: [Place(): near, Place(priority: 1): GroupHealth(healthy: 100, of: 100)], at: Timestamp(nanoseconds: 1))
        #expect(Int((plan[priority: 1] * 100).rounded()) == spilled)
        let backends = [Backend("a").at(), Backend("b").at(priority: 1)]
        #expect(TierRules.GoogleIsolation.strict.kept(of: backends).map(\.id) == ["a"])
        #expect(TierRules.GoogleIsolation.nearest.kept(of: backends).count == 2)
    }
}
