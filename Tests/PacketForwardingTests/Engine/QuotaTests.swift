import Testing

@testable import PacketForwarding

/// How many half-open and adopted flows there may be, of a service and in all.
struct QuotaTests {
    private let service = Frames.serviceEnd()
    private let other = Endpoint(IPAddress(v4: 0xC000_020B), 80)

    /// Two services, the second at ``other``.
    private func lab(
        _ mode: ServiceMode, own: (halfOpen: Int?, adopted: Int?) = (nil, nil), flows: Int? = nil,
        limits: ForwardingLimits
    ) throws -> EngineLab {
        var first = EngineLab.service(mode)
        first.flows = flows
        (first.halfOpen, first.adopted) = own
        var second = EngineLab.service(mode, name: "other")
        second.address = try #require(IPPrefix(other.address, bitCount: 32))
        for index in second.backends.indices {
            second.backends[index].address = EngineLab.backendAddress(index + 5, .v4)
        }
        return try EngineLab([first, second], limits: limits)
    }

    private func counts(_ lab: borrowing EngineLab) -> [ForwardingSnapshot.Flows] {
        lab.engine.statistics.snapshot().services.map(\.flows)
    }

    @Test func aServicesOwnHalfOpenFlowGivesWay() throws {
        var lab = try lab(.nat, own: (2, nil), limits: ForwardingLimits(flows: 64))
        _ = lab.process(Frames.segment(Frames.clientEnd(9), other, .syn))
        for port in 1...3 {
            #expect(lab.process(Frames.segment(Frames.clientEnd(UInt16(port)), service, .syn)).verdict == .send)
        }
        #expect(counts(lab).map(\.halfOpen) == [2, 1])
        #expect(counts(lab).map(\.evicted) == [1, 0])
        // The first one is gone, the others are there.
        let known = (1...3).map { lab.explain(Frames.segment(Frames.clientEnd($0), service, .syn)).flow != nil }
        #expect(known == [false, true, true])
    }

    @Test func theOldestOfAllGivesWayToTheLimitOfAll() throws {
        var lab = try lab(.nat, limits: ForwardingLimits(flows: 64, halfOpen: 2))
        _ = lab.process(Frames.segment(Frames.clientEnd(9), other, .syn))
        for port in 1...2 { _ = lab.process(Frames.segment(Frames.clientEnd(UInt16(port)), service, .syn)) }
        #expect(counts(lab).map(\.halfOpen) == [2, 0])
        #expect(counts(lab).map(\.evicted) == [0, 1])
    }

    @Test func aFloodCostsNoEstablishedFlow() throws {
        for mode in [ServiceMode.nat, .fullNAT, .dsr, .ipip] {
            var service = EngineLab.service(mode)
            if mode == .fullNAT { service.sourcePorts = SourcePortRange(1_024, 60_000) }
            var lab = try EngineLab([service], limits: ForwardingLimits(flows: 40, halfOpen: 8))
            for port in 1...32 { connect(&lab, UInt16(port), mode) }
            #expect(counts(lab)[0].established == 32)
            for port in 1_000..<3_000 {
                _ = lab.process(Frames.segment(Frames.clientEnd(UInt16(port)), self.service, .syn))
            }
            #expect(counts(lab)[0].established == 32)
            #expect(counts(lab)[0].halfOpen == 8)
            for port in 1...32 {
                let explanation = lab.explain(Frames.segment(Frames.clientEnd(UInt16(port)), self.service, .ack))
                #expect(explanation.flow?.standing == .established)
            }
        }
    }

    private func connect(_ lab: inout EngineLab, _ port: UInt16, _ mode: ServiceMode) {
        let client = Frames.clientEnd(port)
        let sent = lab.process(Frames.segment(client, service, .syn)).sent
        if mode == .nat || mode == .fullNAT, let seen = sent.first.flatMap({ read($0) }) {
            _ = lab.process(
                Frames.segment(
                    Endpoint(seen.destination, seen.destinationPort), Endpoint(seen.source, seen.sourcePort),
                    [.syn, .ack]))
        }
        _ = lab.process(Frames.segment(client, service, .ack))
    }

    @Test(arguments: [ServiceMode.dsr, .ipip])
    func tunnelsServeTheRestByTheHash(mode: ServiceMode) throws {
        var lab = try lab(mode, own: (1, 1), limits: ForwardingLimits(flows: 64))
        for port in 1...5 as ClosedRange<UInt16> {
            #expect(lab.process(Frames.segment(Frames.clientEnd(port), service, .syn)).verdict == .send)
            #expect(lab.process(Frames.segment(Frames.clientEnd(port + 100), service, .ack)).verdict == .send)
        }
        #expect(counts(lab)[0].halfOpen == 1)
        #expect(counts(lab)[0].adopted == 1)
        let unknown = lab.explain(Frames.segment(Frames.clientEnd(5), service, .syn))
        #expect(unknown.flow == nil)
        #expect(unknown.choice == .hash)
        #expect(!unknown.beginsFlow)
        // Other services have their own share.
        _ = lab.process(Frames.segment(Frames.clientEnd(1), other, .ack))
        #expect(counts(lab).map(\.adopted) == [1, 1])
    }

