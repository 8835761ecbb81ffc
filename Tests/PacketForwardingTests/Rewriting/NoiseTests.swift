import Testing

@testable import PacketForwarding

/// Whatever arrives, nothing here traps: each change is tried on frames whose headers are likely and whose rest is noise.
struct NoiseTests {
    static func frame(_ random: inout Noise) -> [UInt8] {
        let version: IPVersion = random.next() % 2 == 0 ? .v4 : .v6
        let transports: [IPProtocol] = [.tcp, .udp, .icmp, .icmpv6, .ipv4, .ipv6, .gre, .fragment, .destinationOptions]
        let transport = transports[Int(random.next() % UInt64(transports.count))]
        var payload = random.bytes(Int(random.next() % 100))
        // A plausible data offset, UDP length or ICMP type, as often as not.
        if payload.count > 13, random.next() % 2 == 0 {
            if transport == .tcp { payload[12] = 0x50 + UInt8(random.next() % 3) << 4 }
            if transport == .udp { payload.replaceSubrange(4..<6, with: Frames.big(UInt16(payload.count))) }
            if transport == .icmp || transport == .icmpv6 {
                payload[0] = [3, 8, 11, 1, 2, 128, 135].randomElement(using: &random) ?? 0
                payload[8] = version == .v4 ? 0x45 : 0x60
            }
        }
        var frame = Frames.ip(version, transport, payload, trafficClass: UInt8(truncatingIfNeeded: random.next()))
        if random.next() % 4 == 0 { frame[Int(random.next() % UInt64(frame.count))] ^= UInt8(1 << (random.next() % 8)) }
        return frame
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func nothingTraps(seed: UInt64) throws {
        var random = Noise(seed: seed)
        let end = Endpoint(Frames.service4, 1)
        let end6 = Endpoint(Frames.service6, 1)
        let receiver = TunnelReceiver(
            outerSources: [try #require(IPPrefix("0.0.0.0/0")), try #require(IPPrefix("::/0"))],
            innerDestinations: [try #require(IPPrefix("0.0.0.0/0")), try #require(IPPrefix("::/0"))])
        for _ in 0..<50 {
            let input = Self.frame(&random)
            guard let packet = read(input), !packet.isMalformed else { continue }
            let other = packet.version == .v4 ? end : end6
            let changes: [(inout Frame) -> Void] = [
                { $0.translate(packet, source: other, destination: other) },
                { $0.clampMSS(of: packet, to: 500) },
                { _ = $0.becomeReset(to: packet) },
                { _ = $0.becomeError(.timeExceeded, about: packet, from: other.address) },
                { _ = $0.mayBeAnsweredWithError(packet) },
                { _ = $0.becomeEchoReply(to: packet) },
                { frame in
                    guard packet.carriesICMP, packet.part != .later else { return }
                    _ = frame.withBytes { NeighbourSolicitation($0, of: packet) }
                    _ = frame.withBytes { packet.hasValidICMPChecksum($0) }
                    guard let quoted = QuotedPacketTests.quoted(frame, in: packet) else { return }
                    frame.translateError(
                        packet, source: other.address, destination: other.address, about: quoted, quotedSource: other,
                        quotedDestination: other)
                },
                { frame in
                    guard packet.transport == .udp, packet.hasPorts else { return }
                    _ = frame.withBytes { bytes in
                        QUICHeader(bytes, in: packet.datagramPayload(bytes))?.serverID(bytes, offset: 1, length: 2)
                    }
                },
                { try? receiver.decapsulate(&$0) },
                { frame in
                    guard var fragmenter = IPv4Fragmenter(packet, limit: 36) else { return }
                    withFrame([], tailroom: 200) { piece in
                        while fragmenter.next(of: frame, into: &piece) {}
                    }
                },
            ]
            for change in changes { withFrame(input, change) }
        }
    }
}
