/// Where Katran puts what tells flows apart in outer headers, so that receivers and routers which go by them see the same.
///
/// - Note: facebookincubator/katran at 19f08fec (2026-08): addresses of IP in IP, ports of GUE.
enum KatranEntropy {
    /// The client's address in four bytes, the last ones of IPv6, and its port.
    private static func parts(_ client: Endpoint) -> (bytes: UInt32, port: UInt16) {
        (UInt32(truncatingIfNeeded: client.address.low), client.port)
    }

    /// The sender of outer IPv4 packets: 172.16.x.y, each byte of the port mixed with a byte of the address.
    static func v4Source(of client: Endpoint) -> IPAddress {
        IPAddress(v4: 0xAC10_0000 | UInt32(port(of: client, isSwapped: true)))
    }

    /// The sender of outer IPv6 packets: 100::x:y (RFC 6666), the port mixed with the upper half of four bytes.
    static func v6Source(of client: Endpoint) -> IPAddress {
        let (bytes, port) = parts(client)
        return IPAddress(v6: 0x0100_0000_0000_0000, UInt64(bytes ^ UInt32(port) << 16))
    }

    /// The source port of GUE.
    ///
    /// - Parameters:
    ///   - client: The client.
    ///   - version: The version of the outer packet.
    /// - Returns: a port, of the whole range.
    static func guePort(of client: Endpoint, over version: IPVersion) -> UInt16 {
        guard client.address.version == .v4 else {
            return client.port ^ UInt16(truncatingIfNeeded: client.address.low >> 16)
        }
        return port(of: client, isSwapped: version == .v4)
    }

    private static func port(of client: Endpoint, isSwapped: Bool) -> UInt16 {
        let (bytes, port) = parts(client)
        return UInt16(truncatingIfNeeded: bytes) ^ (isSwapped ? port.byteSwapped : port)
    }
}
