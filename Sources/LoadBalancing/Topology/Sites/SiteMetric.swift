/// A figure by which sites are compared: ``SiteFilter/least(_:tolerance:)``, ``SiteFilter/most(_:tolerance:)``.
public enum SiteMetric: Hashable, Sendable {
    /// Of the site, by name: ``Site/metrics``.
    case site(String)
    /// Of the way from clients like this one to the site, by name: ``SiteClient/metrics``.
    case path(String)
    /// How long the site takes to answer clients like this one, in seconds: ``SiteClient/latencies``.
    case latency
    /// What the site could do besides: its capacity less its load.
    case room
    /// How closely the site's areas fit the client: 4 for its part of a country, 3 for its country, 2 for its continent,
    /// 1 for everywhere, 0 for none of them.
    case area

    /// How many connections are open: the site's load where its metrics do not say.
    public static let connections = SiteMetric.site("connections")
    /// What it costs to answer by the site.
    public static let cost = SiteMetric.site("cost")
    /// How busy its processors are.
    public static let cpu = SiteMetric.site("cpu")
    /// How many bytes it moves a second, in thousands.
    public static let kilobytesPerSecond = SiteMetric.site("kilobytes per second")
    /// How many packets it moves a second.
    public static let packetRate = SiteMetric.site("packet rate")
    /// What its line could carry besides.
    public static let linkCapacity = SiteMetric.site("link capacity")
    /// What an administrator thinks of it.
    public static let score = SiteMetric.site("score")
    /// How many routers are on the way.
    public static let hops = SiteMetric.path("hops")
    /// The part of packets that arrive.
    public static let completionRate = SiteMetric.path("completion rate")

    /// Whether it takes the client's place to know it.
    var isOfPlace: Bool {
        switch self {
        case .site, .room: false
        case .path, .latency, .area: true
        }
    }

    /// The figure; `nil` if it is not known.
    func value(of site: Site, for client: SiteClient) -> Double? {
        let value: Double? =
            switch self {
            case .connections: site.metrics["connections"] ?? site.load
            case .site(let name): site.metrics[name]
            case .path(let name): client.metrics[site.id]?[name]
            case .latency: client.latencies[site.id].map { $0 / .seconds(1) }
            case .room: site.capacity.map { $0 - site.load }
            case .area:
                client.sizedAreas.first { site.areas.contains($0.area) }?.size ?? 0
            }
        return value.flatMap { $0.isNaN ? nil : $0 }
    }
}

extension SiteMetric: CustomStringConvertible {
    /// The name.
    public var description: String {
        switch self {
        case .site(let name), .path(let name): name
        case .latency: "latency"
        case .room: "room"
        case .area: "area"
        }
    }
}

/// One of several figures that make a site's quality, and how much it counts: ``SiteFilter/quality(_:)``.
public struct SiteQuality: Hashable, Sendable {
    /// The figure; none that is below 0.
    public var metric: SiteMetric
    /// How much it counts beside the others; 0 leaves it out.
    public var coefficient: Double
    /// Whether less is better.
    public var isBestWhenLeast: Bool

    /// Describes a figure, of which more is better unless it is said otherwise.
    public init(_ metric: SiteMetric, coefficient: Double, isBestWhenLeast: Bool = false) {
        self.metric = metric
        self.coefficient = coefficient
        self.isBestWhenLeast = isBestWhenLeast
    }

    /// What the figure gives each site, before the coefficient: 10 for the best, the others in proportion to it, 0 for
    /// those of whom it is not known.
    func points(of values: [Double?]) -> [Double] {
        let values = values.map { $0.map { max($0, 0) } }
        let known = values.compactMap { $0 }
        guard let best = isBestWhenLeast ? known.min() : known.max() else { return values.map { _ in 0 } }
        return values.map { value in
            guard let value else { return 0 }
            if value == best { return 10 }
            let part = isBestWhenLeast ? best / value : value / best
            // Infinite figures have no part in each other.
            return part.isNaN ? 0 : 10 * part
        }
    }
}
