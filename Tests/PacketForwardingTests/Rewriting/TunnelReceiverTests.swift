import Testing

@testable import PacketForwarding

struct TunnelReceiverTests {
    static let balancer4 = IPAddress(v4: 0x0A00_0002)
    static let balancer6 = IPAddress(v6: 0xFD00_0000_0000_0000, 2)
    static let backend4 = IPAddress(v4: 0x0A00_000B)
    static let backend6 = IPAddress(v6: 0xFD00_0000_0000_0000, 0x11)

    static func receiver() throws -> TunnelReceiver {
        TunnelReceiver(
            outerSources: try ["10.0.0.2", "fd00::2"].map { try #require(IPPrefix($0)) },
            innerDestinations: try ["192.0.2.10", "2001:db8::10", "192.0.2.20", "2001:db8::20"].map {
                try #require(IPPrefix($0))
            })
    }

    /// What comes out is what went in, but for the addresses of the link and padding.
    @Test(arguments: FrameVector.all("tunnels"))
    func givesBackWhatWasSent(vector: FrameVector) throws {
        let receiver = try Self.receiver()
        let input = vector.input
        let length = try parsed(input).end
        try withFrame(vector.outputs[0]) { frame in
            try receiver.decapsulate(&frame)
            guard vector.clampMSS == nil else {
                #expect(frame.byteCount == length)
                return
            }
            #expect(frame.array[12...] == input[12..<length])
        }
    }

    /// A packet in a tunnel.
    static func tunnelled(
        _ inner: [UInt8], _ encapsulation: Tunnel.Encapsulation = .ipip, from source: IPAddress = balancer4
    ) throws -> [UInt8] {
        let destination = source.version == .v4 ? backend4 : backend6
        let tunnel = try #require(Tunnel(encapsulation, from: .address(source), to: destination))
        return try withFrame(inner) { frame in
            let packet = try parsed(frame)
            let fits = frame.encapsulate(packet, in: tunnel, flowHash: 1)
            #expect(fits)
            return frame.array
        }
    }

    static func error(_ frame: [UInt8]) throws -> DecapsulationError? {
        let receiver = try receiver()
        return withFrame(frame) { frame in
            let before = frame.array
            do throws(DecapsulationError) {
                try receiver.decapsulate(&frame)
                return nil
            } catch {
                #expect(frame.array == before)
                return error
            }
        }
    }

    /// What a container's own stack left to the interface, within the tunnel or of it, is computed before it is verified.
    @Test(arguments: [(inner: true, start: 102, field: 16), (inner: false, start: 54, field: 6)])
    func completesPartialChecksums(inner: Bool, start: Int, field: Int) throws {
        let segment = Frames.tcp(.v6, flags: .ack, payload: [1, 2, 3])
        let whole = try Self.tunnelled(segment, .gue, from: Self.balancer6)
        var frame = whole
        let (source, destination) =
            inner ? (Frames.client6, Frames.service6) : (Self.balancer6, Self.backend6)
        let pseudo =
            Frames.bytes(source) + Frames.bytes(destination) + Frames.big(UInt32(frame.count - start))
            + Frames.big(inner ? 6 as UInt32 : 17)
        frame.replaceSubrange(
            start + field..<start + field + 2, with: Frames.big(UInt16(ReferenceChecksums.sum(pseudo))))
        let metadata = FrameMetadata(checksum: .partial(start: UInt16(start), offset: UInt16(field)))
        let receiver = try Self.receiver()
        try withFrame(frame, metadata: metadata) { frame in
            try receiver.decapsulate(&frame)
            #expect(frame.array[12...] == segment[12...])
            #expect(frame.metadata.checksum == .complete)
        }
    }

    @Test
    func takesNothingFromStrangers() throws {
        let inner = Frames.udp(.v4, payload: [1, 2, 3])
        #expect(try Self.error(try Self.tunnelled(inner)) == nil)
        #expect(try Self.error(try Self.tunnelled(inner, from: Self.backend4)) == .unknownSource)
        #expect(try Self.error(try Self.tunnelled(inner, .gre, from: Self.backend6)) == .unknownSource)
        let elsewhere = Frames.ip(.v4, .udp, Array(inner[34...]), to: Frames.client4)
        #expect(try Self.error(try Self.tunnelled(elsewhere)) == .unknownDestination)
    }

    /// A switch that does not know where a host is asks nobody, and sends to all.
    @Test(arguments: [(nil, true), (["10.0.0.11"], true), (["10.0.0.12"], false), ([], false)] as [([String]?, Bool)])
    func takesNothingOfOthers(own: [String]?, isTaken: Bool) throws {
        var receiver = try Self.receiver()
        receiver.outerDestinations = try own.map { try $0.map { try #require(IPPrefix($0)) } }
        let bytes = try Self.tunnelled(Frames.udp(.v4, payload: [1, 2, 3]))
        let error: DecapsulationError? = withFrame(bytes) { [receiver] frame in
            do throws(DecapsulationError) {
                try receiver.decapsulate(&frame)
                return nil
            } catch {
                return error
            }
        }
        #expect(error == (isTaken ? nil : .anotherHost))
    }

    @Test
    func takesNothingElse() throws {
        #expect(try Self.error(Frames.udp(.v4, payload: [1])) == .notATunnel)
        #expect(try Self.error(Frames.tcp(.v6, flags: .syn)) == .notATunnel)
        #expect(try Self.error([1, 2, 3]) == .malformed)
        var frame = try Self.tunnelled(Frames.udp(.v4, payload: [1]), .gre)
        frame[36...37] = [0x65, 0x58]
        #expect(try Self.error(frame) == .notATunnel)
    }

    @Test
    func checksTheOuterPacket() throws {
        let inner = Frames.udp(.v6, payload: [1, 2, 3])
        var frame = try Self.tunnelled(inner)
        frame[25] ^= 1
        #expect(try Self.error(frame) == .malformed)
        frame = try Self.tunnelled(inner, .gue, from: Self.balancer6)
        frame[60] ^= 1
        #expect(try Self.error(frame) == .malformed)
        frame = Frames.ip(.v4, .ipv4, Array(Frames.udp(.v4, payload: [1])[14...]), from: Self.balancer4)
        // "More fragments", which makes the outer packet the first one of several.
        frame[20] |= 0x20
        frame.replaceSubrange(24..<26, with: [0, 0])
        frame.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(frame[14..<34]))))
        #expect(try Self.error(frame) == .malformed)
    }

