import PacketForwarding

/// Whether an outer packet is right.
struct TunnelCheck {
    private let configuration: ForwardingConfiguration

    init(_ configuration: ForwardingConfiguration) {
        self.configuration = configuration
    }

    /// The packet inside of an outer one.
    ///
    /// - Throws: what is wrong with the outer header or the lengths of both.
    func inner(_ frame: PlainFrame, _ outer: WirePacket) throws(WireFault) -> WirePacket {
        guard outer.hopLimit == 64, outer.isWhole else { throw WireFault("tunnel: hop limit, or a fragment") }
        let source = outer.source.reduce("") { $0 + ($0.isEmpty ? "" : " ") + String($1) }
        let configured = outer.version == 4 ? configuration.tunnelSource.ipv4 : configuration.tunnelSource.ipv6
        guard source == configured?.bytes.map(String.init).joined(separator: " ") else {
            throw WireFault("tunnel: from \(source)")
        }
        if outer.version == 4 {
            let fields = outer.bytes[outer.start + 4..<outer.start + 8]
            guard outer.transport - outer.start == 20, fields == [0, 0, 0x40, 0] else {
                throw WireFault("tunnel: no atomic datagram")
            }
        }
        let inner = try WirePacket(frame.bytes, at: outer.transport + (try shim(frame, outer)), until: outer.end)
        guard inner.end == outer.end else { throw WireFault("tunnel: \(outer.end - inner.end) bytes too many") }
        guard inner.trafficClass == outer.trafficClass else { throw WireFault("tunnel: another class") }
        let type = [4: 4, 41: 6][outer.transportProtocol] ?? inner.version
        guard type == inner.version else { throw WireFault("tunnel: another version inside") }
        return inner
    }

    /// Bytes between both headers.
    private func shim(_ frame: PlainFrame, _ outer: WirePacket) throws(WireFault) -> Int {
        switch outer.transportProtocol {
        case 4, 41: return 0
        case 47:
            let first = outer.payload.prefix(4)
            guard first == [0, 0, 0x08, 0x00] || first == [0, 0, 0x86, 0xDD] else { throw WireFault("GRE: \(first)") }
            return 4
        case 17:
            guard frame.number(at: outer.transport + 2) == 6080,
                Int(frame.number(at: outer.transport + 4) ?? 0) == outer.payload.count,
                frame.number(at: outer.transport) ?? 0 >= 49_152
            else { throw WireFault("GUE: ports or length") }
            if outer.version == 4 {
                guard frame.number(at: outer.transport + 6) == 0 else { throw WireFault("GUE: checksum over IPv4") }
            } else if let completed = frame.honestlyCompleted {
                let error = try completed.packet().checksumError
                guard error == 0 else {
                    throw WireFault("GUE: checksum \(error.map { "wrong by \($0)" } ?? "missing")")
                }
            }
            return 8
        default: throw WireFault("tunnel: protocol \(outer.transportProtocol)")
        }
    }
}

extension IPAddress {
    fileprivate var bytes: [UInt8] {
        let high = (0..<8).map { UInt8(truncatingIfNeeded: self.high >> UInt64(56 - 8 * $0)) }
        let low = (0..<8).map { UInt8(truncatingIfNeeded: self.low >> UInt64(56 - 8 * $0)) }
        return version == .v4 ? Array(low.suffix(4)) : high + low
    }
}

extension PlainFrame {
    /// The frame after the interface has done its part; `nil` if what was left to it makes no sense.
    fileprivate var honestlyCompleted: PlainFrame? {
        guard case .partial(let start, let offset) = metadata.checksum else { return self }
        guard let outer = try? packet() else { return nil }
        // Where the transport header of the packet behind the UDP header has its checksum.
        guard let inner = try? WirePacket(bytes, at: outer.transport + 8, until: outer.end),
            inner.transport == Int(start), inner.checksumField == Int(offset)
        else { return nil }
        return completed
    }
}