    /// A service that is full is so alone, whatever room there is in all.
    @Test(
        arguments: [
            (.nat, established: 2, verdict: .drop(.tableFull), evicted: 0),
            (.nat, established: 1, verdict: .send, evicted: 1),
            (.fullNAT, established: 2, verdict: .drop(.tableFull), evicted: 0),
            (.fullNAT, established: 1, verdict: .send, evicted: 1),
            (.dsr, established: 2, verdict: .send, evicted: 0),
            (.ipip, established: 1, verdict: .send, evicted: 0),
        ] as [(ServiceMode, established: Int, verdict: Verdict, evicted: UInt64)])
    func aServiceIsFullAlone(
        mode: ServiceMode, established: Int, verdict: Verdict, evicted: UInt64
    ) throws {
        var lab = try lab(mode, flows: 2, limits: ForwardingLimits(flows: 64))
        for port in 1...2 as ClosedRange<UInt16> {
            if port <= established {
                connect(&lab, port, mode)
            } else {
                _ = lab.process(Frames.segment(Frames.clientEnd(port), service, .syn))
            }
        }
        let syn = Frames.segment(Frames.clientEnd(3), service, .syn)
        let explanation = lab.explain(syn)
        #expect(explanation.limit == .serviceFlows && explanation.verdict == verdict)
        #expect(explanation.beginsFlow == (evicted > 0))
        #expect(lab.process(syn).verdict == verdict)
        #expect(counts(lab)[0].active == 2 && counts(lab)[0].established == established)
        #expect(counts(lab)[0].evicted == evicted)
        // Its established flows go on, and others have room.
        for port in 1...established {
            let next = Frames.segment(Frames.clientEnd(UInt16(port)), service, .ack)
            #expect(lab.explain(next).flow?.standing == .established)
            #expect(lab.process(next).verdict == .send)
        }
        let elsewhere = Frames.segment(Frames.clientEnd(3), other, .syn)
        #expect(lab.explain(elsewhere).limit == nil)
        #expect(lab.process(elsewhere).verdict == .send)
        #expect(counts(lab)[1].active == 1)
    }

    /// Datagrams' flows give way to nobody.
    @Test(arguments: [(.nat, .drop(.tableFull)), (.dsr, .send)] as [(ServiceMode, Verdict)])
    func aFullServiceOfDatagramsStays(mode: ServiceMode, verdict: Verdict) throws {
        var service = EngineLab.service(mode, transport: .udp)
        service.flows = 1
        var lab = try EngineLab([service], limits: ForwardingLimits(flows: 64))
        for (port, expected) in [(1, .send), (2, verdict), (1, .send)] as [(UInt16, Verdict)] {
            #expect(lab.process(Frames.datagram(Frames.clientEnd(port), self.service)).verdict == expected)
        }
        #expect(counts(lab)[0].datagrams == 1)
        // When its time has come there is room again.
        #expect(lab.process(Frames.datagram(Frames.clientEnd(2), self.service), at: 10_000).verdict == .send)
        #expect(counts(lab)[0].datagrams == 1)
    }

    @Test func anotherLimitHoldsForTheFlowsThatComeThen() throws {
        var service = EngineLab.service(.nat)
        var lab = try EngineLab([service], limits: ForwardingLimits(flows: 64))
        for port in 1...3 as ClosedRange<UInt16> { connect(&lab, port, .nat) }
        #expect(lab.engine.statistics.snapshot().services[0].occupancy == nil)
        for (limit, next, verdict) in [
            (1, 4, .drop(.tableFull)), (4, 5, .send), (4, 6, .send), (nil, 7, .send),
        ] as [(Int?, UInt16, Verdict)] {
            service.flows = limit
            try lab.control.update(EngineLab.configuration([service], limits: ForwardingLimits(flows: 64)))
            #expect(lab.process(Frames.segment(Frames.clientEnd(next), self.service, .syn)).verdict == verdict)
            #expect(counts(lab)[0].established == 3)
            #expect(lab.engine.statistics.snapshot().services[0].flowLimit == limit)
        }
        #expect(counts(lab)[0].halfOpen == 2 && counts(lab)[0].evicted == 1)
    }

    @Test func saysInWordsWhichLimitIsReached() throws {
        var service = EngineLab.service(.nat)
        service.flows = 1
        var lab = try EngineLab([service], limits: ForwardingLimits(flows: 64))
        _ = lab.process(Frames.segment(Frames.clientEnd(1), self.service, .syn))
        let syn = Frames.segment(Frames.clientEnd(2), self.service, .syn)
        #expect("\(lab.explain(syn))".contains("\nlimit: flows of the service, reached; a half-open one gives way\n"))
        connect(&lab, 1, .nat)
        #expect("\(lab.explain(syn))".contains("\nlimit: flows of the service, reached\n"))
    }

    @Test func adoptedFlowsAreLimitedInAll() throws {
        var lab = try lab(.dsr, limits: ForwardingLimits(flows: 64, adopted: 2))
        for port in 1...5 as ClosedRange<UInt16> {
            _ = lab.process(Frames.segment(Frames.clientEnd(port), port % 2 == 0 ? service : other, .ack))
        }
        #expect(counts(lab).map(\.adopted) == [1, 1])
        #expect(counts(lab).map(\.active) == [1, 1])
    }

    /// Without half-open flows there is nobody who gives way.
    @Test func aFullTableOfEstablishedFlowsRefusesNAT() throws {
        var lab = try EngineLab([EngineLab.service(.nat)], limits: ForwardingLimits(flows: 3))
        for port in 1...3 { connect(&lab, UInt16(port), .nat) }
        #expect(lab.process(Frames.segment(Frames.clientEnd(9), service, .syn)).verdict == .drop(.tableFull))
        #expect(counts(lab)[0].established == 3)
    }
}
