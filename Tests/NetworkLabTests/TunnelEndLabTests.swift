#if os(Linux)
    import LoadBalancing
    import PacketForwarding
    import Testing

    @testable import Layer4Balancer
    @testable import Layer4Lab

    /// The end of a tunnel on a link that brings it more than is its own.
    @Suite(.enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads)
    struct TunnelEndLabTests {
        /// A packet of the balancer in a tunnel, IP in IP, to a station and an address.
        private static func frame(to station: String, _ address: String) throws -> [UInt8] {
            let client = try #require(Endpoint("10.9.1.2:1000"))
            let service = try #require(Endpoint("\(NetworkLab.service4):7"))
            let inner = ProbeSegment(from: client, to: service, sequence: 0, flags: nil, payload: [1]).packet
            let (source, destination) = (try #require(IPAddress("10.9.2.1")), try #require(IPAddress(address)))
            func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
                (1...count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - $0))) }
            }
            var outer: [UInt8] = [0x45, 0] + bytes(UInt64(20 + inner.count), 2) + [0, 0, 0x40, 0, 64, 4, 0, 0]
            outer += bytes(UInt64(source.v4Bits), 4) + bytes(UInt64(destination.v4Bits), 4)
            outer.replaceSubrange(10..<12, with: bytes(UInt64(InternetChecksum.of(outer)), 2))
            let mac = try #require(MACAddress(station))
            return bytes(mac.bits, 6) + [2, 0, 0, 0, 0, 0x0B, 0x08, 0x00] + outer + inner
        }

        /// Sends frames out of the balancer's interface, in order.
        private static func send(_ all: [[UInt8]]) throws {
            var link = try PacketLink(
                "b0", number: 0, options: PacketLinkOptions(slotCount: 2, largeSlotCount: 1, blockCount: 1))
            var pool = FramePool(frameCount: 1, byteCount: 256, headroom: 64)
            for bytes in all {
                guard var frame = pool.take(), frame.replaceBytes(with: unsafe bytes.span.bytes) else {
                    throw LabError("no frame")
                }
                link.send(&frame)
                link.flush()
                pool.put(frame)
            }
        }

        /// A switch that does not know where a station is sends to all: what is another one's is left to him, or he and we
        /// would take the packet out both.
        @Test func leavesOthersTheirPackets() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: false)
            defer { lab.remove() }
            let own = try Self.frame(to: "02:00:00:00:00:0c", "10.9.2.10")
            let frames = [
                own, try Self.frame(to: "02:00:00:00:00:1c", "10.9.2.10"),
                try Self.frame(to: "02:00:00:00:00:0c", "10.9.2.11"), own,
            ]
            let counts = try lab.inside(.backend) {
                try lab.on(.backend, "link", "set", "e0", "promisc", "on")
                let device = try TunnelDevice("t0")
                try lab.on(.backend, "link", "set", "t0", "up")
                let end = try TunnelEnd(
                    from: "e0", to: device,
                    TunnelReceiver(
                        outerSources: ["10.9.2.1"].compactMap { IPPrefix($0) },
                        innerDestinations: [NetworkLab.service4].compactMap { IPPrefix($0) }))
                try lab.inside(.balancer) { try Self.send(frames) }
                try waitUntil(.seconds(30), "the last packet is taken out") {
                    _ = end.step()
                    return end.delivered >= 2
                }
                return [end.delivered, end.refused]
            }
            #expect(counts == [2, 1])
        }
    }
#endif
