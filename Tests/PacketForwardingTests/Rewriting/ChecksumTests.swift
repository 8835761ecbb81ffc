import Testing

@testable import PacketForwarding

/// The checksum of 0, which means something else in UDP alone (RFC 768).
struct ChecksumTests {
    /// A packet whose checksum is 0 when computed, with the interface left to do so.
    static func zero(_ version: IPVersion, _ transport: IPProtocol) -> (frame: [UInt8], start: Int, field: Int) {
        func frame(_ word: [UInt8]) -> [UInt8] {
            transport == .tcp
                ? Frames.tcp(version, flags: .ack, payload: word) : Frames.udp(version, payload: word)
        }
        let start = version == .v4 ? 34 : 54
        let field = transport == .tcp ? 16 : 6
        // What the checksum of zeros would be makes it 0 when it is a part of the sum.
        var input = frame(Array(frame([0, 0])[start + field..<start + field + 2]))
        let pseudo =
            Frames.bytes(Frames.client(version)) + Frames.bytes(Frames.service(version))
            + Frames.big(UInt32(input.count - start)) + Frames.big(UInt32(transport.rawValue))
        input.replaceSubrange(
            start + field..<start + field + 2, with: Frames.big(UInt16(ReferenceChecksums.sum(pseudo))))
        return (input, start, field)
    }

    @Test(arguments: [IPVersion.v4, .v6], [(IPProtocol.tcp, [0, 0]), (.udp, [0xFF, 0xFF])])
    func completesToZero(version: IPVersion, expected: (transport: IPProtocol, field: [UInt8])) {
        let (input, start, field) = Self.zero(version, expected.transport)
        let state = ChecksumState.partial(start: UInt16(start), offset: UInt16(field))
        withFrame(input, metadata: FrameMetadata(checksum: state)) { frame in
            frame.completeChecksum()
            #expect(Array(frame.array[start + field..<start + field + 2]) == expected.field)
            #expect(ReferenceChecksums.faults(frame.array) == [])
        }
    }

    @Test
    func cutsADatagramWhoseChecksumIsZero() throws {
        let word = Frames.udp(.v4, payload: [0, 0])[40..<42]
        let metadata = FrameMetadata(segmentation: Segmentation(kind: .udp, payloadByteCount: 100))
        try withFrame(Frames.udp(.v4, payload: Array(word)), metadata: metadata) { frame in
            guard var segmenter = Segmenter(frame, try parsed(frame)) else { throw NotAPacket() }
            withFrame([]) { segment in
                let isCut = segmenter.next(of: frame, into: &segment)
                #expect(isCut)
                #expect(segment.array[40..<42] == [0xFF, 0xFF])
            }
        }
    }

    /// Where the interface said that it would compute a checksum beyond the end, nothing can be done.
    @Test(arguments: [(53, 0), (38, 16), (60, 0), (0xFFFF, 0xFFFF)] as [(UInt16, UInt16)])
    func leavesAChecksumBeyondTheEnd(start: UInt16, offset: UInt16) {
        let input = Frames.tcp(.v4, flags: .ack)
        withFrame(input, metadata: FrameMetadata(checksum: .partial(start: start, offset: offset))) { frame in
            frame.completeChecksum()
            #expect(frame.array == input)
            #expect(frame.metadata.checksum == .complete)
        }
    }

    /// The outer checksum over IPv6, of a packet that makes it 0.
    @Test
    func sendsAnOuterZeroAsOnes() throws {
        let tunnel = try #require(Tunnel(.gue, from: .address(Frames.client6), to: Frames.service6))
        func outer(_ word: [UInt8]) throws -> [UInt8] {
            // No checksum of its own, so that the word alone decides.
            var input = Frames.udp(.v4, payload: word)
            input.replaceSubrange(40..<42, with: [0, 0])
            return try withFrame(input) { frame in
                let packet = try parsed(frame)
                let fits = frame.encapsulate(packet, in: tunnel, flowHash: 0)
                #expect(fits)
                return frame.array
            }
        }
        let checksum = try outer([0, 0])[60..<62]
        #expect(try outer(Array(checksum))[60..<62] == [0xFF, 0xFF])
    }
}
