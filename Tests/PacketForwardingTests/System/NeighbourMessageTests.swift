import Testing

@testable import PacketForwarding

@Suite struct NeighbourMessageTests {
    private let mac = MACAddress(bits: 0x0200_0000_00AA)

    /// Whatever this package writes to ask or to announce, it can also read.
    @Test(arguments: [IPVersion.v4, .v6])
    func readsWhatTellsOfAStation(version: IPVersion) {
        let own = Frames.client(version)
        let wanted = Frames.service(version)
        let makers: [(String, IPAddress, (inout Frame) -> Bool)] = [
            (
                "a question", own,
                { frame in
                    version == .v4
                        ? frame.becomeARPRequest(for: wanted, to: nil, from: (mac, own))
                        : frame.becomeSolicitation(for: wanted, to: nil, from: (mac, own))
                }
            ),
            (
                "an announcement", wanted,
                { frame in
                    version == .v4
                        ? frame.becomeARPAnnouncement(of: wanted, from: mac)
                        : frame.becomeAnnouncement(of: wanted, from: mac)
                }
            ),
        ]
        for (name, address, make) in makers {
            var pool = FramePool(frameCount: 1, byteCount: 200, headroom: 0)
            guard var frame = pool.take() else { return }
            let isMade = make(&frame)
            #expect(isMade, "\(name)")
            let message = NeighbourMessage(frame)
            #expect(message?.address == address, "\(name)")
            #expect(message?.mac == mac, "\(name)")
            pool.put(frame)
        }
    }

    /// RFC 826 and RFC 4861 §7.2.2: all are asked through the link's broadcast address or the address's group.
    @Test(arguments: [
        (IPVersion.v4, MACAddress?.none, "ff:ff:ff:ff:ff:ff"), (.v6, nil, "33:33:ff:00:00:10"),
        (.v4, MACAddress(bits: 0x0200_0000_0001), "02:00:00:00:00:01"),
        (.v6, MACAddress(bits: 0x0200_0000_0001), "02:00:00:00:00:01"),
    ])
    func asksThoseWhoMayKnow(version: IPVersion, station: MACAddress?, destination: String) {
        var pool = FramePool(frameCount: 1, byteCount: 200, headroom: 0)
        guard var frame = pool.take() else { return }
        let sender = (mac, Frames.client(version))
        _ =
            version == .v4
            ? frame.becomeARPRequest(for: Frames.service(version), to: station, from: sender)
            : frame.becomeSolicitation(for: Frames.service(version), to: station, from: sender)
        let asked = frame.withBytes { $0.macAddress(at: 0) }
        #expect(asked == MACAddress(destination))
        pool.put(frame)
    }

    @Test func noiseTellsOfNobody() {
        var noise = Noise(seed: 5)
        for _ in 0..<20_000 {
            var bytes = noise.bytes(Int.random(in: 0...120, using: &noise))
            let isARP = Bool.random(using: &noise)
            if bytes.count > 14 { bytes.replaceSubrange(12..<14, with: isARP ? [0x08, 0x06] : [0x86, 0xDD]) }
            var pool = FramePool(frameCount: 1, byteCount: 200, headroom: 0)
            guard var frame = pool.take() else { return }
            let fits = unsafe frame.replaceBytes(with: bytes.span.bytes)
            #expect(fits)
            if let message = NeighbourMessage(frame) { #expect(message.address.version == .v4) }
            pool.put(frame)
        }
    }
}
