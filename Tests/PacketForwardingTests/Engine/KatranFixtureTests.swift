import Testing

@testable import PacketForwarding

/// Katran's 36 fixtures (facebookincubator/katran at 19f08fec, lib/testing/fixtures) as far as they do not depend on which
/// backend its own ring gives, and on what it drops and this engine forwards (fragments, IPv4 options).
struct KatranFixtureTests {
    private static let reals = ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    private static let realsV6 = ["fc00::1", "fc00::2", "fc00::3"]
    private static let ids: [UInt64] = [1_022, 1_023, 1_025]
    private static let idsV6: [UInt64] = [1_024, 1_026, 1_027]

    private static func vip(
        _ address: String, _ port: UInt16?, _ transport: ServiceTransport, _ reals: [String], ids: [UInt64]? = nil
    ) throws -> ServiceConfiguration {
        var service = ServiceConfiguration(
            name: "\(address) \(port ?? 0) \(transport.rawValue)", transport: transport,
            address: try #require(IPPrefix(address)), port: port, mode: .ipip)
        service.backends = try reals.enumerated().map { index, real in
            BackendConfiguration(
                name: real, address: try #require(IPAddress(real)), port: port ?? 0, serverID: ids?[index])
        }
        if ids != nil { service.quicConnectionID = ConnectionIDLayout(.katran, readsHandshakes: true) }
        return service
    }

    private static func lab() throws -> EngineLab {
        let gateway = try #require(MACAddress("00:00:de:ad:be:af"))
        let routers = [IPAddress(v4: 0xC0A8_0001), IPAddress(v6: 0xFE80 << 48, 1)]
        var configuration = ForwardingConfiguration(
            interfaces: [
                InterfaceConfiguration(
                    name: "eth0", mac: MACAddress(bits: 0x0200_0000_0001),
                    addresses: ["192.168.0.2/30", "fe80::2/64"].compactMap { InterfaceAddress($0) })
            ],
            neighbours: routers.map { NeighbourConfiguration(address: $0, mac: gateway, interface: "eth0") },
            routes: routers.map { RouteConfiguration(to: nil, via: $0, interface: "eth0") },
            tunnelSource: TunnelSource(ipv4: IPAddress("10.0.13.37"), ipv6: IPAddress("fc00:2307::1337")),
            limits: ForwardingLimits(flows: 1_024),
            services: [
                try vip("10.200.1.1", 80, .tcp, reals), try vip("10.200.1.1", 80, .udp, reals),
                try vip("10.200.1.2", nil, .tcp, reals), try vip("10.200.1.3", 80, .tcp, realsV6),
                try vip("fc00:1::1", 80, .tcp, realsV6), try vip("10.200.1.5", 443, .udp, realsV6, ids: idsV6),
                try vip("fc00:1::2", 443, .udp, realsV6, ids: idsV6),
            ])
        configuration.tunnelSource.spreading = .katran
        let control = try ForwardingControl(configuration)
        return EngineLab(control, ForwardingEngine(control, now: EngineLab.time(0)))
    }

    private func end(_ text: String) throws -> Endpoint { try #require(Endpoint(text)) }

    /// Rows 1, 2, 4 to 7: a tunnel to one of the service's reals, from an address that follows from the client.
    @Test(
        arguments: [
            ("192.168.1.1:31337", "10.200.1.1:80", false, "172.16.104.123"),
            ("192.168.1.1:31337", "10.200.1.1:80", true, "172.16.104.123"),
            ("192.168.1.42:31337", "10.200.1.2:42", true, "172.16.104.80"),
            ("192.168.1.1:31337", "10.200.1.3:80", true, "100::bac1:101"),
            ("[fc00:2::1]:31337", "[fc00:1::1]:80", true, "100::7a69:1"),
        ] as [(String, String, Bool, String)])
    func packetsLeaveInTunnels(client: String, vip: String, isTCP: Bool, source: String) throws {
        var lab = try Self.lab()
        let (client, vip) = (try end(client), try end(vip))
        let frame = isTCP ? Frames.segment(client, vip, .ack) : Frames.datagram(client, vip)
        let sent = try #require(lab.process(frame).sent.first)
        let packet = try parsed(sent)
        #expect(packet.source.description == source)
        #expect((Self.reals + Self.realsV6).contains(packet.destination.description))
        #expect(try link(of: sent).destination.description == "00:00:de:ad:be:af")
        // Row 18: again, and to the same real.
        #expect(try parsed(try #require(lab.process(frame).sent.first)).destination == packet.destination)
    }

    /// Rows 10 and 11: an error about what the service sent follows its flow, from an address of the router's own.
    @Test func errorsFollowTheirFlow() throws {
        var lab = try Self.lab()
        let (client, vip) = (try end("192.168.1.1:31337"), try end("10.200.1.1:80"))
        let real = try parsed(try #require(lab.process(Frames.segment(client, vip, .ack)).sent.first)).destination
        let quoted = Frames.segment(vip, client, .ack)[14...]
        var message = [3, 4, 0, 0, 0, 0, 5, 0] + quoted.prefix(28)
        message.replaceSubrange(2..<4, with: Frames.big(~UInt16(ReferenceChecksums.sum(message))))
        let error = Frames.ip(.v4, .icmp, message, from: IPAddress("192.168.100.1"), to: vip.address)
        #expect(try parsed(try #require(lab.process(error).sent.first)).destination == real)
    }

    /// Rows 15 to 17 and 21 to 23: what is not for a service goes to the host.
    @Test func othersPass() throws {
        var lab = try Self.lab()
        let (client, vip) = (try end("192.168.1.1:31337"), try end("10.200.1.1:80"))
        let (client6, vip6) = (try end("[fc00:2::1]:31337"), try end("[fc00:1::1]:80"))
        let inner = Array(Frames.segment(client, vip, .ack)[14...])
        let inner6 = Array(Frames.segment(client6, vip6, .ack)[14...])
        let others = [
            Frames.segment(client, Endpoint(vip.address, 82), .ack),
            Frames.segment(client6, Endpoint(vip6.address, 82), .ack),
            Frames.ip(.v4, .ipv4, inner, from: client.address, to: vip.address),
            Frames.ip(.v6, .ipv6, inner6, from: client6.address, to: vip6.address),
            Frames.ip(.v6, .ipv4, inner, from: client6.address, to: vip6.address),
        ]
        for frame in others { #expect(lab.process(frame).verdict == .pass) }
    }

    /// Rows 24 to 32, 34 and 35: which connection IDs name a real, and which leave it to the flow.
    @Test func connectionIDsNameReals() throws {
        var lab = try Self.lab()
        let (client, vip) = (try end("192.168.1.1:31337"), try end("10.200.1.5:443"))
        func real(_ payload: String, _ lab: inout EngineLab) throws -> String {
            let datagram = Frames.datagram(client, vip, payload: Bytes.of(payload))
            return try parsed(try #require(lab.process(datagram).sent.first)).destination.description
        }
        // Initial: the client's own ID, so the hash; 0-RTT follows the flow.
        let first = try real("c0 00000001 08 4102030405060708 00", &lab)
        #expect(try real("d0 00000001 08 43ff030405060708 00", &lab) == first)
        // Handshake with 1024.
        #expect(try real("e0 00000001 08 4100030405060708 00", &lab) == "fc00::1")
        #expect(try real("00", &lab) == "fc00::1")
        #expect(try real("40 4100830405060708", &lab) == "fc00::2")
        // 1092 is nobody's, 0 is none: the flow.
        #expect(try real("40 4111000405060708", &lab) == "fc00::2")
        #expect(try real("40 4000030405060708", &lab) == "fc00::2")
    }
}
