import Glibc
import LoadBalancing
import PacketForwarding

/// Sends an echo request, and waits for its answer (RFC 792, RFC 4443 §4).
enum EchoProbe {
    static func run(_ address: IPAddress, until deadline: Timestamp) throws(ProbeError) {
        let isV4 = address.version == .v4
        let socket = try ProbeSocket(address.version, SOCK_RAW, isV4 ? CInt(IPPROTO_ICMP) : CInt(IPPROTO_ICMPV6))
        try socket.connect(to: Endpoint(address, 0))
        let token = UInt64.random(in: .min ... .max)
        var message: [UInt8] = [isV4 ? 8 : 128, 0, 0, 0]
        for shift in stride(from: 56, through: 0, by: -8) { message.append(UInt8(truncatingIfNeeded: token >> shift)) }
        if isV4 {
            // The kernel sums up ICMPv6 itself, with the pseudo-header.
            let sum = InternetChecksum.of(message)
            message[2] = UInt8(truncatingIfNeeded: sum >> 8)
            message[3] = UInt8(truncatingIfNeeded: sum)
        }
        try socket.send(message)
        while true {
            // Of IPv4 the header comes along.
            let bytes = try socket.receive(until: deadline)
            let start = isV4 ? Int(bytes.first ?? 0) % 16 * 4 : 0
            let answer = bytes.dropFirst(start)
            guard answer.first == (isV4 ? 0 : 129), answer.dropFirst(4).starts(with: message[4...]) else { continue }
            return
        }
    }
}

/// The checksum of the Internet's protocols (RFC 1071).
enum InternetChecksum {
    static func of(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}
