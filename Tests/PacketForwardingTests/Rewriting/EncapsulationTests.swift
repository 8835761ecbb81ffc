import Testing

@testable import PacketForwarding

struct EncapsulationTests {
    /// The tunnel that an outer packet went through.
    static func tunnel(_ outer: Packet) throws -> Tunnel {
        let encapsulation: Tunnel.Encapsulation =
            switch outer.transport {
            case .gre: .gre
            case .udp: .gue
            default: .ipip
            }
        return try #require(Tunnel(encapsulation, from: .address(outer.source), to: outer.destination))
    }

    @Test(arguments: FrameVector.all("tunnels"))
    func encapsulates(vector: FrameVector) throws {
        let expected = vector.outputs[0]
        let link = try link(of: expected)
        let tunnel = try Self.tunnel(try parsed(expected))
        try withFrame(vector.input, headroom: tunnel.overhead) { frame in
            let packet = try parsed(frame)
            if let limit = vector.clampMSS { frame.clampMSS(of: packet, to: limit) }
            let fits = frame.encapsulate(packet, in: tunnel, flowHash: 0x0123_4567_89AB_CDEF)
            #expect(fits)
            frame.setLink(destination: link.destination, source: link.source)
            #expect(vector.compared(frame.array) == vector.compared(expected))
            let outer = try parsed(frame)
            if tunnel.encapsulation == .gue { #expect(outer.sourcePort >= 49152) }
            // The inner checksum may be wrong by intention; the outer ones never are.
            #expect(ReferenceChecksums.faults(frame.array).isEmpty == (vector.badChecksum != true))
        }
    }

    /// A header that is known beforehand is the one that would be made.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func knownHeadersAreTheSame(seed: UInt64) throws {
        var random = Noise(seed: seed)
        let (inner, outer): (IPVersion, IPVersion) = (seed % 2 == 0 ? .v4 : .v6, seed / 2 % 2 == 0 ? .v4 : .v6)
        let ends = (TranslationTests.corner(outer, &random).address, TranslationTests.corner(outer, &random).address)
        var input = Frames.udp(inner, payload: random.bytes(Int(random.next() % 50)))
        // The class: the second byte of IPv4; of IPv6 it begins in the first.
        input[15] = UInt8(truncatingIfNeeded: random.next() & 0xF0)
        let packet = try #require(withFrame(input) { read($0) })
        let link = LinkAddresses(destination: MACAddress(bits: 0x0200_0000_0007), source: MACAddress(bits: 7))
        for encapsulation in [Tunnel.Encapsulation.ipip, .gre] {
            let tunnel = try #require(Tunnel(encapsulation, from: .address(ends.0), to: ends.1))
            let template = try #require(OuterTemplate(tunnel, around: inner))
            let expected = withFrame(input, headroom: tunnel.overhead) { frame in
                _ = frame.encapsulate(packet, in: tunnel, flowHash: 0)
                frame.setLink(link)
                return Bytes.hexadecimal(frame.array)
            }
            withFrame(input, headroom: tunnel.overhead) { frame in
                frame.truncate(to: packet.end)
                let fits = frame.encapsulate(
                    in: template, packetByteCount: packet.byteCount, trafficClass: packet.trafficClass, link: link)
                #expect(fits)
                #expect(Bytes.hexadecimal(frame.array) == expected, "seed \(seed)")
            }
            withFrame(input, headroom: tunnel.overhead - 1) { frame in
                let fits = frame.encapsulate(
                    in: template, packetByteCount: packet.byteCount, trafficClass: packet.trafficClass, link: link)
                #expect(!fits && frame.array == input)
            }
        }
        let tunnel = try #require(Tunnel(.gue, from: .address(ends.0), to: ends.1))
        #expect(OuterTemplate(tunnel, around: inner) == nil)
    }

    @Test(arguments: [
        ("192.0.2.1", "10.0.0.11", 20, 24, 28), ("2001:db8::1", "fd00::11", 40, 44, 48),
    ])
    func knowsItsOverhead(source: String, destination: String, ipip: Int, gre: Int, gue: Int) throws {
        let source = try #require(IPAddress(source))
        let destination = try #require(IPAddress(destination))
        for (encapsulation, overhead) in [(Tunnel.Encapsulation.ipip, ipip), (.gre, gre), (.gue, gue)] {
            #expect(Tunnel(encapsulation, from: .address(source), to: destination)?.overhead == overhead)
        }
    }

