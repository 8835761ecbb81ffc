import LoadBalancing
import Testing

@testable import PacketForwarding

/// What an engine has no room for does not take effect, and what control changes does.
struct CapacityTests {
    private static func engine(
        _ control: ForwardingControl, services: Int, backends: Int
    ) -> EngineLab {
        EngineLab(
            control,
            capacity: EngineCapacity(services: services, backends: backends, fragments: 4, sourceGroups: 4))
    }

    private static func request(port: UInt16 = 80, from client: UInt16 = 40_001) -> [UInt8] {
        Frames.segment(Frames.clientEnd(client), Endpoint(Frames.service(.v4), port), .syn)
    }

    @Test func servicesBeyondTheCapacityAreNotServed() throws {
        let first = EngineLab.service(.nat)
        var second = EngineLab.service(.nat, name: "other")
        second.port = 81
        let control = try ForwardingControl(EngineLab.configuration([first]))
        var lab = Self.engine(control, services: 1, backends: 8)
        let both = try EngineLab.configuration([first, second])
        #expect(throws: ForwardingConfigurationError.self) { try control.update(both) }
        #expect(lab.process(Self.request()).verdict == .send)
        #expect(lab.process(Self.request(port: 81)).verdict == .pass)
        #expect(lab.explain(Self.request(port: 81)).verdict == .pass)
    }

    @Test func anotherSchedulerTakesOver() throws {
        var service = EngineLab.service(.nat, scheduler: .maglev)
        let control = try ForwardingControl(EngineLab.configuration([service]))
        var lab = Self.engine(control, services: 1, backends: 8)
        service.scheduler = .policy(.roundRobin)
        try control.update(EngineLab.configuration([service]))
        let receivers = (0..<4 as Range<UInt16>).flatMap { client in
            lab.process(Self.request(from: 40_000 + client)).sent.map { $0[33] }
        }
        #expect(receivers == [11, 12, 11, 12])
    }

    @Test func theLimitOfAnswersFollows() throws {
        var service = EngineLab.service(.nat)
        service.resetOnFailure = true
        func configuration(_ answers: Int) throws -> ForwardingConfiguration {
            try EngineLab.configuration([service], limits: ForwardingLimits(flows: 64, answersPerSecond: answers))
        }
        let control = try ForwardingControl(configuration(0))
        var lab = Self.engine(control, services: 1, backends: 8)
        let stray = Frames.segment(Frames.clientEnd(), Frames.serviceEnd(), .ack)
        #expect(lab.process(stray).verdict == .drop(.rateLimited))
        try control.update(configuration(1))
        #expect(lab.process(stray, at: 10).verdict == .answer(.noFlow))
        #expect(lab.process(stray, at: 10).verdict == .drop(.rateLimited))
        try control.update(configuration(0))
        #expect(lab.process(stray, at: 20).verdict == .drop(.rateLimited))
    }

    /// A port that a flow had rests before another one gets it.
    @Test(arguments: [(rest: 0.0, at: 119.0), (rest: 30, at: 148)])
    func portsRestAsLongAsIsSaid(rest: Double, at seconds: Double) throws {
        var service = EngineLab.service(.fullNAT, backends: 1)
        service.sourcePorts = SourcePortRange(1_024, 1_024)
        service.timeouts.tcpClosing = 118
        let limits = ForwardingLimits(flows: 64, sourcePortRest: rest)
        let control = try ForwardingControl(EngineLab.configuration([service], limits: limits))
        var lab = Self.engine(control, services: 1, backends: 8)
        _ = lab.process(Self.request(), at: 0)
        _ = lab.process(Frames.segment(Frames.clientEnd(), Frames.serviceEnd(), .rst), at: 0)
        _ = lab.poll(at: 118)
        if rest > 0 { #expect(lab.process(Self.request(from: 41_000), at: seconds - 1).verdict == .drop(.noPort)) }
        #expect(lab.process(Self.request(from: 41_000), at: seconds).verdict == .send)
    }

    /// A backend whose ports are used up does not keep its turn from those that have some.
    @Test func turnsGoOnBehindABackendWithoutPorts() throws {
        var service = EngineLab.service(.fullNAT)
        service.sourcePorts = SourcePortRange(1_024, 1_025)
        service.timeouts.tcpClosing = 10
        let control = try ForwardingControl(EngineLab.configuration([service]))
        var lab = Self.engine(control, services: 1, backends: 8)
        for client in 40_000..<40_004 as Range<UInt16> {
            #expect(lab.process(Self.request(from: client)).verdict == .send)
        }
        // The second backend's flows end.
        for client in [40_001, 40_003] as [UInt16] {
            _ = lab.process(Frames.segment(Frames.clientEnd(client), Frames.serviceEnd(), .rst))
        }
        for client in [40_000, 40_002] as [UInt16] { _ = lab.process(Self.request(from: client), at: 59) }
        _ = lab.poll(at: 118)
        let verdicts = (0..<4 as Range<UInt16>).map { lab.process(Self.request(from: 41_000 + $0), at: 118).verdict }
        #expect(verdicts == [.drop(.noPort), .send, .drop(.noPort), .send])
    }

    @Test func nobodyAnswersForAServiceThatWasRemoved() throws {
        let control = try ForwardingControl(EngineLab.configuration([EngineLab.service(.nat)]))
        var lab = Self.engine(control, services: 1, backends: 8)
        let request = Bytes.of(
            "ffffffffffff 020000000063 0806 0001 0800 06 04 0001 020000000063 0a000063 000000000000 c000020a")
        #expect(lab.process(request).verdict == .send)
        try control.update(EngineLab.configuration([]))
        #expect(lab.process(request).verdict == .pass)
    }
}
