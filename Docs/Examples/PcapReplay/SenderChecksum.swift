/// Checksums that a capture shows before the interface has computed them.
///
/// A program that captures on the host that sends sees frames as they are given to the interface: where TCP or UDP have their
/// checksum stands the sum of the pseudo header, and nobody has looked at the rest yet.
enum SenderChecksum {
    /// Computes the checksum of a frame in which it is still to be computed; all others stay as they are.
    static func complete(_ frame: inout [UInt8]) {
        guard let (transport, end, field, pseudoHeader) = place(in: frame), field + 2 <= end,
            UInt16(frame[field]) << 8 | UInt16(frame[field + 1]) == pseudoHeader
        else { return }
        // With the pseudo header in its place the sum is that of all.
        let checksum = ~sum(frame[transport..<end])
        let isUDP = field - transport == 6
        let value = isUDP && checksum == 0 ? 0xFFFF : checksum
        frame[field] = UInt8(value >> 8)
        frame[field + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// Where the transport header begins and the packet ends, where the checksum is, and the sum of the pseudo header; `nil` for
    /// fragments, IPv6 with extension headers, and all that is neither TCP nor UDP.
    private static func place(in frame: [UInt8]) -> (transport: Int, end: Int, field: Int, pseudoHeader: UInt16)? {
        func number(_ offset: Int) -> Int { Int(frame[offset]) << 8 | Int(frame[offset + 1]) }
        guard frame.count >= 18 else { return nil }
        let network = number(12) == 0x8100 ? 18 : 14
        let (addresses, transport, end, kind): (Range<Int>, Int, Int, UInt8)
        switch number(network - 2) {
        case 0x0800:
            guard frame.count >= network + 20, number(network + 6) & 0x3FFF == 0 else { return nil }
            (addresses, kind) = (network + 12..<network + 20, frame[network + 9])
            transport = network + Int(frame[network] & 15) * 4
            end = network + number(network + 2)
        case 0x86DD:
            guard frame.count >= network + 40 else { return nil }
            (addresses, kind) = (network + 8..<network + 40, frame[network + 6])
            transport = network + 40
            end = transport + number(network + 4)
        default: return nil
        }
        guard kind == 6 || kind == 17, transport < end, end <= frame.count else { return nil }
        let length = UInt16(truncatingIfNeeded: end - transport)
        let pseudoHeader = sum(
            frame[addresses] + [UInt8(length >> 8), UInt8(truncatingIfNeeded: length), 0, kind])
        return (transport, end, transport + (kind == 6 ? 16 : 6), pseudoHeader)
    }

    /// The sum of 16-bit words in one's complement (RFC 1071).
    private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            sum += index % 2 == 0 ? UInt32(byte) << 8 : UInt32(byte)
            if sum > 0xFFFF { sum -= 0xFFFF }
        }
        return UInt16(sum)
    }
}
