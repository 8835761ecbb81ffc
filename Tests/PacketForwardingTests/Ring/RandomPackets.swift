import LoadBalancing

@testable import PacketForwarding

/// Packets of every kind that a balancer meets, from a seed: between the addresses of a scene and some that it does not know.
struct RandomPackets {
    private var random: SeededGenerator
    private let version: IPVersion
    private let known: [IPAddress]

    /// Packets of `version` between `known` addresses and others.
    init(seed: UInt64, version: IPVersion, known: [IPAddress]) {
        random = SeededGenerator(seed: seed)
        self.version = version
        self.known = known.filter { $0.version == version }
    }

    private mutating func address() -> IPAddress {
        if let address = known.randomElement(using: &random), Int.random(in: 0..<4, using: &random) > 0 {
            return address
        }
        return version == .v4
            ? IPAddress(v4: .random(in: .min ... .max, using: &random))
            : IPAddress(v6: 0x2001_0DB8 << 32 | UInt64.random(in: 0..<4, using: &random), random.next())
    }

    private mutating func port() -> UInt16 {
        [80, 7, 443].randomElement(using: &random) ?? .random(in: 1...65_535, using: &random)
    }

    private mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in .random(in: 0...255, using: &random) }
    }

    /// A frame with the next packet, and what it is called.
    mutating func next() -> (kind: String, frame: [UInt8]) {
        let source = address()
        let destination = address()
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return ("segment", Frames.ip(version, .tcp, segment(), from: source, to: destination, checksum: 16))
        case 1: return ("datagram", Frames.ip(version, .udp, datagram(), from: source, to: destination, checksum: 6))
        case 2: return ("fragment", fragment(from: source, to: destination))
        case 3: return ("error", error(from: source, to: destination))
        case 4: return ("error about us", error(from: source, to: destination, quoting: (destination, address())))
        case 5:
            let type: UInt8 = version == .v4 ? 8 : 128
            return ("echo", icmp([type, 0, 0, 0, 0, 1, 0, 1] + bytes(20), from: source, to: destination))
        case 6: return ("other", Frames.ip(version, .gre, bytes(24), from: source, to: destination))
        case 7: return ("behind headers", extended(error(from: source, to: destination)))
        default:
            return ("behind headers", extended(Frames.ip(version, .udp, datagram(), from: source, to: destination)))
        }
    }

    private mutating func segment() -> [UInt8] {
        Frames.big(port()) + Frames.big(port()) + bytes(8) + [0x50, 0x10, 0xFA, 0xF0, 0, 0, 0, 0] + bytes(12)
    }

    private mutating func datagram() -> [UInt8] {
        Frames.big(port()) + Frames.big(port()) + [0, 20, 0, 0] + bytes(12)
    }

    private func icmp(_ message: [UInt8], from source: IPAddress, to destination: IPAddress) -> [UInt8] {
        var message = message
        if version == .v4 {
            message.replaceSubrange(2..<4, with: Frames.big(~UInt16(ReferenceChecksums.sum(message))))
            return Frames.ip(.v4, .icmp, message, from: source, to: destination)
        }
        return Frames.ip(.v6, .icmpv6, message, from: source, to: destination, checksum: 2)
    }

    private mutating func error(
        from source: IPAddress, to destination: IPAddress, quoting ends: (IPAddress, IPAddress)? = nil
    ) -> [UInt8] {
        let types: [UInt8] = version == .v4 ? [3, 4, 5, 11, 12] : [1, 2, 3, 4]
        let (sender, receiver) = ends ?? (address(), address())
        let isStream = Bool.random(using: &random)
        var quoted = Frames.ip(
            version, isStream ? .tcp : .udp, isStream ? segment() : datagram(), from: sender, to: receiver)
        if Int.random(in: 0..<3, using: &random) == 0 { quoted = extended(quoted) }
        let message = [types.randomElement(using: &random) ?? 3, 0, 0, 0, 0, 0, 5, 0] + quoted.dropFirst(14)
        return icmp(message, from: source, to: destination)
    }

    private mutating func fragment(from source: IPAddress, to destination: IPAddress) -> [UInt8] {
        let isFirst = Bool.random(using: &random)
        let carried: IPProtocol = [.udp, .tcp, version == .v4 ? .icmp : .icmpv6].randomElement(using: &random) ?? .udp
        let payload = carried == .tcp ? segment() : datagram() + bytes(12)
        if version == .v6 {
            let field: UInt16 = isFirst ? 1 : 0x0098
            let header = [carried.rawValue, 0] + Frames.big(field) + bytes(4)
            return Frames.ip(.v6, .fragment, header + payload, from: source, to: destination)
        }
        var frame = Frames.ip(.v4, carried, payload, from: source, to: destination)
        frame.replaceSubrange(20..<22, with: isFirst ? [0x20, 0] : [0, 0x13])
        return Self.resummed(frame)
    }

    /// With options, or with extension headers, in front of what is carried.
    private mutating func extended(_ frame: [UInt8]) -> [UInt8] {
        var frame = frame
        if version == .v4 {
            let words = Int.random(in: 1...10, using: &random)
            frame.insert(contentsOf: Array(repeating: 1, count: words * 4), at: 34)
            frame[14] = 0x45 + UInt8(words)
            frame.replaceSubrange(16..<18, with: Frames.big(UInt16(frame.count - 14)))
            return Self.resummed(frame)
        }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let kind: UInt8 = [0, 43, 60, 44].randomElement(using: &random) ?? 0
            let words = kind == 44 ? 0 : Int.random(in: 0...2, using: &random)
            var header = [frame[20], UInt8(words)] + [UInt8](repeating: 0, count: 6 + words * 8)
            if kind == 44 { header.replaceSubrange(1..<8, with: [0, 0, 0] + bytes(4)) }
            frame[20] = kind
            frame.insert(contentsOf: header, at: 54)
        }
        frame.replaceSubrange(18..<20, with: Frames.big(UInt16(frame.count - 54)))
        return frame
    }

    private static func resummed(_ frame: [UInt8]) -> [UInt8] {
        var frame = frame
        frame.replaceSubrange(24..<26, with: [0, 0])
        let header = Array(frame[14..<14 + Int(frame[14] & 15) * 4])
        frame.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(header))))
        return frame
    }
}
