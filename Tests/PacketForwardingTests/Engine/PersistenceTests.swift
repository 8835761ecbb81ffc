import Testing

@testable import PacketForwarding

/// Clients that go where their prefix went before.
struct PersistenceTests {
    private func service(_ mode: ServiceMode = .dsr, version: IPVersion = .v4, bits: Int = 24) -> ServiceConfiguration {
        var service = EngineLab.service(mode, version, backends: 3)
        service.persistence = PersistenceConfiguration(
            ipv4PrefixLength: version == .v4 ? bits : 32, ipv6PrefixLength: version == .v6 ? bits : 128, timeout: 60)
        return service
    }

    /// Where a client's SYN goes: the number of the backend.
    private func backend(_ lab: inout EngineLab, _ client: IPAddress, _ port: UInt16, at seconds: Double) throws -> Int
    {
        let syn = Frames.segment(Endpoint(client, port), Frames.serviceEnd(client.version), .syn)
        let explanation = lab.explain(syn, at: seconds)
        let sent = try #require(lab.process(syn, at: seconds).sent.first)
        let station = Int(try link(of: sent).destination.bits & 0xFF) - 10
        #expect(explanation.backend == "b\(station)")
        return station
    }

    @Test(arguments: [IPVersion.v4, .v6], [ServiceMode.nat, .fullNAT, .dsr, .ipip])
    func aPrefixStaysAtItsBackend(version: IPVersion, mode: ServiceMode) throws {
        var lab = try EngineLab([service(mode, version: version, bits: version == .v4 ? 24 : 64)])
        let client = Frames.client(version)
        let neighbour = version == .v4 ? IPAddress(v4: client.v4Bits ^ 0xFF) : IPAddress(v6: client.high, 1)
        let stranger = version == .v4 ? IPAddress(v4: client.v4Bits ^ 0x100) : IPAddress(v6: client.high ^ 1, 1)
        #expect(try backend(&lab, client, 1, at: 0) == 1)
        #expect(try backend(&lab, client, 2, at: 1) == 1)
        #expect(try backend(&lab, neighbour, 1, at: 2) == 1)
        // Those took no turn of the scheduler.
        #expect(try backend(&lab, stranger, 1, at: 3) == 2)
        #expect(lab.engine.statistics.snapshot().persistentPrefixes == 2)
    }

    @Test func eachNewFlowRestartsTheTime() throws {
        var lab = try EngineLab([service()])
        #expect(try backend(&lab, Frames.client4, 1, at: 0) == 1)
        #expect(try backend(&lab, Frames.client4, 2, at: 59) == 1)
        #expect(try backend(&lab, Frames.client4, 3, at: 118) == 1)
        #expect(try backend(&lab, Frames.client4, 4, at: 179) == 2)
        #expect(try backend(&lab, Frames.client4, 5, at: 180) == 2)
        _ = lab.poll(at: 300)
        #expect(lab.engine.statistics.snapshot().persistentPrefixes == 0)
    }

    @Test(arguments: [BackendState.draining, .down])
    func aBackendThatTakesNoNewFlowsGetsNone(state: BackendState) throws {
        var lab = try EngineLab([service()])
        #expect(try backend(&lab, Frames.client4, 1, at: 0) == 1)
        lab.control.set(state, backend: "b1", of: "web")
        #expect(try backend(&lab, Frames.client4, 2, at: 1) == 2)
        lab.control.set(.up, backend: "b1", of: "web")
        // The prefix has moved for good.
        #expect(try backend(&lab, Frames.client4, 3, at: 2) == 2)
        lab.control.setWeight(0, backend: "b2", of: "web")
        #expect(try backend(&lab, Frames.client4, 4, at: 3) == 3)
    }

    @Test func aPacketThatIsDroppedIsNotRemembered() throws {
        var lab = try EngineLab([service(.nat)])
        var syn = Frames.segment(Frames.clientEnd(1), Frames.serviceEnd(), .syn)
        syn[22] = 1
        syn.replaceSubrange(24..<26, with: [0, 0])
        syn.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(syn[14..<34]))))
        #expect(lab.process(syn).verdict == .answer(.ttlExceeded))
        #expect(lab.engine.statistics.snapshot().persistentPrefixes == 0)
    }

    @Test func morePrefixesThanThereIsRoomForPushOutTheOldest() throws {
        let control = try ForwardingControl(EngineLab.configuration([service(bits: 32)]))
        let engine = ForwardingEngine(
            control, capacity: EngineCapacity(services: 1, backends: 3, persistentPrefixes: 2), now: EngineLab.time(0))
        var lab = EngineLab(control, engine)
        for client in 1...3 as ClosedRange<UInt32> {
            #expect(try backend(&lab, IPAddress(v4: client), 1, at: 0) == Int(client))
        }
        #expect(lab.engine.statistics.snapshot().persistentPrefixes == 2)
        #expect(try backend(&lab, IPAddress(v4: 2), 2, at: 0) == 2)
        #expect(try backend(&lab, IPAddress(v4: 3), 2, at: 0) == 3)
        #expect(try backend(&lab, IPAddress(v4: 1), 2, at: 0) == 1)
    }
}
