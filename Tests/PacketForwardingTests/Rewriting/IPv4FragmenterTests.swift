import Testing

@testable import PacketForwarding

struct IPv4FragmenterTests {
    /// The fragments of a packet.
    static func fragments(_ input: [UInt8], limit: Int) throws -> [[UInt8]]? {
        // The interface vouches for the whole, not for the parts.
        try withFrame(input, metadata: FrameMetadata(interface: 3, checksum: .trusted)) { frame in
            guard var fragmenter = IPv4Fragmenter(try parsed(frame), limit: limit) else { return nil }
            return withFrame([UInt8](repeating: 0xAA, count: 2000)) { fragment in
                var fragments: [[UInt8]] = []
                while fragmenter.next(of: frame, into: &fragment) {
                    #expect(fragment.metadata == FrameMetadata(interface: 3))
                    fragments.append(fragment.array)
                }
                return fragments
            }
        }
    }

    /// What the vectors' tunnels carry are the fragments.
    @Test(arguments: FrameVector.all("fragments"))
    func cutsBeforeTheTunnel(vector: FrameVector) throws {
        let outers = try vector.outputs.map { try parsed($0) }
        let tunnel = try EncapsulationTests.tunnel(outers[0])
        let fragments = try #require(try Self.fragments(vector.input, limit: 1500 - tunnel.overhead))
        #expect(fragments.count == vector.outputs.count)
        for (fragment, output) in zip(fragments, vector.outputs) {
            #expect(fragment[14...] == output[(14 + tunnel.overhead)...])
            try withFrame(fragment) { frame in
                let packet = try parsed(frame)
                let fits = frame.encapsulate(packet, in: tunnel, flowHash: 0)
                #expect(fits)
                #expect(vector.compared(frame.array).dropFirst(24) == vector.compared(output).dropFirst(24))
            }
        }
    }

    /// Options of the packet, of the first fragment, and of the others (RFC 791, 3.1: the copied flag).
    @Test(arguments: [
        ("", ""), ("94040000", "94040000"), ("01010101", ""), ("0704040001000000", ""),
        ("01 8307 04 0a000001 00000000", "83 07 04 0a000001 00"), ("07040400 94040000 01010100", "94040000"),
        ("82040000 00 940400", "82040000"), ("8200ffff", ""), ("94ff0000", ""),
    ])
    func copiesOptionsByTheirFlag(options: String, copied: String) throws {
        let (all, rest) = (Bytes.of(options), Bytes.of(copied))
        let payload = Array(Frames.udp(.v4, payload: (0..<100).map { UInt8($0) })[34...])
        func packet(_ options: [UInt8], _ payload: ArraySlice<UInt8>, fragment: UInt16) -> [UInt8] {
            var header = [UInt8(0x45 + options.count / 4), 0] + Frames.big(UInt16(20 + options.count + payload.count))
            header += [0x1D, 9] + Frames.big(fragment) + [57, 17, 0, 0] + Frames.bytes(Frames.client4)
            header += Frames.bytes(Frames.service4) + options
            header.replaceSubrange(10..<12, with: Frames.big(~UInt16(ReferenceChecksums.sum(header))))
            return Bytes.of("020000000001 0200000000fe 0800") + header + payload
        }
        let fragments = try #require(try Self.fragments(packet(all, payload[...], fragment: 0), limit: 68))
        let first = (68 - 20 - all.count) & ~7
        let step = (68 - 20 - rest.count) & ~7
        #expect(fragments.first == packet(all, payload[..<first], fragment: 0x2000))
        var offset = first
        for fragment in fragments.dropFirst() {
            let end = min(offset + step, payload.count)
            // The last one takes all that fits, a multiple of eight or not.
            let isLast = payload.count - offset <= 68 - 20 - rest.count
            let expected = packet(
                rest, payload[offset..<(isLast ? payload.count : end)],
                fragment: UInt16(offset / 8) | (isLast ? 0 : 0x2000))
            #expect(fragment == expected, "at \(offset)")
            offset = isLast ? payload.count : end
        }
        #expect(offset == payload.count)
    }

    @Test
    func addsUpOffsetsOfAFragment() throws {
        var input = Frames.udp(.v4, payload: [UInt8](repeating: 7, count: 92))
        // Offset 800, more fragments.
        input.replaceSubrange(20..<22, with: [0x20, 100])
        input.replaceSubrange(24..<26, with: [0, 0])
        input.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(input[14..<34]))))
        let fragments = try #require(try Self.fragments(input, limit: 68))
        #expect(fragments.map { Array($0[20..<22]) } == [[0x20, 100], [0x20, 106], [0x20, 112]])
        #expect(fragments.map(\.count) == [82, 82, 38])
    }

    @Test
    func refusesWhatMayNotBeCut() throws {
        var input = Frames.udp(.v4, payload: [UInt8](repeating: 7, count: 92))
        #expect(try Self.fragments(input, limit: 68) == nil)
        #expect(try Self.fragments(Frames.udp(.v6, payload: [1]), limit: 68) == nil)
        input[20] = 0
        input.replaceSubrange(24..<26, with: [0, 0])
        input.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(input[14..<34]))))
        #expect(try Self.fragments(input, limit: 27) == nil)
        #expect(try Self.fragments(input, limit: 28)?.count == 13)
        #expect(try Self.fragments(input, limit: 1500) == [input])
    }

    /// The last byte of a datagram is at most the 65,535th, header included; offsets beyond do not fit into their field.
    @Test(arguments: [(65_535 - 20 - 96, true), (65_535 - 20 - 88, false), (65_528, false)])
    func aFragmentThatEndsBeyondAllDatagramsIsNotCut(offset: Int, isCut: Bool) throws {
        let payload = [UInt8](repeating: 5, count: 95)
        var header = [0x45, 0] + Frames.big(UInt16(20 + payload.count)) + [0x1D, 9]
        header += Frames.big(UInt16(offset / 8)) + [57, 17, 0, 0] + Frames.bytes(Frames.client4)
        header += Frames.bytes(Frames.service4)
        header.replaceSubrange(10..<12, with: Frames.big(~UInt16(ReferenceChecksums.sum(header))))
        let frame = Bytes.of("020000000001 0200000000fe 0800") + header + payload
        #expect((try Self.fragments(frame, limit: 68) != nil) == isCut)
    }
}
