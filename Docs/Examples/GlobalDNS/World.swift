import LoadBalancing

/// What the operator says: a zone, its names, its sites, and where networks are.
///
/// Read from a file, and read again when that changes: sites are drained and weights moved there.
struct World: Decodable, Equatable, Sendable {
    /// How a name chooses among the sites.
    enum Steering: String, Decodable, Sendable {
        case nearest
        case priority
        case weighted
    }

    /// A site, and what clients are told.
    struct SiteEntry: Decodable, Equatable, Sendable {
        let name: String
        let address: String
        var latitude: Double?
        var longitude: Double?
        var priority: Int?
        var weight: Int?
        var state: Site.State?
    }

    /// Where the clients of a network are.
    struct Place: Decodable, Equatable, Sendable {
        let network: String
        let latitude: Double
        let longitude: Double
    }

    /// What is asked for to see whether a site works; read once, when the program starts.
    struct Probe: Decodable, Equatable, Sendable {
        let port: Int
        let path: String
    }

    /// The domain, without a dot at its end.
    let zone: String
    /// How long answers may be kept, in seconds.
    let timeToLive: UInt32
    /// Names below the zone.
    let names: [String: Steering]
    let sites: [SiteEntry]
    let places: [Place]
    let probe: Probe
}

extension World.Steering {
    /// The steps of the choice.
    var filters: [SiteFilter] {
        switch self {
        case .nearest: [.up(), .nearest(tolerance: nil), .first(1)]
        case .priority: [.up(), .priority, .first(1)]
        case .weighted: [.up(), .weighted(), .first(1)]
        }
    }
}

extension Site {
    /// The site of an entry, for all that is known up.
    init(_ entry: World.SiteEntry) {
        self.init(
            entry.name, answers: [entry.address], state: entry.state ?? .active, priority: entry.priority ?? 0,
            weight: entry.weight ?? 1)
        if let latitude = entry.latitude, let longitude = entry.longitude {
            location = GeoPoint(latitude: latitude, longitude: longitude)
        }
    }
}