    /// The inner packet ends where its own header says.
    @Test
    func cutsOffWhatFollowsTheInnerPacket() throws {
        let inner = Frames.udp(.v4, payload: [1, 2, 3])
        let receiver = try Self.receiver()
        try withFrame(Frames.ip(.v4, .ipv4, inner[14...] + [7, 7, 7], from: Self.balancer4)) { frame in
            try receiver.decapsulate(&frame)
            #expect(frame.array == inner)
        }
    }

    @Test
    func checksTheInnerPacket() throws {
        let inner = Array(Frames.udp(.v4, payload: [1, 2, 3])[14...])
        #expect(try Self.error(Frames.ip(.v4, .ipv4, inner, from: Self.balancer4)) == nil)
        #expect(try Self.error(Frames.ip(.v4, .ipv6, inner, from: Self.balancer4)) == .malformedInner)
        #expect(try Self.error(Frames.ip(.v4, .ipv4, inner.dropLast(), from: Self.balancer4)) == .malformedInner)
        #expect(try Self.error(Frames.ip(.v4, .ipv4, [], from: Self.balancer4)) == .malformedInner)
    }

    /// GUE's other form, with a header: protocol 4 or 41, data messages, no flags, words of extensions.
    @Test(
        arguments: [
            ("00040000", nil), ("02040000 0000000000000000", nil), ("00290000", .malformedInner),
            ("00110000", .notATunnel),
            ("20040000", .malformed), ("00048000", .malformed), ("80040000", .malformed), ("1f040000", .malformed),
            ("00", .malformed),
        ] as [(String, DecapsulationError?)])
    func readsGUEWithAHeader(header: String, error: DecapsulationError?) throws {
        let inner = header.count == 2 ? [] : Array(Frames.udp(.v4, payload: [1, 2, 3])[14...])
        let payload = Bytes.of(header) + inner
        let udp =
            Frames.big(50000 as UInt16) + Frames.big(6080 as UInt16) + Frames.big(UInt16(8 + payload.count)) + [0, 0]
            + payload
        #expect(try Self.error(Frames.ip(.v4, .udp, udp, from: Self.balancer4)) == error)
    }

