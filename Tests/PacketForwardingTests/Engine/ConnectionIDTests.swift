import Foundation
import Testing

@testable import PacketForwarding

/// Datagrams whose QUIC connection ID names a backend, and those that only seem to.
struct ConnectionIDTests {
    private func lab(_ layout: ConnectionIDLayout, ids: [UInt64?] = [1_024, 1_026, 0x030402]) throws -> EngineLab {
        var service = EngineLab.service(.dsr, backends: 3, name: "quic", transport: .udp)
        service.quicConnectionID = layout
        for (index, id) in ids.enumerated() { service.backends[index].serverID = id }
        return try EngineLab([service])
    }

    /// Which backend a datagram would go to, if it begins a flow, and why.
    private func choice(_ lab: inout EngineLab, _ payload: String, port: UInt16 = 1) -> String {
        let datagram = Frames.datagram(Frames.clientEnd(port), Frames.serviceEnd(), payload: Bytes.of(payload))
        let explanation = lab.explain(datagram)
        return "\(explanation.backend ?? "nobody") by \(explanation.choice?.rawValue ?? "nothing")"
    }

    @Test(
        arguments: [
            // Katran's fixtures: version 1 (16 bits), version 2 (24 bits); its numbers 1024, 1026 and 0x030402.
            (ConnectionIDLayout(.katran), "40 4100030000000000", "b1 by connection-id"),
            (ConnectionIDLayout(.katran), "40 4100830000000000", "b2 by connection-id"),
            (ConnectionIDLayout(.katran), "40 8003040200000000", "b3 by connection-id"),
            (ConnectionIDLayout(.katran), "40 8003044400000000", "b1 by scheduler"),
            (ConnectionIDLayout(.katran), "40 c000000402000000", "b2 by connection-id"),
            // draft-ietf-quic-load-balancers, unencrypted: configuration 2, four bytes behind the first.
            (ConnectionIDLayout(.loadBalancers(configuration: 2, length: 4)), "40 5f00000400", "b1 by connection-id"),
            (ConnectionIDLayout(.loadBalancers(configuration: 2, length: 4)), "40 5f00030402ff", "b3 by connection-id"),
            (ConnectionIDLayout(.loadBalancers(configuration: 2, length: 4)), "40 7f00000400", "b1 by scheduler"),
            (ConnectionIDLayout(offset: 2, length: 3), "40 aabb 000402", "b2 by connection-id"),
        ] as [(ConnectionIDLayout, String, String)])
    func readsEachForm(layout: ConnectionIDLayout, datagram: String, expected: String) throws {
        var lab = try lab(layout)
        if expected == "b1 by connection-id" {
            // The scheduler would have chosen it as well; it is another one's turn now.
            _ = lab.process(Frames.datagram(Frames.clientEnd(9), Frames.serviceEnd(), payload: [0x80]))
        }
        #expect(choice(&lab, datagram) == expected)
    }

    /// The IDs of Initial and 0-RTT packets are the client's own, and name nobody.
    ///
    /// QUIC version 2 counts its types from another start (RFC 9369 §3.2): its 0-RTT has the bits of version 1's Handshake.
    @Test(arguments: [
        ("c0 00000001 08 4100830000000000 00", false), ("d0 00000001 08 4100830000000000 00", false),
        ("e0 00000001 08 4100830000000000 00", true), ("f0 00000001 08 4100830000000000 00", false),
        ("c0 6b3343cf 08 4100830000000000 00", false), ("d0 6b3343cf 08 4100830000000000 00", false),
        ("e0 6b3343cf 08 4100830000000000 00", false), ("f0 6b3343cf 08 4100830000000000 00", true),
        ("e0 0a0a0a0a 08 4100830000000000 00", false), ("e0 00000000 08 4100830000000000 00", false),
    ])
    func onlyHandshakesAreReadOfLongHeaders(datagram: String, isRead: Bool) throws {
        var reader = try lab(ConnectionIDLayout(.katran, readsHandshakes: true))
        #expect(choice(&reader, datagram) == (isRead ? "b2 by connection-id" : "b1 by scheduler"))
        var other = try lab(ConnectionIDLayout(.katran))
        #expect(choice(&other, datagram) == "b1 by scheduler")
    }

    /// Whatever a client writes, it reaches those that the service lists and that live, and no others.
    @Test func aClientForcesNobodyThatItMayNotReach() throws {
        var hidden = EngineLab.service(.dsr, backends: 1, name: "hidden", transport: .udp)
        hidden.address = try #require(IPPrefix("192.0.2.99"))
        hidden.quicConnectionID = ConnectionIDLayout(offset: 0, length: 1)
        hidden.backends[0].address = EngineLab.backendAddress(9, .v4)
        hidden.backends[0].serverID = 9
        var service = EngineLab.service(.dsr, backends: 3, name: "quic", transport: .udp)
        service.quicConnectionID = ConnectionIDLayout(offset: 0, length: 1)
        for index in 0..<3 { service.backends[index].serverID = UInt64(index + 1) }
        var lab = try EngineLab([service, hidden])
        lab.control.set(.down, backend: "b1", of: "quic")
        lab.control.set(.draining, backend: "b2", of: "quic")
        for id in 0...255 {
            let datagram = Frames.datagram(
                Frames.clientEnd(UInt16(id + 1)), Frames.serviceEnd(), payload: [0x40, UInt8(id)])
            let sent = try #require(lab.process(datagram).sent.first)
            // A draining backend keeps its connections, which only an ID can name.
            let station = Int(try link(of: sent).destination.bits & 0xFF) - 10
            #expect(station == (id == 2 ? 2 : 3), "ID \(id)")
        }
    }

    @Test(arguments: [
        #"{"offset":1,"length":2}"#, #"{"form":"katran"}"#, #"{"form":"katran","readsHandshakes":true}"#,
        #"{"configuration":3,"form":"quic-lb","length":4}"#,
    ])
    func isReadAndWritten(text: String) throws {
        let layout = try JSONDecoder().decode(ConnectionIDLayout.self, from: Data(text.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let written = try encoder.encode(layout)
        #expect(try JSONDecoder().decode(ConnectionIDLayout.self, from: written) == layout)
        #expect(written.count == text.utf8.count)
    }
}
