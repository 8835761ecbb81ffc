import LoadBalancing

/// The hash of a flow that all balancers of a fleet share: it chooses rows of tables and ports of tunnels, and has no secret.
///
/// The flow table has a hash of its own, whose key nobody knows.
enum FlowDigest {
    /// The hash of a client's flow to a service.
    @inline(__always)
    static func flow(client: Endpoint, service: Endpoint, transport: IPProtocol, seed: UInt64) -> UInt64 {
        let ports = UInt64(client.port) &<< 32 | UInt64(service.port) &<< 16 | UInt64(transport.rawValue)
        return mix(mix(client.address, seed) ^ mix(service.address, ports))
    }

    /// The hash of a client, whatever its port.
    @inline(__always)
    static func client(_ address: IPAddress, seed: UInt64) -> UInt64 {
        mix(mix(address, seed))
    }

    @inline(__always)
    private static func mix(_ address: IPAddress, _ seed: UInt64) -> UInt64 {
        mix(mix(address.low &+ seed) ^ address.high)
    }

    /// The finaliser of SplitMix64: every bit of the result depends on every bit of the word.
    @inline(__always)
    private static func mix(_ word: UInt64) -> UInt64 {
        var word = word &+ 0x9E37_79B9_7F4A_7C15
        word = (word ^ word &>> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word &>> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word &>> 31
    }
}