    /// GRE with a checksum, a key and a sequence number (RFC 2784, RFC 2890); source routes and other versions.
    @Test(
        arguments: [
            ("30000800 00000007 00000001", nil), ("40000800 00000000", .malformed), ("00010800", .malformed),
            ("3000", .malformed),
        ] as [(String, DecapsulationError?)])
    func readsOptionalFieldsOfGRE(header: String, error: DecapsulationError?) throws {
        let inner = header.count == 4 ? [] : Array(Frames.udp(.v4, payload: [1, 2, 3])[14...])
        #expect(try Self.error(Frames.ip(.v4, .gre, Bytes.of(header) + inner, from: Self.balancer4)) == error)
    }

    @Test
    func verifiesTheChecksumOfGRE() throws {
        let inner = Array(Frames.udp(.v4, payload: [1, 2, 3])[14...])
        var gre = Bytes.of("80000800 00000000") + inner
        gre.replaceSubrange(4..<6, with: Frames.big(~UInt16(ReferenceChecksums.sum(gre))))
        #expect(try Self.error(Frames.ip(.v4, .gre, gre, from: Self.balancer4)) == nil)
        gre[5] ^= 1
        #expect(try Self.error(Frames.ip(.v4, .gre, gre, from: Self.balancer4)) == .malformed)
    }

    /// RFC 6040, figure 4; rows are inner fields, columns outer ones: 0 not ECT, 2 ECT(0), 1 ECT(1), 3 CE.
    @Test(
        arguments: [
            (inner: 0, outer: [0: 0, 2: 0, 1: 0]),
            (inner: 2, outer: [0: 2, 2: 2, 1: 1, 3: 3]),
            (inner: 1, outer: [0: 1, 2: 1, 1: 1, 3: 3]),
            (inner: 3, outer: [0: 3, 2: 3, 1: 3, 3: 3]),
        ] as [(inner: UInt8, outer: [UInt8: UInt8])])
    func handsOnCongestion(inner: UInt8, outer: [UInt8: UInt8]) throws {
        for version in [IPVersion.v4, .v6] {
            let udp = Frames.udp(version, payload: [1, 2, 3])
            let start = version == .v4 ? 34 : 54
            let packet = Frames.ip(version, .udp, Array(udp[start...]), trafficClass: 0xB8 | inner)
            for field in 0...3 as ClosedRange<UInt8> {
                let frame = Frames.ip(
                    .v4, version == .v4 ? .ipv4 : .ipv6, Array(packet[14...]), from: Self.balancer4, trafficClass: field
                )
                guard let expected = outer[field] else {
                    #expect(try Self.error(frame) == .congested)
                    continue
                }
                let receiver = try Self.receiver()
                try withFrame(frame) { frame in
                    try receiver.decapsulate(&frame)
                    #expect(try parsed(frame).trafficClass == 0xB8 | expected)
                    #expect(ReferenceChecksums.faults(frame.array) == [])
                }
            }
        }
    }

    /// GUE at another port is taken there, and nowhere else.
    @Test(arguments: [6_080, 9_886] as [UInt16])
    func takesGUEAtItsPort(port: UInt16) throws {
        let receiver = TunnelReceiver(
            outerSources: [try #require(IPPrefix("10.0.0.1"))],
            innerDestinations: [try #require(IPPrefix("192.0.2.10"))],
            guePort: port)
        let source = try #require(IPAddress("10.0.0.1"))
        let inner = Frames.udp(.v4, payload: [7])
        for sent in [6_080, 9_886] as [UInt16] {
            let tunnel = try #require(
                Tunnel(.gue, from: .address(source), to: Frames.client4, guePort: sent))
            let error: DecapsulationError? = try withFrame(inner) { frame in
                let fits = frame.encapsulate(try parsed(frame), in: tunnel, flowHash: 0)
                #expect(fits)
                do {
                    try receiver.decapsulate(&frame)
                } catch let error as DecapsulationError {
                    return error
                }
                #expect(Array(frame.array[14...]) == Array(inner[14...]))
                return nil
            }
            #expect(error == (sent == port ? nil : .notATunnel))
        }
    }
}
