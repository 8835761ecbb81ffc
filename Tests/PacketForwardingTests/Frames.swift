@testable import PacketForwarding

/// Frames with right checksums, as a sender would build them.
enum Frames {
    static let client4 = IPAddress(v4: 0xC633_6407)
    static let service4 = IPAddress(v4: 0xC000_020A)
    static let client6 = IPAddress(v6: 0x2001_0DB8_000C_0000, 7)
    static let service6 = IPAddress(v6: 0x2001_0DB8_0000_0000, 0x10)

    static func client(_ version: IPVersion) -> IPAddress { version == .v4 ? client4 : client6 }
    static func service(_ version: IPVersion) -> IPAddress { version == .v4 ? service4 : service6 }

    private static let ports = big(40001 as UInt16) + big(80 as UInt16)

    /// A datagram from the client's port 40001 to the service's port 80.
    static func udp(_ version: IPVersion, payload: [UInt8], from source: IPAddress? = nil) -> [UInt8] {
        let length = UInt16(8 + payload.count)
        return ip(version, .udp, ports + big(length) + [0, 0] + payload, from: source, checksum: 6)
    }

    /// A segment from the client's port 40001 to the service's port 80, with options of whole words.
    static func tcp(
        _ version: IPVersion, flags: TCPFlags, sequence: UInt32 = 0x1000_0000, acknowledgement: UInt32 = 0,
        options: [UInt8] = [], payload: [UInt8] = []
    ) -> [UInt8] {
        let words = UInt8(5 + options.count / 4)
        let header =
            ports + big(sequence) + big(acknowledgement) + [
                words << 4, flags.rawValue, 0xFA, 0xF0, 0, 0, 0, 0,
            ]
        return ip(version, .tcp, header + options + payload, checksum: 16)
    }

    /// A packet in its frame, without and with the checksum at an offset of what it carries.
    static func ip(
        _ version: IPVersion, _ transport: IPProtocol, _ payload: [UInt8], from source: IPAddress? = nil,
        to destination: IPAddress? = nil, trafficClass: UInt8 = 0, checksum: Int? = nil
    ) -> [UInt8] {
        let source = source ?? client(version)
        let destination = destination ?? service(version)
        var payload = payload
        if let checksum {
            let pseudo =
                bytes(source) + bytes(destination) + big(UInt32(payload.count)) + big(UInt32(transport.rawValue))
            var value = ~UInt16(ReferenceChecksums.sum(pseudo + payload))
            if transport == .udp, value == 0 { value = 0xFFFF }
            payload.replaceSubrange(checksum..<checksum + 2, with: big(value))
        }
        return packet(
            version, transport, payload, from: source, to: destination, trafficClass: trafficClass)
    }

    private static func packet(
        _ version: IPVersion, _ transport: IPProtocol, _ payload: [UInt8], from source: IPAddress,
        to destination: IPAddress, trafficClass: UInt8
    ) -> [UInt8] {
        let link = Bytes.of("020000000001 0200000000fe")
        switch version {
        case .v4:
            var header: [UInt8] = [0x45, trafficClass] + big(UInt16(20 + payload.count))
            header += [0, 0, 0x40, 0, 57, transport.rawValue, 0, 0] + bytes(source) + bytes(destination)
            header.replaceSubrange(10..<12, with: big(~UInt16(ReferenceChecksums.sum(header))))
            return link + [0x08, 0x00] + header + payload
        case .v6:
            let first = UInt32(0x6000_0000) | UInt32(trafficClass) << 20
            let header = big(first) + big(UInt16(payload.count)) + [transport.rawValue, 57]
            return link + [0x86, 0xDD] + header + bytes(source) + bytes(destination) + payload
        }
    }

    static func bytes(_ address: IPAddress) -> [UInt8] {
        address.version == .v4 ? big(address.v4Bits) : big(address.high) + big(address.low)
    }

    /// The bytes of a number in network order.
    static func big(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<number.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
