import LoadBalancing
import Testing

@testable import PacketForwarding

/// Which backends new flows go to, as far as the contract's cases do not say.
struct FlowSchedulerTests {
    private func open(_ lab: inout EngineLab, _ port: UInt16, establish: Bool = true) throws -> Int {
        let (client, service) = (Frames.clientEnd(port), Frames.serviceEnd())
        let sent = try #require(lab.process(Frames.segment(client, service, .syn)).sent.first)
        if establish { _ = lab.process(Frames.segment(client, service, .ack)) }
        return Int(try link(of: sent).destination.bits & 0xFF) - 10
    }

    /// Each flow goes to a backend with the fewest established ones: at any time their numbers differ by one at most.
    @Test func leastConnectionsFollowsEveryChange() throws {
        var lab = try EngineLab(
            [EngineLab.service(.dsr, backends: 4, scheduler: .policy(.leastConnections))],
            limits: ForwardingLimits(flows: 4_096))
        var open: [Int: [UInt16]] = [:]
        var random = SeededGenerator(seed: 1)
        for port in 1...600 as ClosedRange<UInt16> {
            let counts = (1...4).map { open[$0, default: []].count }
            let backend = try self.open(&lab, port)
            #expect(counts[backend - 1] == counts.min())
            open[backend, default: []].append(port)
            if port % 3 == 0, let place = open.keys.sorted().randomElement(using: &random),
                let ended = open[place]?.popLast()
            {
                _ = lab.process(Frames.segment(Frames.clientEnd(ended), Frames.serviceEnd(), [.fin, .ack]))
            }
        }
        let established = lab.engine.statistics.snapshot().services[0].backends.map(\.flows.established)
        #expect(established == (1...4).map { open[$0, default: []].count })
    }

    /// A choice that comes to nothing takes no turn.
    @Test(arguments: [SchedulerName.policy(.roundRobin), .policy(.smoothWeightedRoundRobin)])
    func turnsComeBack(name: SchedulerName) throws {
        let plan = try ForwardingControl(
            EngineLab.configuration([EngineLab.service(.dsr, backends: 3, scheduler: name)])
        ).plan
        var scheduler = FlowScheduler(name, seed: 1)
        scheduler.update(plan.services[0], in: plan)
        var chosen: Set<UInt32?> = []
        for _ in 0..<6 {
            let before = scheduler.turns
            let first = scheduler.next(now: EngineLab.time(0))
            scheduler.turns = before
            let second = scheduler.next(now: EngineLab.time(0))
            #expect(first == second)
            chosen.insert(first)
        }
        #expect(chosen == [0, 1, 2])
    }

    @Test func halfOpenFlowsAreNoLoad() throws {
        var lab = try EngineLab([EngineLab.service(.dsr, backends: 2, scheduler: .policy(.leastConnections))])
        let busy = try open(&lab, 1)
        for port in 2...20 as ClosedRange<UInt16> { #expect(try open(&lab, port, establish: false) != busy) }
    }

    @Test func loadsOutliveAnotherPlan() throws {
        var lab = try EngineLab([EngineLab.service(.dsr, backends: 2, scheduler: .policy(.leastConnections))])
        let busy = try open(&lab, 1)
        lab.control.setWeight(1, backend: "b1", of: "web")
        let other = try open(&lab, 2)
        #expect(other != busy)
        // More changes than are remembered one by one.
        for port in 3...402 as ClosedRange<UInt16> {
            _ = lab.process(Frames.segment(Frames.clientEnd(port), Frames.serviceEnd(), .ack))
        }
        let counts = lab.engine.statistics.snapshot().services[0].backends.map(\.flows.established)
        let least = try #require(counts.firstIndex(of: counts.min() ?? 0)) + 1
        if counts[0] != counts[1] { #expect(try open(&lab, 1_000) == least) }
    }

    /// What is published and concerns no backend that takes flows leaves schedulers as they are, those that draw included.
    @Test(arguments: [PolicyName.random, .weightedRandom, .powerOfTwoChoices, .leastConnections, .roundRobin])
    func whatConcernsNoBackendChangesNoChoice(policy: PolicyName) throws {
        var labs: [[Int]] = []
        for learns in [false, true] {
            var lab = try EngineLab([EngineLab.service(.dsr, backends: 5, scheduler: .policy(policy))])
            labs.append(
                try (1...60 as ClosedRange<UInt16>).map { port in
                    if learns, port % 7 == 0 {
                        lab.control.learn([
                            NeighbourConfiguration(
                                address: IPAddress(v4: 0x0A00_0099), mac: MACAddress(bits: 0x0200_0000_0099),
                                interface: "eth0")
                        ])
                    }
                    return try open(&lab, port)
                })
        }
        #expect(labs[0] == labs[1])
        #expect(Set(labs[0]) == [1, 2, 3, 4, 5])
    }

    @Test func anotherSchedulerIsTakenOver() throws {
        var lab = try EngineLab([EngineLab.service(.dsr, backends: 2, scheduler: .maglev)])
        _ = try open(&lab, 1)
        try lab.control.update(EngineLab.configuration([EngineLab.service(.dsr, backends: 2)]))
        let first = try open(&lab, 2)
        for port in 3...10 as ClosedRange<UInt16> {
            #expect(try open(&lab, port) == (port % 2 == 0 ? first : 3 - first))
        }
    }

    /// A turn that comes to nothing is taken again.
    @Test(arguments: [PolicyName.roundRobin, .smoothWeightedRoundRobin])
    func droppedPacketsTakeNoTurn(policy: PolicyName) throws {
        var lab = try EngineLab([EngineLab.service(.nat, backends: 3, scheduler: .policy(policy))])
        var order: [Int] = []
        for port in 1...6 as ClosedRange<UInt16> {
            var expired = Frames.segment(Frames.clientEnd(port + 100), Frames.serviceEnd(), .syn)
            expired[22] = 1
            expired.replaceSubrange(24..<26, with: [0, 0])
            expired.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(expired[14..<34]))))
            #expect(lab.process(expired).verdict == .answer(.ttlExceeded))
            order.append(try open(&lab, port, establish: false))
        }
        #expect(Set(order.prefix(3)).count == 3)
        #expect(Array(order.prefix(3)) == Array(order.suffix(3)))
    }
}
