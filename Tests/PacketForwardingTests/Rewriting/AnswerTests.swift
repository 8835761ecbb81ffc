import Testing

@testable import PacketForwarding

struct AnswerTests {
    /// What the balancer answers a frame with, by the kind of the vector.
    static func answer(_ frame: inout Frame, _ vector: FrameVector, _ expected: [UInt8]) throws -> Bool {
        let link = try link(of: expected)
        if vector.kind == "arp" {
            let offset = frame.withBytes { EthernetHeader($0)?.byteCount ?? 0 }
            let message = frame.withBytes { ARPMessage($0, at: offset) }
            let request = try #require(message)
            #expect(request.operation == .request)
            frame.becomeARPReply(to: request, at: offset, from: link.source)
            return true
        }
        let packet = try parsed(frame)
        let source = try parsed(expected).source
        defer {
            if vector.kind != "advertisement" { frame.setLink(destination: link.destination, source: link.source) }
        }
        switch vector.kind {
        case "echo": return frame.becomeEchoReply(to: packet)
        case "reset": return frame.becomeReset(to: packet)
        case "timeExceeded":
            let isDue = frame.mayBeAnsweredWithError(packet)
            #expect(isDue)
            return frame.becomeError(.timeExceeded, about: packet, from: source)
        case "tooBig":
            let mtu = try #require(
                expected.withRawSpan { bytes in
                    read(expected).flatMap { ICMPHeader(bytes, of: $0)?.mtu }
                })
            return frame.becomeError(.tooBig(mtu: mtu), about: packet, from: source)
        case "advertisement":
            let solicitation = frame.withBytes { NeighbourSolicitation($0, of: packet) }
            return frame.becomeAdvertisement(to: try #require(solicitation), in: packet, from: link.source)
        default: return false
        }
    }

    /// What was left to the interface for the question is not for the answer.
    @Test(arguments: ["icmp.json, icmp4-echo, step 0", "nat4.json, nat4-no-flow-reset, step 0"])
    func leavesNothingToTheInterface(origin: String) throws {
        let vector = try #require(FrameVector.all("answers").first { $0.origin == origin })
        let metadata = FrameMetadata(
            checksum: .partial(start: 34, offset: 2), segmentation: Segmentation(kind: .udp, payloadByteCount: 5))
        try withFrame(vector.input, metadata: metadata) { frame in
            let fits = try Self.answer(&frame, vector, vector.outputs[0])
            #expect(fits)
            #expect(frame.metadata == FrameMetadata())
        }
    }

    /// A part of a request cannot be answered, nor can anything else.
    @Test
    func echoesWholeRequestsAlone() throws {
        let request = Frames.ip(.v4, .icmp, [8, 0, 0xF7, 0xFF, 0, 0, 0, 0])
        var fragment = request
        fragment[20] = 0x20
        fragment.replaceSubrange(24..<26, with: [0, 0])
        fragment.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(fragment[14..<34]))))
        let reply = Frames.ip(.v4, .icmp, [0, 0, 0xFF, 0xFF, 0, 0, 0, 0])
        for (input, isDue) in [
            (request, true), (fragment, false), (reply, false), (Frames.tcp(.v4, flags: .syn), false),
        ] {
            try withFrame(input) { frame in
                let answered = frame.becomeEchoReply(to: try parsed(frame))
                #expect(answered == isDue)
                if !isDue { #expect(frame.array == input) }
            }
        }
    }

    @Test(arguments: FrameVector.all("answers"))
    func answers(vector: FrameVector) throws {
        let expected = vector.outputs[0]
        try withFrame(vector.input, headroom: 48) { frame in
            let fits = try Self.answer(&frame, vector, expected)
            #expect(fits)
            #expect(Bytes.hexadecimal(frame.array) == Bytes.hexadecimal(expected))
            #expect(ReferenceChecksums.faults(frame.array) == [])
        }
    }
}
