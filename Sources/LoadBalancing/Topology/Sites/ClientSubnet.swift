/// Why a client-subnet option is malformed: a name server answers FORMERR.
public enum ClientSubnetError: Error, Hashable, Sendable {
    /// The option is shorter than its fixed part, or than its prefix needs.
    case truncated
    /// The option is longer than its prefix needs.
    case tooLong
    /// The family of addresses is neither IPv4 nor IPv6.
    case unknownFamily(UInt16)
    /// The prefix is longer than an address.
    case lengthOutOfRange(Int)
    /// A query's scope is not 0.
    case scopeInQuery
    /// Bits behind the prefix are set.
    case sparebitsSet
}

/// The EDNS client-subnet option (RFC 7871): the network of the client for which a resolver asks.
public struct ClientSubnet: Hashable, Sendable {
    /// The network.
    public let network: NetworkPrefix

    /// The option for a network.
    public init(_ network: NetworkPrefix) {
        self.network = network
    }

    /// Reads the data of a query's option.
    ///
    /// - Throws: ``ClientSubnetError``, if it is malformed.
    public init(query data: some Collection<UInt8>) throws(ClientSubnetError) {
        let bytes = Array(data)
        guard bytes.count >= 4 else { throw .truncated }
        let number = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        let family: NetworkAddress.Family
        switch number {
        case 1: family = .ipv4
        case 2: family = .ipv6
        default: throw .unknownFamily(number)
        }
        let length = Int(bytes[2])
        guard length <= family.bitCount else { throw .lengthOutOfRange(length) }
        guard bytes[3] == 0 else { throw .scopeInQuery }
        let needed = 4 + (length + 7) / 8
        guard bytes.count >= needed else { throw .truncated }
        guard bytes.count == needed else { throw .tooLong }
        let padded = bytes[4...] + Array(repeating: 0, count: family.bitCount / 8 - (needed - 4))
        guard let address = NetworkAddress(bytes: padded) else { throw .truncated }
        network = NetworkPrefix(address, length: length)
        guard network.address == address else { throw .sparebitsSet }
    }

    /// Whether the client does not want its network to count: a source of 0 bits.
    ///
    /// All such clients get one answer, unless it is chosen by the resolver's address.
    public var isOptOut: Bool { network.length == 0 }

    /// The data of the option in a query.
    public var queryData: [UInt8] { data(scope: 0) }

    /// The data of the option in an answer, which repeats the query's family, source and address.
    ///
    /// - Parameter scope: how many bits decided: ``SiteAnswer/scope``, which may be more than the query's; taken for 0 where
    ///   the client does not want its network to count.
    /// - Returns: the bytes behind the option's length.
    public func answerData(scope: Int) -> [UInt8] {
        data(scope: isOptOut ? 0 : min(max(scope, 0), network.family.bitCount))
    }

    private func data(scope: Int) -> [UInt8] {
        [0, network.family.rawValue, UInt8(clamping: network.length), UInt8(clamping: scope)]
            + network.address.bytes.prefix((network.length + 7) / 8)
    }
}
