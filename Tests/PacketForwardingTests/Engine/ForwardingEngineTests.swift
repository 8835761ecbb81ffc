import Testing

@testable import PacketForwarding

/// What the contract's cases do not reach: changes of the configuration.
struct ForwardingEngineTests {
    private let syn = Frames.segment(Frames.clientEnd(), Frames.serviceEnd(), .syn)

    @Test func anEngineGoesOnWithWhatItHasRoomFor() throws {
        let control = try ForwardingControl(EngineLab.configuration([EngineLab.service(.dsr)]))
        let engine = ForwardingEngine(
            control, capacity: EngineCapacity(services: 1, backends: 2), now: EngineLab.time(0))
        var lab = EngineLab(control, engine)
        let larger = try EngineLab.configuration([
            EngineLab.service(.dsr), EngineLab.service(.dsr, name: "dns", transport: .udp),
        ])
        let refusal = #expect(throws: ForwardingConfigurationError.self) { try control.update(larger) }
        #expect(refusal?.problem == .outgrown(count: 2, capacity: 1))
        #expect(lab.process(syn).verdict == .send)
        let isOutgrown = lab.engine.isOutgrown
        #expect(!isOutgrown)
        let datagram = Frames.datagram(Frames.clientEnd(), Frames.serviceEnd())
        #expect(lab.explain(datagram).verdict == .pass)
        #expect(lab.process(datagram).verdict == .pass)
    }

    @Test func anEngineHasRoomForItsFirstConfiguration() throws {
        let control = try ForwardingControl(EngineLab.configuration([EngineLab.service(.dsr, backends: 3)]))
        let engine = ForwardingEngine(
            control, capacity: EngineCapacity(services: 0, backends: 0), now: EngineLab.time(0))
        var lab = EngineLab(control, engine)
        #expect(lab.process(syn).verdict == .send)
        let isOutgrown = lab.engine.isOutgrown
        #expect(!isOutgrown)
    }

    @Test func aRemovedServiceIsNobodys() throws {
        var lab = try EngineLab([EngineLab.service(.dsr)])
        let request =
            Bytes.of("ffffffffffff 0200000000fe 0806 0001 0800 06 04 0001 0200000000fe 0a0000fe 000000000000 c000020a")
        #expect(lab.process(request).verdict == .send)
        try lab.control.update(EngineLab.configuration([]))
        #expect(lab.process(request).verdict == .pass)
        #expect(lab.explain(request).verdict == .pass)
        #expect(lab.process(syn).verdict == .pass)
    }
}
