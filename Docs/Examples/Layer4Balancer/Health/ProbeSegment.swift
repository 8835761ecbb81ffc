import PacketForwarding

/// A packet made by hand: a TCP segment or a UDP datagram, in IP.
struct ProbeSegment {
    /// The transport's control bits.
    enum Flags: UInt8 {
        case syn = 0x02
        case rst = 0x04
        case ack = 0x10
    }

    private let source: Endpoint
    private let destination: Endpoint
    private let sequence: UInt32
    /// `nil` for a datagram.
    private let flags: Flags?
    private let payload: [UInt8]

    init(
        from source: Endpoint, to destination: Endpoint, sequence: UInt32, flags: Flags?, payload: [UInt8] = []
    ) {
        self.source = source
        self.destination = destination
        self.sequence = sequence
        self.flags = flags
        self.payload = payload
    }

    /// The IP packet (RFC 791 §3.1, RFC 8200 §3, RFC 9293 §3.1, RFC 768).
    var packet: [UInt8] {
        let transport = transport
        let number: UInt8 = flags == nil ? 17 : 6
        guard source.address.version == .v4 else {
            return [0x60, 0, 0, 0] + bytes(UInt16(transport.count)) + [number, 64] + source.address.bytes
                + destination.address.bytes + transport
        }
        var header: [UInt8] =
            [0x45, 0] + bytes(UInt16(20 + transport.count)) + [0, 0, 0x40, 0, 64, number, 0, 0]
            + source.address.bytes + destination.address.bytes
        header.replaceSubrange(10..<12, with: bytes(InternetChecksum.of(header)))
        return header + transport
    }

    private var transport: [UInt8] {
        var segment = bytes(source.port) + bytes(destination.port)
        let sumOffset: Int
        if let flags {
            // Offset, control bits, window, checksum, urgent pointer.
            segment += bytes(sequence) + bytes(UInt32(0)) + [0x50, flags.rawValue, 0x04, 0, 0, 0, 0, 0]
            sumOffset = 16
        } else {
            segment += bytes(UInt16(8 + payload.count)) + [0, 0]
            sumOffset = 6
        }
        segment += payload
        let pseudo =
            source.address.bytes + destination.address.bytes + bytes(UInt32(segment.count))
            + [0, 0, 0, flags == nil ? 17 : 6]
        let sum = InternetChecksum.of(pseudo + segment)
        // Of a datagram 0 would mean that there is none.
        segment.replaceSubrange(sumOffset..<sumOffset + 2, with: bytes(flags == nil && sum == 0 ? 0xFFFF : sum))
        return segment
    }

    private func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        stride(from: number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// What matters of a segment that came back.
    struct Answer {
        let sourcePort: UInt16
        let destinationPort: UInt16
        let acknowledgement: UInt32
        /// Whether it is SYN and ACK, without RST.
        let accepts: Bool

        /// Reads a TCP header; `nil` if it is cut short.
        init?(_ bytes: [UInt8]) {
            guard bytes.count >= 20 else { return nil }
            sourcePort = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
            destinationPort = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
            acknowledgement = bytes[8..<12].reduce(0) { $0 << 8 | UInt32($1) }
            accepts = bytes[13] & 0x17 == 0x12
        }
    }
}

extension IPAddress {
    /// The address as it is on the wire.
    fileprivate var bytes: [UInt8] {
        guard version == .v6 else {
            return stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: v4Bits >> $0) }
        }
        return [high, low].flatMap { half in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
        }
    }
}
