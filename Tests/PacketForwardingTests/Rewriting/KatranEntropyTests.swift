import LoadBalancing
import Testing

@testable import PacketForwarding

/// Katran's outer addresses and ports, from its own fixtures (facebookincubator/katran at 19f08fec).
struct KatranEntropyTests {
    @Test(arguments: [
        ("192.168.1.1:31337", "172.16.104.123"), ("192.168.1.42:31337", "172.16.104.80"),
        ("192.168.1.1:0", "172.16.1.1"),
    ])
    func mixesAddressAndPortIntoTheOuterAddress(client: String, source: String) throws {
        #expect(KatranEntropy.v4Source(of: try #require(Endpoint(client))).description == source)
    }

    @Test(arguments: [("192.168.1.1:31337", "100::bac1:101"), ("[fc00:2::1]:31337", "100::7a69:1")])
    func mixesThemIntoTheDiscardPrefix(client: String, source: String) throws {
        #expect(KatranEntropy.v6Source(of: try #require(Endpoint(client))).description == source)
    }

    @Test(
        arguments: [
            ("192.168.1.1:31337", .v4, 26_747), ("192.168.1.1:31337", .v6, 31_592), ("[fc00:2::1]:31337", .v6, 31_337),
        ] as [(String, IPVersion, UInt16)])
    func mixesThemIntoTheSourcePortOfGUE(client: String, version: IPVersion, port: UInt16) throws {
        #expect(KatranEntropy.guePort(of: try #require(Endpoint(client)), over: version) == port)
    }

    /// Rows 1 to 6 of Katran's fixtures as far as they do not depend on its own ring: outer source, class, and the packet.
    @Test(
        arguments: [
            (.ipip, .v4, "192.168.1.1", "172.16.104.123"), (.ipip, .v6, "192.168.1.1", "100::bac1:101"),
            (.ipip, .v6, "fc00:2::1", "100::7a69:1"), (.gre, .v4, "192.168.1.1", "172.16.104.123"),
            (.gue, .v4, "192.168.1.1", "10.0.0.1"),
        ] as [(ServiceMode, IPVersion, String, String)])
    func theEngineSendsWhatKatranWould(mode: ServiceMode, outer: IPVersion, client: String, source: String) throws {
        let address = try #require(IPAddress(client))
        var service = EngineLab.service(mode, address.version, backends: 3, scheduler: .maglev)
        for index in 0..<3 { service.backends[index].address = EngineLab.backendAddress(index + 1, outer) }
        var configuration = try EngineLab.configuration([service])
        configuration.tunnelSource.spreading = .katran
        let control = try ForwardingControl(configuration)
        let engine = ForwardingEngine(control, secret: SipKey(1, 2), now: EngineLab.time(0))
        var lab = EngineLab(control, engine)
        var syn = Frames.segment(Endpoint(address, 31_337), Frames.serviceEnd(address.version), .ack)
        if address.version == .v4 {
            syn[15] = 0x8C
            syn.replaceSubrange(24..<26, with: [0, 0])
            syn.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(syn[14..<34]))))
        }
        let explanation = lab.explain(syn)
        let sent = try #require(lab.process(syn).sent.first)
        let packet = try parsed(sent)
        #expect(packet.source.description == source)
        #expect(packet.trafficClass == (address.version == .v4 ? 0x8C : 0))
        #expect(packet.hopLimit == 64)
        #expect(ReferenceChecksums.faults(sent) == [])
        #expect(
            explanation.edits.contains(
                .encapsulation(mode: mode, source: packet.source, destination: packet.destination)))
        if mode == .gue { #expect(packet.sourcePort == 26_747) }
        let header = outer == .v4 ? 34 : 54
        let shim = mode == .ipip ? 0 : mode == .gre ? 4 : 8
        #expect(Array(sent[(header + shim)...]) == Array(syn[14...]))
    }

    /// A source for each flow: many of them, each the same for all packets of its flow, and routers' errors reach the engine.
    @Test func aPrefixGivesEachFlowASource() throws {
        var configuration = try EngineLab.configuration([EngineLab.service(.ipip, backends: 1)])
        configuration.tunnelSource.spreading = .flow
        configuration.tunnelSource.ipv4Prefix = IPPrefix("172.16.0.0/16")
        let control = try ForwardingControl(configuration)
        let engine = ForwardingEngine(control, secret: SipKey(1, 2), now: EngineLab.time(0))
        var lab = EngineLab(control, engine)
        var sources: Set<IPAddress> = []
        for port in 1...100 as ClosedRange<UInt16> {
            let segments = [TCPFlags.syn, .ack].map { Frames.segment(Frames.clientEnd(port), Frames.serviceEnd(), $0) }
            let sent = try segments.map { try parsed(try #require(lab.process($0).sent.first)).source }
            #expect(sent[0] == sent[1])
            #expect(configuration.tunnelSource.ipv4Prefix?.contains(sent[0]) == true)
            sources.insert(sent[0])
        }
        #expect(sources.count > 90)
        let source = try #require(sources.first)
        let quoted = Frames.ip(
            .v4, .ipv4, Array(repeating: 0, count: 20), from: source, to: EngineLab.backendAddress(1, .v4))
        var message = [3, 4, 0, 0, 0, 0] + Frames.big(UInt16(1_000)) + quoted[14...]
        message.replaceSubrange(2..<4, with: Frames.big(~UInt16(ReferenceChecksums.sum(message))))
        let error = Frames.ip(.v4, .icmp, message, from: EngineLab.backendAddress(3, .v4), to: source)
        #expect(lab.process(error).verdict == .pass)
        let large = Frames.segment(
            Frames.clientEnd(1), Frames.serviceEnd(), .ack, payload: Array(repeating: 1, count: 1_000))
        #expect(lab.process(large).verdict == .answer(.tooBig))
    }
}
