public import LoadBalancing

/// The addresses of LoadBalancing's topology, which are the same ones in a form for configurations.
extension IPAddress {
    /// The same address as a number of its own version.
    public init(_ address: NetworkAddress) {
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        let bytes = address.bytes
        switch address.family {
        case .ipv4: self.init(v4: UInt32(truncatingIfNeeded: word(bytes[...])))
        case .ipv6: self.init(v6: word(bytes.prefix(8)), word(bytes.suffix(8)))
        }
    }
}

extension NetworkAddress {
    /// The same address.
    public init(_ address: IPAddress) {
        switch address.version {
        case .v4: self.init(ipv4: address.v4Bits)
        case .v6: self.init(ipv6: address.high, address.low)
        }
    }
}

extension IPPrefix {
    /// The same prefix.
    public init(_ prefix: NetworkPrefix) {
        guard let same = IPPrefix(IPAddress(prefix.address), bitCount: prefix.length) else {
            preconditionFailure("a prefix of more bits than its address has")
        }
        self = same
    }
}

extension NetworkPrefix {
    /// The same prefix.
    public init(_ prefix: IPPrefix) {
        self.init(NetworkAddress(prefix.address), length: prefix.bitCount)
    }
}
