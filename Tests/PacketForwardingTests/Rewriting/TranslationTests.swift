import Testing

@testable import PacketForwarding

struct TranslationTests {
    /// The ends that a frame names; port 0 where it has none.
    static func ends(_ packet: Packet) -> (source: Endpoint, destination: Endpoint) {
        (Endpoint(packet.source, packet.sourcePort), Endpoint(packet.destination, packet.destinationPort))
    }

    @Test(arguments: FrameVector.all("translations"))
    func translates(vector: FrameVector) throws {
        let expected = vector.outputs[0]
        let link = try link(of: expected)
        let ends = Self.ends(try parsed(expected))
        try withFrame(vector.input) { frame in
            let packet = try parsed(frame)
            frame.truncate(to: packet.end)
            if let limit = vector.clampMSS { frame.clampMSS(of: packet, to: limit) }
            frame.translate(packet, source: ends.source, destination: ends.destination)
            frame.setLink(destination: link.destination, source: link.source)
            #expect(Bytes.hexadecimal(frame.array) == Bytes.hexadecimal(expected))
            #expect(ReferenceChecksums.faults(frame.array).isEmpty == (vector.badChecksum != true))
        }
    }

    /// Ends whose words are likely to be 0x0000 or 0xFFFF, where sums in one's complement go wrong.
    static func corner(_ version: IPVersion, _ random: inout Noise) -> Endpoint {
        let (high, low) = (random.mask() & random.next() | random.mask(), random.mask())
        let port = UInt16(truncatingIfNeeded: random.mask() ^ (random.next() & random.mask()))
        return Endpoint(
            version == .v4 ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6: high, low), port)
    }

    /// Incremental is as good as computed anew, to the byte.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func updatesToWhatWouldBeComputed(seed: UInt64) throws {
        var random = Noise(seed: seed)
        let version: IPVersion = seed % 2 == 0 ? .v4 : .v6
        let payload = seed % 3 == 0 ? [] : random.bytes(Int(random.next() % 40))
        let before = (Self.corner(version, &random), Self.corner(version, &random))
        let after = (Self.corner(version, &random), Self.corner(version, &random))
        for transport in [IPProtocol.tcp, .udp] {
            let input = Self.frame(version, transport, before.0, before.1, hopLimit: 0, payload)
            let expected = Self.frame(version, transport, after.0, after.1, hopLimit: 1, payload)
            withFrame(input) { frame in
                guard let packet = read(frame), !packet.isMalformed else {
                    Issue.record("a good frame is not read, seed \(seed)")
                    return
                }
                frame.translate(packet, source: after.0, destination: after.1)
                #expect(Bytes.hexadecimal(frame.array) == Bytes.hexadecimal(expected), "seed \(seed)")
            }
        }
    }

    /// A change that is known beforehand does what the general one does, whatever stands in the checksum and whoever computes
    /// it.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func knownChangesDoTheSame(seed: UInt64) throws {
        var random = Noise(seed: seed)
        let version: IPVersion = seed % 2 == 0 ? .v4 : .v6
        let (client, service, backend) = (
            Self.corner(version, &random), Self.corner(version, &random), Self.corner(version, &random)
        )
        let change = DestinationChange(from: service, to: backend)
        for transport in [IPProtocol.tcp, .udp] {
            var input = Self.frame(version, transport, client, service, hopLimit: 0, random.bytes(5))
            let packet = try parsed(input)
            let offset = transport == .tcp ? TCPHeader.Offset.checksum : UDPHeader.Offset.checksum
            let field = Int(packet.transportOffset) + offset
            let honest = Array(input[field..<field + 2])
            let partial = ChecksumState.partial(start: packet.transportOffset, offset: UInt16(offset))
            for sum in [honest, [0, 0], [0xFF, 0xFF], random.bytes(2)] {
                input.replaceSubrange(field..<field + 2, with: sum)
                for state in [ChecksumState.complete, partial] {
                    let expected = withFrame(input, metadata: FrameMetadata(checksum: state)) { frame in
                        frame.translate(packet, source: client, destination: backend)
                        return Bytes.hexadecimal(frame.array)
                    }
                    withFrame(input, metadata: FrameMetadata(checksum: state)) { frame in
                        frame.translate(
                            at: 14, transport, hopLimit: packet.hopLimit, destination: backend, change)
                        #expect(Bytes.hexadecimal(frame.array) == expected, "seed \(seed), \(sum)")
                    }
                }
            }
        }
    }

    /// A frame between two ends, one or two hops on its way.
    private static func frame(
        _ version: IPVersion, _ transport: IPProtocol, _ source: Endpoint, _ destination: Endpoint, hopLimit: Int,
        _ payload: [UInt8]
    ) -> [UInt8] {
        let ports = Frames.big(source.port) + Frames.big(destination.port)
        let rest: [UInt8] =
            transport == .tcp
            ? [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x10, 0, 0, 0, 0, 0, 0] : Frames.big(UInt16(8 + payload.count)) + [0, 0]
        var frame = Frames.ip(
            version, transport, ports + rest + payload, from: source.address, to: destination.address,
            checksum: transport == .tcp ? 16 : 6)
        frame[version == .v4 ? 22 : 21] -= UInt8(hopLimit)
        if version == .v4 {
            frame.replaceSubrange(24..<26, with: [0, 0])
            frame.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(frame[14..<34]))))
        }
        return frame
    }

    /// The interface completes what is left to it, and then the checksum is right.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func keepsPartialChecksumsPartial(seed: UInt64) throws {
        var random = Noise(seed: seed)
        let version: IPVersion = seed % 2 == 0 ? .v4 : .v6
        let after = (Self.corner(version, &random), Self.corner(version, &random))
        for transport in [IPProtocol.tcp, .udp] {
            let payload = random.bytes(Int(seed % 50))
            var input =
                transport == .tcp
                ? Frames.tcp(version, flags: .ack, payload: payload) : Frames.udp(version, payload: payload)
            let start = version == .v4 ? 34 : 54
            let field = transport == .tcp ? 16 : 6
            let pseudo =
                Frames.bytes(Frames.client(version)) + Frames.bytes(Frames.service(version))
                + Frames.big(UInt32(input.count - start)) + Frames.big(UInt32(transport.rawValue))
            input.replaceSubrange(
                start + field..<start + field + 2, with: Frames.big(UInt16(ReferenceChecksums.sum(pseudo))))
            let state = ChecksumState.partial(start: UInt16(start), offset: UInt16(field))
            try withFrame(input, metadata: FrameMetadata(checksum: state)) { frame in
                let packet = try parsed(frame)
                frame.translate(packet, source: after.0, destination: after.1)
                #expect(frame.metadata.checksum == state)
                frame.completeChecksum()
                #expect(frame.metadata.checksum == .complete)
                #expect(ReferenceChecksums.faults(frame.array) == [], "seed \(seed)")
            }
        }
    }

    @Test
    func leavesAWrongChecksumWrong() throws {
        var input = Frames.tcp(.v4, flags: .ack, payload: [1, 2, 3])
        input[50] ^= 0x10
        try withFrame(input) { frame in
            let packet = try parsed(frame)
            let other = Endpoint(IPAddress(v4: 0x0A00_000B), 8080)
            frame.translate(packet, source: other, destination: other)
            #expect(ReferenceChecksums.faults(frame.array) == ["TCP"])
        }
    }

    /// A datagram that is itself a tunnel may leave the checksum inside to the interface: its own is complete.
    @Test
    func tellsWhoseChecksumIsPartial() throws {
        let input = Frames.udp(.v4, payload: [UInt8](repeating: 3, count: 60))
        let metadata = FrameMetadata(checksum: .partial(start: 76, offset: 16))
        try withFrame(input, metadata: metadata) { frame in
            let packet = try parsed(frame)
            frame.translate(
                packet, source: Endpoint(packet.source, packet.sourcePort),
                destination: Endpoint(IPAddress(v4: 0x0A00_000B), 8080))
            #expect(ReferenceChecksums.faults(frame.array) == [])
            #expect(frame.metadata == metadata)
        }
    }
}
