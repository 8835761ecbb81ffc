import Testing

@testable import PacketForwarding

/// Whatever arrives, nothing here traps, and what is made of it is sound: each change is tried on frames whose headers are
/// likely and whose rest is noise.
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

    /// All that may become of a packet; each says whether the frame is one of our own making now.
    private static func changes(
        _ packet: Packet, _ other: Endpoint, _ receiver: TunnelReceiver
    ) -> [(String, (inout Frame) -> Bool)] {
        [
            ("RST", { $0.becomeReset(to: packet) }),
            ("error", { $0.becomeError(.timeExceeded, about: packet, from: other.address) }),
            ("echo reply", { $0.becomeEchoReply(to: packet) }),
            (
                "advertisement",
                { frame in
                    guard let question = frame.withBytes({ NeighbourSolicitation($0, of: packet) }) else {
                        return false
                    }
                    return frame.becomeAdvertisement(to: question, in: packet, from: MACAddress(bits: 2))
                }
            ),
            (
                "translation",
                { frame in
                    frame.clampMSS(of: packet, to: 500)
                    frame.translate(packet, source: other, destination: other)
                    return false
                }
            ),
            (
                "translated error",
                { frame in
                    let isValid = frame.withBytes { packet.hasValidICMPChecksum($0) }
                    guard let quoted = frame.withBytes({ packet.quotedPacket($0) }) else { return false }
                    frame.translateError(
                        packet, source: other.address, destination: other.address, about: quoted, quotedSource: other,
                        quotedDestination: other)
                    return isValid && packet.part == .whole
                }
            ),
            (
                "QUIC",
                { frame in
                    guard packet.transport == .udp, packet.hasPorts else { return false }
                    return frame.withBytes { bytes in
                        let header = QUICHeader(bytes, in: packet.datagramPayload(bytes))
                        return header?.serverID(bytes, offset: 1, length: 2) == 0x1_0000
                    }
                }
            ),
            (
                "decapsulation",
                { frame in
                    guard (try? receiver.decapsulate(&frame)) != nil else { return false }
                    #expect(read(frame)?.isMalformed == false)
                    return false
                }
            ),
            (
                "fragments",
                { frame in
                    guard var fragmenter = IPv4Fragmenter(packet, limit: 68) else { return false }
                    withFrame([], tailroom: 200) { fragment in
                        while fragmenter.next(of: frame, into: &fragment) {
                            let header = read(fragment)
                            #expect(header?.end == fragment.byteCount)
                        }
                    }
                    return false
                }
            ),
        ]
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func nothingTraps(seed: UInt64) throws {
        var random = Noise(seed: seed)
        let everybody = [try #require(IPPrefix("0.0.0.0/0")), try #require(IPPrefix("::/0"))]
        let receiver = TunnelReceiver(outerSources: everybody, innerDestinations: everybody)
        for _ in 0..<50 {
            let input = Self.frame(&random)
            guard let packet = read(input), !packet.isMalformed else { continue }
            let other = Endpoint(Frames.service(packet.version), 1)
            for (name, change) in Self.changes(packet, other, receiver) {
                withFrame(input) { frame in
                    guard change(&frame) else { return }
                    #expect(ReferenceChecksums.faults(frame.array) == [], "\(name), seed \(seed)")
                }
            }
        }
    }
}