    @Test
    func refusesMixedVersions() throws {
        #expect(Tunnel(.ipip, from: .address(Frames.client4), to: Frames.service6) == nil)
        #expect(Tunnel(.ipip, from: .derived(try #require(IPPrefix("100::/64"))), to: Frames.service4) == nil)
    }

    @Test
    func spreadsFlowsOverSourcePorts() throws {
        let tunnel = try #require(Tunnel(.gue, from: .address(Frames.client4), to: Frames.service4))
        let input = Frames.udp(.v4, payload: [1])
        func port(_ hash: UInt64) throws -> UInt16 {
            try withFrame(input) { frame in
                let packet = try parsed(frame)
                let fits = frame.encapsulate(packet, in: tunnel, flowHash: hash)
                #expect(fits)
                return try parsed(frame).sourcePort
            }
        }
        #expect(try port(0) == 49152)
        #expect(try port(.max) == 65535)
        var random = Noise(seed: 1)
        let ports = Set(try (0..<500).map { _ in try port(random.next()) })
        // 500 of 16384: seven pairs are expected to meet.
        #expect(ports.count > 470)
    }

    @Test(arguments: [
        ("172.16.0.0/16", "172.16.0.0", "172.16.255.255"), ("100::/64", "100::", "100::ffff:ffff:ffff:ffff"),
    ])
    func derivesSourcesFromFlows(prefix: String, first: String, last: String) throws {
        let source = try #require(IPPrefix(prefix))
        #expect(source.address(hash: 0).description == first)
        #expect(source.address(hash: .max).description == last)
    }

    /// What is left to the interface stays so, and counts as done in the outer checksum.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func carriesPartialChecksums(seed: UInt64) throws {
        var random = Noise(seed: seed)
        let version: IPVersion = seed % 2 == 0 ? .v4 : .v6
        let start = version == .v4 ? 34 : 54
        var input = Frames.tcp(version, flags: .ack, payload: random.bytes(Int(seed)))
        let pseudo =
            Frames.bytes(Frames.client(version)) + Frames.bytes(Frames.service(version))
            + Frames.big(UInt32(input.count - start)) + Frames.big(6 as UInt32)
        input.replaceSubrange(start + 16..<start + 18, with: Frames.big(UInt16(ReferenceChecksums.sum(pseudo))))
        let metadata = FrameMetadata(checksum: .partial(start: UInt16(start), offset: 16))
        let tunnel = try #require(Tunnel(.gue, from: .address(Frames.client6), to: Frames.service6))
        try withFrame(input, metadata: metadata) { frame in
            let packet = try parsed(frame)
            let fits = frame.encapsulate(packet, in: tunnel, flowHash: 1)
            #expect(fits)
            #expect(frame.metadata.checksum == .partial(start: UInt16(start + 48), offset: 16))
            frame.completeChecksum()
            #expect(ReferenceChecksums.faults(frame.array) == [], "seed \(seed)")
            frame.trimFront(by: 48)
            #expect(
                frame.array[start...]
                    == Frames.tcp(version, flags: .ack, payload: Array(input[(start + 20)...]))[start...])
        }
    }

    @Test
    func refusesWhatHasNoRoom() throws {
        let tunnel = try #require(Tunnel(.ipip, from: .address(Frames.client4), to: Frames.service4))
        let input = Frames.udp(.v4, payload: [1])
        try withFrame(input, headroom: 19) { frame in
            let packet = try parsed(frame)
            let fits = frame.encapsulate(packet, in: tunnel, flowHash: 1)
            #expect(!fits)
            #expect(frame.array == input)
        }
        let longest = Frames.udp(.v4, payload: [UInt8](repeating: 0, count: 65_507))
        try withFrame(longest) { frame in
            let packet = try parsed(frame)
            #expect(!packet.isMalformed)
            let fits = frame.encapsulate(packet, in: tunnel, flowHash: 1)
            #expect(!fits)
            #expect(frame.byteCount == longest.count)
        }
    }
}
