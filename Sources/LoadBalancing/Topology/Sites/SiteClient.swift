/// Who asks for a site: all that is known of the client, or of the resolver that asks for it.
public struct SiteClient: Hashable, Sendable {
    /// The network of the client: of the client-subnet option if there is one, else of the resolver's address.
    public var network: NetworkPrefix?
    /// How many bits of the network's address it took to know the place: what ``PrefixTable`` says.
    public var placeLength: Int
    /// Where it is.
    public var location: GeoPoint?
    /// The part of the country, as in ISO 3166-2.
    public var subdivision: String?
    /// The country, as in ISO 3166-1.
    public var country: String?
    /// The continent.
    public var continent: String?
    /// The autonomous system.
    public var autonomousSystem: UInt32?
    /// How long sites take to answer clients like this one, by name.
    public var latencies: [String: Duration]
    /// The site that the client is bound to, if that is known.
    public var boundSite: String?

    /// Describes a client.
    public init(
        network: NetworkPrefix? = nil, placeLength: Int = 0, location: GeoPoint? = nil, subdivision: String? = nil,
        country: String? = nil, continent: String? = nil, autonomousSystem: UInt32? = nil,
        latencies: [String: Duration] = [:], boundSite: String? = nil
    ) {
        self.network = network
        self.placeLength = placeLength
        self.location = location
        self.subdivision = subdivision
        self.country = country
        self.continent = continent
        self.autonomousSystem = autonomousSystem
        self.latencies = latencies
        self.boundSite = boundSite
    }

    /// The areas that the client is in, the smallest first.
    var areas: [GeoArea] {
        [
            subdivision.map(GeoArea.subdivision), country.map(GeoArea.country), continent.map(GeoArea.continent),
            .everywhere,
        ].compactMap { $0 }
    }

    /// Whether the client is in one of the areas.
    func isIn(_ areas: Set<GeoArea>) -> Bool { self.areas.contains(where: areas.contains) }
}

/// Which clients are one to a choice that has to stay the same for a client.
public struct ClientGrouping: Hashable, Sendable {
    /// How many bits of an IPv4 address count.
    public var ipv4Length: Int
    /// How many bits of an IPv6 address count.
    public var ipv6Length: Int

    /// Groups clients by the beginning of their address.
    public init(ipv4Length: Int = 24, ipv6Length: Int = 56) {
        self.ipv4Length = ipv4Length
        self.ipv6Length = ipv6Length
    }

    /// The part of the network that counts; `nil` if there is no network.
    func prefix(of client: SiteClient) -> NetworkPrefix? {
        client.network.map { $0.shortened(to: $0.family == .ipv4 ? ipv4Length : ipv6Length) }
    }
}
