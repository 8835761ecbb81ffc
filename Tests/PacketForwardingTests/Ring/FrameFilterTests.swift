#if os(Linux)
    import LoadBalancing
    import Testing

    @testable import PacketForwarding

    /// The kernel's filter lets through what the engine acts on, and little else.
    @Suite struct FrameFilterTests {
        private static let addresses: [IPAddress] = [IPVersion.v4, .v6].flatMap { version in
            [Frames.service(version), EngineScene.source(version)] + (0..<3).map { EngineScene.backend(version, $0) }
                + (0..<8).map { EngineScene.client(version, $0) }
        }

        private static func accepts(_ filter: PacketFilter, _ frame: [UInt8]) -> Bool? {
            FilterMachine(filter).run(frame, etherType: UInt16(frame[12]) << 8 | UInt16(frame[13])).map { $0 > 0 }
        }

        /// Packets of clients come first, so that there are flows that backends and routers can speak of.
        @Test(arguments: ServiceMode.allCases, [IPVersion.v4, .v6])
        func letsThroughWhatTheEngineActsOn(mode: ServiceMode, version: IPVersion) throws {
            let scene = try EngineScene(mode, flows: 4_096)
            let filter = FrameRules(scene.control, interface: 0).program
            var engine = scene.engine()
            var packets = RandomPackets(
                seed: 11, version: version, known: Self.addresses + Array(repeating: Frames.service(version), count: 12)
            )
            var acted = 0
            var refused = 0
            for number in 0..<4_000 {
                let (kind, frame) = packets.next()
                guard let isAccepted = Self.accepts(filter, frame) else {
                    Issue.record("packet \(number): the kernel would refuse the filter")
                    return
                }
                if !isAccepted { refused += 1 }
                guard engine.acts(on: frame) else { continue }
                acted += 1
                #expect(isAccepted, "packet \(number), \(kind): \(frame)")
            }
            #expect(acted > 300 && refused > 300, "\(acted) \(refused)")
        }

        /// Nothing between strangers gets in, but for errors, of which nobody knows whom they are about.
        @Test(arguments: [IPVersion.v4, .v6])
        func refusesWhatIsForeign(version: IPVersion) throws {
            let filter = FrameRules(try EngineScene(.nat).control, interface: 0).program
            var packets = RandomPackets(seed: 12, version: version, known: [])
            for _ in 0..<5_000 {
                let (kind, frame) = packets.next()
                guard !kind.hasPrefix("error"), kind != "behind headers" else { continue }
                #expect(Self.accepts(filter, frame) == false, "\(kind): \(frame)")
            }
        }

        @Test func letsQuestionsForOurAddressesThrough() throws {
            let filter = FrameRules(try EngineScene(.nat).control, interface: 0).program
            let asker = (MACAddress(bits: 0x0200_0000_00FE), Frames.client4)
            let asker6 = (MACAddress(bits: 0x0200_0000_00FE), Frames.client6)
            for (wanted, isOurs) in [(Frames.service4, true), (Frames.client(.v4), false)] {
                let frame = made { $0.becomeARPRequest(for: wanted, to: nil, from: asker) }
                #expect(Self.accepts(filter, frame) == isOurs, "\(wanted)")
            }
            for (wanted, isOurs) in [(Frames.service6, true), (EngineScene.client(.v6, 1), false)] {
                let frame = made { $0.becomeSolicitation(for: wanted, to: nil, from: asker6) }
                #expect(Self.accepts(filter, frame) == isOurs, "\(wanted)")
            }
        }

        private func made(_ make: (inout Frame) -> Bool) -> [UInt8] {
            var pool = FramePool(frameCount: 1, byteCount: 200, headroom: 0)
            guard var frame = pool.take() else { return [] }
            let bytes = make(&frame) ? frame.array : []
            pool.put(frame)
            return bytes
        }

        /// With more addresses than a program has room for, the station decides.
        @Test func fallsBackToTheStation() {
            let many = (0..<5_000 as Range<UInt32>).map { IPAddress(v4: 0x0A00_0000 + 7 * $0).prefix }
            let station = MACAddress(bits: 0x0200_0000_0001)
            let filter = FrameRules(receivers: many, senders: [], station: station).program
            #expect(filter.instructions.count < 20)
            let frame = Frames.udp(.v4, payload: [])
            #expect(Self.accepts(filter, frame) == true)
            for (byte, isAccepted) in [(0 as Int, false), (3, false), (5, false)] {
                var other = frame
                other[byte] ^= 0x10
                #expect(Self.accepts(filter, other) == isAccepted)
            }
            #expect(Self.accepts(filter, Array(repeating: 0xFF, count: 6) + frame.dropFirst(6)) == true)
        }

        /// What is in force while a configuration changes lets through what either of the two wants.
        @Test func unionsLetThroughWhatEitherDoes() throws {
            let old = try EngineScene(.nat).configuration
            var new = old
            new.services = [old.services[0]]
            new.services[0].address = try #require(IPPrefix("192.0.2.99"))
            let union = FrameRules(old, interface: 0).union(FrameRules(new, interface: 0)).program
            for address in [Frames.service4, IPAddress(v4: 0xC000_0263)] {
                #expect(Self.accepts(union, Frames.ip(.v4, .gre, [], to: address)) == true)
            }
        }
    }

    extension ForwardingEngine {
        /// Whether a frame is sent on, answered, or dropped for a reason that is worth counting.
        fileprivate mutating func acts(on bytes: [UInt8]) -> Bool {
            var pool = FramePool(frameCount: 8, byteCount: 2_048, headroom: 64)
            var pieces = FrameBatch(capacity: 6)
            guard var frame = pool.take() else { return false }
            _ = bytes.withRawSpan { frame.replaceBytes(with: $0) }
            let verdict = process(&frame, at: Timestamp(nanoseconds: EngineScene.start), pieces: &pieces, pool: &pool)
            pool.put(frame)
            return verdict != .pass
        }
    }
#endif
