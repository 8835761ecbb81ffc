#if os(Linux)
    import Testing

    @testable import Layer4Lab
    @testable import PacketForwarding

    /// Stations say where they are, each on its own link.
    @Suite(
        .enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads,
        .serialized)
    struct NeighbourLabTests {
        /// What a station of another VLAN says of an address is no news of the station that has it here.
        @Test func hearsItsOwnVLANOnly() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let balancer = try LabWorkers(lab, mode: .nat) { $0.neighbours = [] }
            defer { balancer.workers.stop() }
            let control = balancer.control
            let backend = try #require(IPAddress("10.9.2.10"))
            let places = try lab.inside(.balancer) { () -> [MACAddress?] in
                let service = try NeighbourService(control)
                try waitUntil(.seconds(30), "the backend's answer") {
                    service.step()
                    return control.plan.links.nextHop(to: backend) != nil
                }
                let namespace = "/run/netns/\(lab.namespace(.backend))"
                return try [(1, UInt16?.some(100)), (2, 0), (3, nil)].map { number, tag in
                    let mac = MACAddress(bits: 0x0200_0000_0100 + UInt64(number))
                    try BackgroundTask {
                        try Namespace.enter(namespace)
                        try Self.announce(backend, at: mac, tag: tag)
                    }.wait()
                    service.step()
                    return control.plan.links.nextHop(to: backend)?.destination
                }
            }
            let numbers = places.map { $0.map { Int($0.bits & 0xFF) } }
            #expect(numbers == [0x0C, 2, 3])
        }

        /// Sends an announcement of an address from the backend's device.
        private static func announce(_ address: IPAddress, at mac: MACAddress, tag: UInt16?) throws {
            var sender = try PacketLink("e0", number: 0, options: PacketLinkOptions(slotCount: 2, blockCount: 1))
            var pool = FramePool(frameCount: 1, byteCount: 256, headroom: 64)
            guard var frame = pool.take() else { throw LabError("no frame") }
            _ = frame.becomeARPAnnouncement(of: address, from: mac)
            frame.metadata.tag = tag.map { VLANTag(control: $0, etherType: .vlan) }
            sender.send(&frame)
            sender.flush()
            pool.put(frame)
        }
    }
#endif
