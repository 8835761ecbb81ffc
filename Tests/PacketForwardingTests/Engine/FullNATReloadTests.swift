import LoadBalancing
import Testing

@testable import PacketForwarding

/// Flows of full NAT keep their sources when the configuration changes, and give them back where they took them.
@Suite struct FullNATReloadTests {
    private static let limits = ForwardingLimits(flows: 64)

    private func lab(_ services: [ServiceConfiguration]) throws -> EngineLab {
        let control = try ForwardingControl(EngineLab.configuration(services, limits: Self.limits))
        return EngineLab(
            control, capacity: EngineCapacity(services: 4, backends: 8, fragments: 4, sourceGroups: 8))
    }

    private func update(_ lab: borrowing EngineLab, _ services: [ServiceConfiguration]) throws {
        try lab.control.update(EngineLab.configuration(services, limits: Self.limits))
    }

    /// Has clients begin a flow each; gives how many got through.
    private func open(
        _ lab: inout EngineLab, _ clients: Range<UInt16>, to port: UInt16 = 80, at seconds: Double = 0
    ) -> Int {
        clients.count { client in
            let service = Endpoint(Frames.service(.v4), port)
            return lab.process(Frames.segment(Frames.clientEnd(client), service, .syn), at: seconds).verdict == .send
        }
    }

    /// The flows; no two of them may have the same source toward the same backend, and backends' answers find all of them.
    private func expectOwnSources(_ lab: inout EngineLab, count: Int, at seconds: Double = 0) {
        var sources: Set<[UInt64]> = []
        var flows: [Flow] = []
        var cursor: UInt32? = 0
        var budget = Int.max
        while let position = lab.engine.table.nextFlow(from: &cursor, budget: &budget) {
            flows.append(lab.engine.table.flow(at: position))
        }
        #expect(flows.count == count)
        for flow in flows {
            let plan = lab.control.plan
            let source = Endpoint(plan.sourceAddresses[Int(flow.source.address)], flow.source.port)
            let backend = plan.backends[Int(flow.backend)].endpoint
            #expect(
                sources.insert([source.address.low, UInt64(source.port), backend.address.low, UInt64(backend.port)])
                    .inserted)
            let answer = Frames.segment(backend, source, [.syn, .ack], sequence: 9, acknowledgement: 0x1000_0001)
            let (verdict, sent) = lab.process(answer, at: seconds)
            #expect(verdict == .send)
            #expect(sent.first?[36..<38].elementsEqual(Frames.big(flow.key.port)) ?? false)
        }
    }

    @Test func anotherSourceAddressLeavesFlowsAlone() throws {
        var service = EngineLab.service(.fullNAT, backends: 1)
        var lab = try lab([service])
        #expect(open(&lab, 40_000..<40_010) == 10)
        #expect(open(&lab, 40_010..<40_011) == 0)
        service.sourceAddresses.insert(IPAddress(v4: 0x0A00_0065), at: 0)
        try update(lab, [service])
        expectOwnSources(&lab, count: 10)
        #expect(open(&lab, 40_010..<40_021) == 10)
        expectOwnSources(&lab, count: 20)
    }

    @Test func anAddressOfTwoListsIsOneAddress() throws {
        var one = EngineLab.service(.fullNAT, backends: 1, name: "one")
        one.sourceAddresses = [IPAddress(v4: 0x0A00_0064), IPAddress(v4: 0x0A00_0065)]
        var two = EngineLab.service(.fullNAT, backends: 1, name: "two")
        two.port = 81
        two.sourceAddresses = [IPAddress(v4: 0x0A00_0065), IPAddress(v4: 0x0A00_0066)]
        var lab = try lab([one, two])
        #expect(open(&lab, 40_000..<40_015) == 15)
        for weight in 2..<12 { lab.control.setWeight(weight, backend: "b1", of: "one") }
        #expect(open(&lab, 40_000..<40_015, to: 81) == 15)
        #expect(lab.control.plan.sourceAddresses.count == 3)
        expectOwnSources(&lab, count: 30)
    }

    @Test(
        "What changes while ports are in use and rest leaves neither shared nor lost ones",
        arguments: [
            (ports: SourcePortRange(2_024, 2_033), backends: [1]),
            (ports: SourcePortRange(1_029, 1_038), backends: [1]),
            (ports: SourcePortRange(1_024, 1_033), backends: [2, 1]),
            (ports: SourcePortRange(1_024, 1_033), backends: [2]),
            (ports: SourcePortRange(1_026, 1_030), backends: [3, 2, 1]),
        ] as [(ports: SourcePortRange, backends: [Int])])
    func changes(ports: SourcePortRange, backends: [Int]) throws {
        let before = EngineLab.service(.fullNAT, backends: 1)
        var lab = try lab([before])
        var after = before
        after.sourcePorts = ports
        after.backends = backends.map {
            BackendConfiguration(name: "b\($0)", address: EngineLab.backendAddress($0, .v4), port: 80)
        }
        // Half of the ports are in use, and the others rest.
        #expect(open(&lab, 40_000..<40_010) == 10)
        for client in 40_000..<40_005 as Range<UInt16> {
            _ = lab.process(Frames.segment(Frames.clientEnd(client), Frames.serviceEnd(), .rst))
        }
        for client in 40_005..<40_010 as Range<UInt16> {
            _ = lab.process(Frames.segment(Frames.clientEnd(client), Frames.serviceEnd(), .syn), at: 59)
        }
        for turn in 0..<6 {
            let time = 130 + Double(turn) * 200
            _ = lab.poll(at: time)
            let services = turn % 2 == 0 ? after : before
            try update(lab, [services])
            let room = try #require(services.sourcePorts).count * services.backends.count
            let first = 41_000 + UInt16(turn) * 100
            #expect(open(&lab, first..<first + UInt16(room), at: time) == room, "turn \(turn)")
            #expect(open(&lab, first + 90..<first + 91, at: time) == 0)
            expectOwnSources(&lab, count: room, at: time)
            // Some of them outlive the next change, whose flows cannot have their ports.
            _ = lab.poll(at: time + 150)
        }
        expectOwnSources(&lab, count: 0, at: 2_000)
    }
}
