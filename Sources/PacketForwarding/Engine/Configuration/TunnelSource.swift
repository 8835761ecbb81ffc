/// The sources of outer headers, one of each version at most, and how they tell flows apart.
///
/// Routers with several equal paths and interfaces with several queues go by outer headers. GUE tells flows apart by its
/// source port; for IP-in-IP and GRE, which have none, the source address may.
public struct TunnelSource: Hashable, Sendable, Codable {
    /// What a flow's outer source follows from.
    public enum Spreading: String, Hashable, Sendable, Codable {
        /// All flows have the address of the version.
        case fixed
        /// Each flow has an address of the version's prefix, by its hash; without a prefix, the address.
        case flow
        /// Each flow has what Katran would give it: 172.16.0.0/16 and 100::/64 around the client's address and port with
        /// IP-in-IP and GRE, a source port made of them with GUE.
        case katran
    }

    /// The source of outer IPv4 headers.
    public var ipv4: IPAddress?
    /// The source of outer IPv6 headers.
    public var ipv6: IPAddress?
    /// What a flow's source follows from.
    public var spreading: Spreading
    /// Where outer IPv4 sources are taken from with ``Spreading/flow``: ICMP errors to all of it must come to the engine.
    public var ipv4Prefix: IPPrefix?
    /// The same of IPv6.
    public var ipv6Prefix: IPPrefix?

    /// Sources of the versions that are given, the same for all flows.
    public init(ipv4: IPAddress? = nil, ipv6: IPAddress? = nil) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        spreading = .fixed
    }

    /// Reads sources; all may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            ipv4: try values.decodeIfPresent(IPAddress.self, forKey: .ipv4),
            ipv6: try values.decodeIfPresent(IPAddress.self, forKey: .ipv6))
        spreading = try values.decodeIfPresent(Spreading.self, forKey: .spreading) ?? .fixed
        ipv4Prefix = try values.decodeIfPresent(IPPrefix.self, forKey: .ipv4Prefix)
        ipv6Prefix = try values.decodeIfPresent(IPPrefix.self, forKey: .ipv6Prefix)
    }

    /// The source of outer headers of a version.
    func address(of version: IPVersion) -> IPAddress? {
        version == .v4 ? ipv4 : ipv6
    }

    /// Where the outer sources of a version come from; `nil` without an address of it.
    func source(of version: IPVersion) -> Tunnel.Source? {
        guard let address = address(of: version) else { return nil }
        switch spreading {
        case .fixed: return .address(address)
        case .flow: return (version == .v4 ? ipv4Prefix : ipv6Prefix).map { .derived($0) } ?? .address(address)
        case .katran: return .katran(address)
        }
    }

    /// Whether an address may be the source of an outer header.
    func contains(_ address: IPAddress) -> Bool {
        if address == self.address(of: address.version) { return true }
        switch spreading {
        case .fixed: return false
        case .flow: return (address.version == .v4 ? ipv4Prefix : ipv6Prefix)?.contains(address) ?? false
        case .katran:
            return address.version == .v4
                ? address.v4Bits >> 16 == 0xAC10 : address.high == 0x0100_0000_0000_0000 && address.low >> 32 == 0
        }
    }
}
