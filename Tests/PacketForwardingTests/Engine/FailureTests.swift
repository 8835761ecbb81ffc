import Testing

@testable import PacketForwarding

/// What happens to the flows of a backend that has failed, before their next packets.
struct FailureTests {
    private func service(
        _ mode: ServiceMode, _ version: IPVersion = .v4, backends: Int = 3, ends: Bool = false
    ) -> ServiceConfiguration {
        var service = EngineLab.service(mode, version, backends: backends)
        service.resetOnFailure = true
        service.endOnFailure = ends
        return service
    }

    /// A segment as the engine makes it: to a station, atomic, hop limit 64, window 0.
    private func made(
        _ source: Endpoint, _ destination: Endpoint, _ flags: TCPFlags, _ sequence: UInt32, _ acknowledgement: UInt32,
        to station: String
    ) -> String {
        var bytes = Frames.segment(source, destination, flags, sequence: sequence, acknowledgement: acknowledgement)
        let isV4 = source.address.version == .v4
        let transport = isV4 ? 34 : 54
        // The same frame with other fields, and its checksums computed anew by the other opinion.
        bytes.replaceSubrange(0..<12, with: Bytes.of(station + "020000000001"))
        bytes.replaceSubrange(transport + 14..<transport + 18, with: [0, 0, 0, 0])
        bytes[isV4 ? 22 : 21] = 64
        let pseudo = Array(bytes[(isV4 ? 26 : 22)..<transport]) + [0, 20, 0, 6]
        let sum = ~UInt16(ReferenceChecksums.sum(pseudo + bytes[transport...]))
        bytes.replaceSubrange(transport + 16..<transport + 18, with: Frames.big(sum))
        if isV4 {
            bytes.replaceSubrange(24..<26, with: [0, 0])
            bytes.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(bytes[14..<34]))))
        }
        return Bytes.hexadecimal(bytes)
    }

    @Test(arguments: [IPVersion.v4, .v6], [ServiceMode.dsr, .ipip, .gre, .gue])
    func aProbeDrawsTheNumberThatTheResetNeeds(version: IPVersion, mode: ServiceMode) throws {
        var lab = try EngineLab([service(mode, version)])
        let (client, web) = (Frames.clientEnd(40_001, version), Frames.serviceEnd(version))
        lab.connect(client, to: web, at: 0)
        lab.control.set(.down, backend: "b1", of: "web")
        #expect(lab.poll(at: 1).sent.isEmpty)
        #expect(lab.poll(at: 1.9).sent.isEmpty)
        let (isDone, sent) = lab.poll(at: 2)
        #expect(isDone)
        #expect(
            sent.map(Bytes.hexadecimal) == [made(web, client, .ack, 0x5000, 0x1000_0002, to: "0200000000fe")])
        #expect(sent.flatMap(ReferenceChecksums.faults) == [])
        #expect(lab.poll(at: 3).sent.isEmpty)
        // RFC 9293, 3.10.7.4: what lies before the window is answered with an ACK.
        let answer = Frames.segment(client, web, .ack, sequence: 0x1000_0002, acknowledgement: 0x5001)
        let reset = lab.process(answer, at: 3)
        #expect(reset.verdict == .answer(.noBackend))
        #expect(reset.sent.map(Bytes.hexadecimal) == [made(web, client, .rst, 0x5001, 0, to: "0200000000fe")])
        #expect(lab.engine.statistics.snapshot().originated == 1)
    }

    @Test(arguments: [IPVersion.v4, .v6])
    func natResetsBothEnds(version: IPVersion) throws {
        var lab = try EngineLab([service(.nat, version)])
        let (client, web) = (Frames.clientEnd(40_001, version), Frames.serviceEnd(version))
        let backend = Frames.backendEnd(1, version)
        lab.connect(client, to: web, through: backend, at: 0)
        // Two bytes that the client has not acknowledged yet; it will have, and an older segment changes nothing.
        for (sequence, payload) in [(0x5001, [1, 2]), (0x5001, [])] as [(UInt32, [UInt8])] {
            _ = lab.process(
                Frames.segment(
                    backend, client, .ack, sequence: sequence, acknowledgement: 0x1000_0002, payload: payload), at: 0)
        }
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 1)
        let sent = lab.poll(at: 2).sent
        #expect(
            sent.map(Bytes.hexadecimal) == [
                made(web, client, .rst, 0x5003, 0, to: "0200000000fe"),
                made(client, backend, .rst, 0x1000_0002, 0, to: "02000000000b"),
            ])
    }

    @Test func fullNATResetsTheBackendFromTheSourceThatItSaw() throws {
        var lab = try EngineLab([service(.fullNAT)])
        let (client, web, backend) = (Frames.clientEnd(), Frames.serviceEnd(), Frames.backendEnd(1))
        let source = Endpoint(IPAddress(v4: 0x0A00_0064), 1_024)
        _ = lab.process(Frames.segment(client, web, .syn))
        _ = lab.process(Frames.segment(backend, source, [.syn, .ack], sequence: 0x5000, acknowledgement: 0x1000_0001))
        _ = lab.process(Frames.segment(client, web, .ack, sequence: 0x1000_0001, acknowledgement: 0x5001))
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 1)
        #expect(
            lab.poll(at: 2).sent.map(Bytes.hexadecimal) == [
                made(web, client, .rst, 0x5001, 0, to: "0200000000fe"),
                made(source, backend, .rst, 0x1000_0001, 0, to: "02000000000b"),
            ])
    }

    @Test func sequenceNumbersGoRound() throws {
        var lab = try EngineLab([service(.dsr)])
        let (client, web) = (Frames.clientEnd(), Frames.serviceEnd())
        _ = lab.process(Frames.segment(client, web, .syn, sequence: 0xFFFF_FFFE))
        let segments: [(UInt32, UInt32)] = [(0xFFFF_FFFF, 0xFFFF_FFF0), (1, 0), (0xFFFF_FFFF, 0xFFFF_FFF0)]
        for (sequence, acknowledged) in segments {
            _ = lab.process(
                Frames.segment(client, web, .ack, sequence: sequence, acknowledgement: acknowledged, payload: [7]))
        }
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 1)
        #expect(
            lab.poll(at: 2).sent.map(Bytes.hexadecimal) == [
                made(web, client, .ack, 0xFFFF_FFFF, 2, to: "0200000000fe")
            ])
    }

    /// Who has not agreed on numbers yet, or has ended already, needs no reset.
    @Test func halfOpenAndClosingFlowsAreLeftAlone() throws {
        var lab = try EngineLab([service(.dsr)])
        _ = lab.process(Frames.segment(Frames.clientEnd(1), Frames.serviceEnd(), .syn))
        lab.control.set(.draining, backend: "b2", of: "web")
        lab.control.set(.draining, backend: "b3", of: "web")
        lab.connect(Frames.clientEnd(2), to: Frames.serviceEnd(), at: 0)
        _ = lab.process(Frames.segment(Frames.clientEnd(2), Frames.serviceEnd(), [.fin, .ack]))
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 1)
        #expect(lab.poll(at: 2) == (true, []))
    }

    @Test func flowsAreKeptUntilTheirTimeComesUnlessTheServiceSaysOtherwise() throws {
        for ends in [false, true] {
            var lab = try EngineLab([service(.nat, ends: ends)])
            lab.connect(Frames.clientEnd(), to: Frames.serviceEnd(), through: Frames.backendEnd(1), at: 0)
            lab.control.set(.down, backend: "b1", of: "web")
            _ = lab.poll(at: 1)
            #expect(lab.poll(at: 2).sent.count == 2)
            #expect(lab.engine.statistics.snapshot().flows.active == (ends ? 0 : 1))
            lab.control.set(.up, backend: "b1", of: "web")
            let next = Frames.segment(Frames.clientEnd(), Frames.serviceEnd(), .ack)
            #expect(lab.process(next, at: 3).verdict == (ends ? .answer(.noFlow) : .send))
        }
    }

    @Test func flowsCanEndInSilence() throws {
        var tcp = service(.nat, ends: true)
        tcp.resetOnFailure = false
        var udp = EngineLab.service(.dsr, backends: 3, name: "dns", transport: .udp)
        udp.endOnFailure = true
        var lab = try EngineLab([tcp, udp])
        lab.connect(Frames.clientEnd(), to: Frames.serviceEnd(), through: Frames.backendEnd(1), at: 0)
        _ = lab.process(Frames.datagram(Frames.clientEnd(), Frames.serviceEnd()))
        lab.control.set(.down, backend: "b1", of: "web")
        lab.control.set(.down, backend: "b1", of: "dns")
        _ = lab.poll(at: 1)
        #expect(lab.poll(at: 2) == (true, []))
        #expect(lab.engine.statistics.snapshot().flows.active == 0)
    }

    /// One of three is a failure of its own; two of three are more likely ours.
    @Test(
        arguments: [
            ([1], 1), ([1, 1.5], 0), ([1, 20], 2), ([1, 1, 1], 0), ([1, 8], 1), ([1, 20, 40], 2),
        ] as [([Double], Int)])
    func mostBackendsTogetherAreLeftAlone(failures: [Double], sent: Int) throws {
        var lab = try EngineLab([service(.dsr)])
        for port in 1...3 { lab.connect(Frames.clientEnd(UInt16(port)), to: Frames.serviceEnd(), at: 0) }
        var count = 0
        for tick in 1...100 {
            for (place, time) in failures.enumerated() where time * 2 == Double(tick) {
                lab.control.set(.down, backend: "b\(place + 1)", of: "web")
            }
            count += lab.poll(at: Double(tick) / 2).sent.count
        }
        #expect(count == sent)
    }

    @Test func goesStepByStep() throws {
        var lab = try EngineLab([service(.dsr)])
        for port in 1...30 { lab.connect(Frames.clientEnd(UInt16(port)), to: Frames.serviceEnd(), at: 0) }
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 1)
        #expect(lab.poll(at: 2, budget: 3).sent.count == 3)
        // Room for two frames is asked for, since a flow may take as many.
        #expect(lab.poll(at: 2, room: 2).sent.count == 1)
        let rest = lab.poll(at: 2)
        #expect(rest.isDone)
        #expect(rest.sent.count == 6)
    }

    @Test func aBackendThatComesBackIsLeftAlone() throws {
        var lab = try EngineLab([service(.dsr)])
        for port in 1...30 { lab.connect(Frames.clientEnd(UInt16(port)), to: Frames.serviceEnd(), at: 0) }
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 1)
        #expect(lab.poll(at: 2, budget: 3).sent.count == 3)
        lab.control.set(.up, backend: "b1", of: "web")
        #expect(lab.poll(at: 3) == (true, []))
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 4)
        #expect(lab.poll(at: 5).sent.count == 10)
    }

    @Test func isLimitedLikeAllAnswers() throws {
        var lab = try EngineLab([service(.dsr)], limits: ForwardingLimits(flows: 64, answersPerSecond: 4))
        for port in 1...30 { lab.connect(Frames.clientEnd(UInt16(port)), to: Frames.serviceEnd(), at: 0) }
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 1)
        #expect(lab.poll(at: 2).sent.count == 4)
        #expect(lab.poll(at: 2).sent.isEmpty)
        #expect(lab.poll(at: 2.5).sent.count == 2)
        #expect(lab.poll(at: 10).sent.count == 4)
    }

    /// Both ends of a connection through NAT are told, or neither yet; where one answer is the limit, the client is.
    @Test(arguments: [(3, [2, 2, 2, 0]), (2, [2, 2, 2, 0]), (1, [1, 1, 1, 0])])
    func natHasBothResetsOrNeither(limit: Int, sent: [Int]) throws {
        var lab = try EngineLab([service(.nat)], limits: ForwardingLimits(flows: 64, answersPerSecond: limit))
        for (place, port) in (1...9 as ClosedRange<UInt16>).enumerated() {
            let backend = Frames.backendEnd(place % 3 + 1)
            lab.connect(Frames.clientEnd(port), to: Frames.serviceEnd(), through: backend, at: 0)
        }
        lab.control.set(.down, backend: "b1", of: "web")
        _ = lab.poll(at: 1)
        var told: [[UInt8]] = []
        let counts = [2.0, 3, 4, 5].map { seconds in
            let sent = lab.poll(at: seconds).sent
            told += sent.map { Array($0[30..<34]) }
            return sent.count
        }
        #expect(counts == sent)
        let ends = [Frames.client4, Frames.backendEnd(1).address].prefix(limit).map { Frames.big($0.v4Bits) }
        #expect(told == Array(repeating: ends, count: 3).flatMap(\.self))
    }

    /// Taking a backend away is no failure, however many go.
    @Test func removedBackendsFlowsAreReset() throws {
        var lab = try EngineLab([service(.dsr)])
        for port in 1...3 { lab.connect(Frames.clientEnd(UInt16(port)), to: Frames.serviceEnd(), at: 0) }
        try lab.control.update(EngineLab.configuration([service(.dsr, backends: 1)]))
        _ = lab.poll(at: 1)
        #expect(lab.poll(at: 2).sent.count == 2)
    }
}
