@testable import PacketForwarding

/// Frames that an engine may get: packets of few flows in any order, both ways, and what became of them on the way.
struct EngineNoise {
    var random: Noise
    let mode: ServiceMode

    init(seed: UInt64, _ mode: ServiceMode) {
        random = Noise(seed: seed)
        self.mode = mode
    }

    /// The next frame, and the interface that it comes in on.
    mutating func next() -> (bytes: [UInt8], metadata: FrameMetadata) {
        let version = pick([IPVersion.v4, .v6])
        let isTCP = random.next() & 1 == 0
        let isAnswer = random.next() % 4 == 0
        let client = EngineScene.client(version, Int(random.next() % 8))
        let port = UInt16(40_000 + random.next() % 4)
        var source = client
        var destination = Frames.service(version)
        var ports = (port, UInt16(80))
        if isAnswer {
            source = EngineScene.backend(version, Int(random.next() % 3))
            destination = mode == .fullNAT ? EngineScene.source(version) : client
            ports = (80, mode == .fullNAT ? UInt16(5_000 + random.next() % 4) : port)
        }
        let segment: [UInt8] =
            isTCP
            ? [0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags(), 0xFA, 0xF0, 0, 0, 0, 0]
            : Frames.big(UInt16(8 + 18)) + [0, 0] + Array(repeating: 7, count: 18)
        var bytes = Frames.ip(
            version, isTCP ? .tcp : .udp, Frames.big(ports.0) + Frames.big(ports.1) + segment, from: source,
            to: destination, checksum: isTCP ? 16 : 6)
        if random.next() % 8 == 0 { spoil(&bytes) }
        if random.next() % 16 == 0, bytes.count >= 12 { bytes.insert(contentsOf: [0x81, 0x00, 0x20, 0x05], at: 12) }
        if random.next() % 16 == 0 { bytes += [0, 0, 0] }
        return (bytes, FrameMetadata(interface: isAnswer ? 1 : 0))
    }

    /// Flags of a segment, the likely ones more often.
    private mutating func flags() -> UInt8 {
        pick([0x02, 0x02, 0x10, 0x10, 0x10, 0x18, 0x12, 0x11, 0x04, UInt8(truncatingIfNeeded: random.next())])
    }

    /// Changes a byte, and makes the header's checksum right again half of the time.
    private mutating func spoil(_ bytes: inout [UInt8]) {
        let place = Int(random.next() % UInt64(bytes.count))
        bytes[place] = UInt8(truncatingIfNeeded: random.next())
        if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
        guard random.next() & 1 == 0, bytes.count >= 34, bytes[12] == 0x08 else { return }
        bytes.replaceSubrange(24..<26, with: [0, 0])
        bytes.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(Array(bytes[14..<34])))))
    }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }
}
