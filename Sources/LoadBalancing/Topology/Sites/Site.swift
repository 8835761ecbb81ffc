/// A place in the world that serves clients: a data centre, a region, a cluster behind one address.
public struct Site: Sendable, Hashable, Identifiable {
    /// Whether clients may be sent to a site, whatever its health.
    public enum State: String, Hashable, Sendable, CaseIterable, Codable {
        /// As its health says.
        case active
        /// Only clients who are bound to it.
        case draining
        /// Nobody, not even when all others are down.
        case maintenance
        /// Everybody, even if it seems to be down.
        case forcedUp
    }

    /// The name, which stands for the site in every choice.
    public var id: String
    /// What clients are told: addresses or names.
    public var answers: [String]
    /// Whether clients may be sent there at all.
    public var state: State
    /// Whether it works: mostly ``SiteMonitor``'s opinion.
    public var isUp: Bool
    /// Smaller ones are used first.
    public var priority: Int
    /// The share of the clients relative to the others'.
    public var weight: Int
    /// Sites of one group are answered together.
    public var group: String
    /// Where it is.
    public var location: GeoPoint?
    /// Draws clients from further away, or pushes them off: from -99 to 99.
    public var bias: Int
    /// The parts of the world that it serves; none means that it is not said.
    public var areas: Set<GeoArea>
    /// The networks that it serves; none means that it is not said.
    public var prefixes: [NetworkPrefix]
    /// The autonomous systems that it serves; none means that it is not said.
    public var autonomousSystems: Set<UInt32>
    /// How much it would have to do if it took all clients who are offered to it, in the unit of ``capacity``.
    ///
    /// Not what is left after some were sent elsewhere, or they would come back at once.
    public var load: Double
    /// How much it can do; `nil` if that is not known.
    public var capacity: Double?
    /// What else is measured of it, by name: ``SiteMetric/site(_:)``.
    public var metrics: [String: Double]

    /// Describes a site.
    public init(
        _ id: String, answers: [String] = [], state: State = .active, isUp: Bool = true, priority: Int = 0,
        weight: Int = 1, group: String = "", location: GeoPoint? = nil, bias: Int = 0, areas: Set<GeoArea> = [],
        prefixes: [NetworkPrefix] = [], autonomousSystems: Set<UInt32> = [], load: Double = 0, capacity: Double? = nil,
        metrics: [String: Double] = [:]
    ) {
        self.id = id
        self.answers = answers
        self.state = state
        self.isUp = isUp
        self.priority = priority
        self.weight = weight
        self.group = group
        self.location = location
        self.bias = bias
        self.areas = areas
        self.prefixes = prefixes
        self.autonomousSystems = autonomousSystems
        self.load = load
        self.capacity = capacity
        self.metrics = metrics
    }

    /// How much of its capacity is used; 0 if that is not known.
    var utilization: Double {
        guard let capacity else { return 0 }
        return capacity > 0 ? max(load, 0) / capacity : .infinity
    }
}

/// A part of the world.
public enum GeoArea: Hashable, Sendable {
    /// A part of a country, as in ISO 3166-2: `US-CA`.
    case subdivision(String)
    /// A country, as in ISO 3166-1: `DE`.
    case country(String)
    /// A continent: `EU`.
    case continent(String)
    /// Whoever is in none of the others' areas.
    case everywhere
}

/// A point on the globe.
public struct GeoPoint: Hashable, Sendable {
    /// Degrees to the north, from -90 to 90.
    public let latitude: Double
    /// Degrees to the east, from -180 to 180.
    public let longitude: Double

    /// A point; what is out of range is clamped, NaN is 0.
    public init(latitude: Double, longitude: Double) {
        self.latitude = latitude.isNaN ? 0 : latitude.clamped(to: -90...90)
        self.longitude = longitude.isNaN ? 0 : longitude.clamped(to: -180...180)
    }

    /// The mean radius of the earth, in kilometres.
    static let radius = 6_371.008_8

    /// The distance along the surface, in kilometres.
    ///
    /// By the haversine formula; to a metre.
    public func distance(to other: GeoPoint) -> Double {
        let radian = Double.pi / 180
        let (one, two) = (latitude * radian, other.latitude * radian)
        let latitudes = Trigonometry.sine((two - one) / 2)
        let longitudes = Trigonometry.sine((other.longitude - longitude) * radian / 2)
        let square =
            latitudes * latitudes + Trigonometry.cosine(one) * Trigonometry.cosine(two) * longitudes * longitudes
        return 2 * Self.radius * Trigonometry.arcsine(min(1, square.squareRoot()))
    }
}

/// Angles without a mathematics library: the standard library has none.
///
/// Nothing but the four operations and the square root of IEEE 754 is used, so all machines agree on who is nearest.
enum Trigonometry {
    /// The sine of an angle between -2π and 2π.
    static func sine(_ angle: Double) -> Double {
        var angle = angle
        if angle > .pi { angle -= 2 * .pi } else if angle < -.pi { angle += 2 * .pi }
        if angle > .pi / 2 { angle = .pi - angle } else if angle < -.pi / 2 { angle = -.pi - angle }
        // Taylor's series up to the 19th power: below 10⁻¹⁵ for a quarter of a turn.
        let square = angle * angle
        var term = angle
        var sum = angle
        for power in stride(from: 3.0, through: 19, by: 2) {
            term *= -square / (power * (power - 1))
            sum += term
        }
        return sum
    }

    static func cosine(_ angle: Double) -> Double { sine(.pi / 2 - angle) }

    /// The angle of a sine from 0 to 1.
    static func arcsine(_ value: Double) -> Double {
        // Halving the angle brings the series into its quick part: arcsin x = 2 arcsin √((1 - √(1 - x²)) / 2).
        if value > 0.26 { return 2 * arcsine(((1 - (1 - value * value).squareRoot()) / 2).squareRoot()) }
        let square = value * value
        var term = value
        var sum = value
        for index in stride(from: 1.0, through: 25, by: 2) {
            term *= square * index / (index + 1)
            sum += term / (index + 2)
        }
        return sum
    }
}
