import LoadBalancing

/// What the fragments of one datagram have in common: IPv4 counts identifications for each protocol, IPv6 does not.
struct FragmentKey: Hashable, Sendable, BitwiseCopyable {
    let source: IPAddress
    let destination: IPAddress
    let identification: UInt32
    /// The protocol's number; 0 for IPv6.
    let transport: UInt8

    /// The datagram that a fragment is of.
    ///
    /// - Parameters:
    ///   - source: The packet's source.
    ///   - destination: The packet's destination, of the same version.
    ///   - identification: The packet's identification.
    ///   - transport: What the packet carries.
    init(source: IPAddress, destination: IPAddress, identification: UInt32, transport: IPProtocol) {
        self.source = source
        self.destination = destination
        self.identification = identification
        self.transport = source.version == .v4 ? transport.rawValue : 0
    }

    /// A hash that nobody can steer who does not know the secret.
    func hash(secret: SipKey) -> UInt64 {
        var hash = FlowHash(secret: secret)
        guard source.version == .v6 else {
            hash.absorb(UInt64(source.v4Bits) | UInt64(destination.v4Bits) << 32)
            return hash.finish(UInt64(identification) | UInt64(transport) << 32, byteCount: 13)
        }
        hash.absorb(source.high)
        hash.absorb(source.low)
        hash.absorb(destination.high)
        hash.absorb(destination.low)
        return hash.finish(UInt64(identification), byteCount: 36)
    }
}
