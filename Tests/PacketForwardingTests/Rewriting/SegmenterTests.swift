import Testing

@testable import PacketForwarding

struct SegmenterTests {
    /// The segments of a large frame.
    static func segments(_ input: [UInt8], _ segmentation: Segmentation) throws -> [[UInt8]] {
        try withFrame(input, metadata: FrameMetadata(interface: 3, segmentation: segmentation)) { frame in
            guard var segmenter = Segmenter(frame, try parsed(frame)) else { throw NotAPacket() }
            return withFrame([UInt8](repeating: 0xAA, count: 2000)) { segment in
                var segments: [[UInt8]] = []
                while segmenter.next(of: frame, into: &segment) {
                    #expect(segment.metadata == FrameMetadata(interface: 3))
                    segments.append(segment.array)
                }
                return segments
            }
        }
    }

    @Test(arguments: [(IPVersion.v4, 3000), (.v4, 2800), (.v6, 2801), (.v6, 1400), (.v4, 1), (.v6, 0)])
    func cutsTCP(version: IPVersion, count: Int) throws {
        var random = Noise(seed: UInt64(count))
        let payload = random.bytes(count)
        let flags: TCPFlags = [.ack, .psh, .fin, .cwr]
        let options = Bytes.of("0101080a0000000100000002")
        let input = Frames.tcp(version, flags: flags, acknowledgement: 5, options: options, payload: payload)
        let kind: Segmentation.Kind = version == .v4 ? .tcpOverIPv4 : .tcpOverIPv6
        let segments = try Self.segments(input, Segmentation(kind: kind, payloadByteCount: 1400))
        #expect(segments.count == max((count + 1399) / 1400, 1))
        for (index, segment) in segments.enumerated() {
            let start = index * 1400
            var expected = flags
            if index > 0 { expected.remove(.cwr) }
            if index < segments.count - 1 { expected.subtract([.psh, .fin]) }
            var frame = Frames.tcp(
                version, flags: expected, sequence: 0x1000_0000 + UInt32(start), acknowledgement: 5, options: options,
                payload: Array(payload[start..<min(start + 1400, count)]))
            if version == .v4 {
                // One identification each.
                frame[19] = UInt8(index)
                frame.replaceSubrange(24..<26, with: [0, 0])
                frame.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(frame[14..<34]))))
            }
            #expect(segment == frame, "segment \(index)")
        }
    }

    @Test(arguments: [IPVersion.v4, .v6])
    func cutsUDP(version: IPVersion) throws {
        var random = Noise(seed: 7)
        let payload = random.bytes(2500)
        let input = Frames.udp(version, payload: payload)
        let segments = try Self.segments(input, Segmentation(kind: .udp, payloadByteCount: 1200))
        #expect(segments.map(\.count) == [1200, 1200, 100].map { $0 + (version == .v4 ? 42 : 62) })
        #expect(segments.flatMap { $0[(version == .v4 ? 42 : 62)...] } == payload)
        for segment in segments { #expect(ReferenceChecksums.faults(segment) == []) }
    }

    @Test(arguments: [IPVersion.v4, .v6])
    func cutsWhatWasTranslated(version: IPVersion) throws {
        let input = Frames.tcp(version, flags: .ack, payload: [UInt8](repeating: 5, count: 1000))
        let kind: Segmentation.Kind = version == .v4 ? .tcpOverIPv4 : .tcpOverIPv6
        let metadata = FrameMetadata(segmentation: Segmentation(kind: kind, payloadByteCount: 600))
        try withFrame(input, metadata: metadata) { frame in
            let packet = try parsed(frame)
            let backend = version == .v4 ? TunnelReceiverTests.backend4 : TunnelReceiverTests.backend6
            frame.translate(
                packet, source: Endpoint(packet.source, packet.sourcePort), destination: Endpoint(backend, 8080))
            guard var segmenter = Segmenter(frame, packet) else { throw NotAPacket() }
            withFrame([], tailroom: 1000) { segment in
                while segmenter.next(of: frame, into: &segment) {
                    #expect(ReferenceChecksums.faults(segment.array) == [])
                }
            }
        }
    }

    @Test
    func tellsItsLongestPacket() throws {
        let input = Frames.tcp(.v4, flags: .ack, payload: [UInt8](repeating: 1, count: 3000))
        let metadata = FrameMetadata(segmentation: Segmentation(kind: .tcpOverIPv4, payloadByteCount: 1460))
        try withFrame(input, metadata: metadata) { frame in
            let packet = try parsed(frame)
            let segmenter = Segmenter(frame, packet)
            #expect(segmenter?.longestPacket == 1500)
        }
    }

    @Test
    func refusesWhatItCannotCut() throws {
        let tcp = Frames.tcp(.v4, flags: .ack, payload: [1, 2, 3])
        for segmentation in [
            nil, Segmentation(kind: .udp, payloadByteCount: 1), Segmentation(kind: .tcpOverIPv4, payloadByteCount: 0),
        ] {
            try withFrame(tcp, metadata: FrameMetadata(segmentation: segmentation)) { frame in
                let isRefused = Segmenter(frame, try parsed(frame)) == nil
                #expect(isRefused)
            }
        }
        try withFrame(
            tcp, metadata: FrameMetadata(segmentation: Segmentation(kind: .tcpOverIPv4, payloadByteCount: 1))
        ) { frame in
            guard var segmenter = Segmenter(frame, try parsed(frame)) else { throw NotAPacket() }
            withFrame([], headroom: 0, tailroom: 20) { small in
                let fits = segmenter.next(of: frame, into: &small)
                #expect(!fits)
            }
        }
    }
}
