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
    /// What else is known of the way to sites from clients like this one, by site and figure: ``SiteMetric/path(_:)``.
    public var metrics: [String: [String: Double]]
    /// The site that the client is bound to, if that is known.
    public var boundSite: String?
    /// How many bits of the network's address it took to know whether the client is bound, and where: what ``PrefixTable``
    /// says.
    ///
    /// `nil` stands for all of them where the client is bound, and for none where it is not: enough as long as answers are
    /// not kept for others. Where they are, an answer to one who is not bound must not reach its neighbours who are.
    public var boundLength: Int?

    /// Describes a client.
    public init(
        network: NetworkPrefix? = nil, placeLength: Int = 0, location: GeoPoint? = nil, subdivision: String? = nil,
        country: String? = nil, continent: String? = nil, autonomousSystem: UInt32? = nil,
        latencies: [String: Duration] = [:], metrics: [String: [String: Double]] = [:], boundSite: String? = nil,
        boundLength: Int? = nil
    ) {
        self.network = network
        self.placeLength = placeLength
        self.location = location
        self.subdivision = subdivision
        self.country = country
        self.continent = continent
        self.autonomousSystem = autonomousSystem
        self.latencies = latencies
        self.metrics = metrics
        self.boundSite = boundSite
        self.boundLength = boundLength
    }

    /// The areas that the client is in, the smallest first.
    var areas: [GeoArea] { sizedAreas.map(\.area) }

    /// The areas that the client is in, the smallest first, with the greatest number for the smallest.
    var sizedAreas: [(area: GeoArea, size: Double)] {
        let areas = [
            subdivision.map { (GeoArea.subdivision($0), 4.0) }, country.map { (.country($0), 3) },
            continent.map { (.continent($0), 2) }, (.everywhere, 1),
        ]
        return areas.compactMap { $0 }
    }

    /// Whether the client is in one of the areas.
    func isIn(_ areas: Set<GeoArea>) -> Bool { self.areas.contains(where: areas.contains) }
}

/// Which clients are one to a choice that has to stay the same for a client.
///
/// However wide the network is that a resolver tells, the group is that of its first addresses: so it is for every
/// network that begins there, and answers to networks within others do not contradict each other.
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

    /// The group of the network's first addresses; `nil` if there is no network.
    ///
    /// Those who do not want their networks to count are a group of their own.
    func prefix(of client: SiteClient) -> NetworkPrefix? {
        client.network.map { network in
            guard network.length > 0 else { return network }
            return NetworkPrefix(network.address, length: network.family == .ipv4 ? ipv4Length : ipv6Length)
        }
    }
}
