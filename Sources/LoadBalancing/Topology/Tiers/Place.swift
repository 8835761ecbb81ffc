/// Where a backend stands: in which tier, and in which zone of it.
///
/// Backends of one place are balanced among each other by a policy; places share the traffic as ``TierPlan`` says.
public struct Place: Hashable, Sendable, Codable, Comparable {
    /// The tier: 0 is used first, greater numbers as those before them fail.
    ///
    /// There may be gaps.
    public var priority: Int
    /// The zone, or whatever else shares its fate: a rack, a region, a cloud.
    ///
    /// Empty where there is but one.
    public var zone: String

    /// Creates a place.
    public init(priority: Int = 0, zone: String = "") {
        self.priority = priority
        self.zone = zone
    }

    /// The order of tiers, and by name within a tier.
    public static func < (lhs: Place, rhs: Place) -> Bool {
        (lhs.priority, lhs.zone) < (rhs.priority, rhs.zone)
    }
}

extension Place: CustomStringConvertible {
    /// The tier and the zone: `0/eu-1a`.
    public var description: String { zone.isEmpty ? "\(priority)" : "\(priority)/\(zone)" }
}

/// A backend and where it stands.
public struct PlacedBackend<Endpoint: Sendable>: Sendable, Identifiable {
    /// The backend; its identity is unique in all places together.
    public var backend: Backend<Endpoint>
    /// Where it stands.
    public var place: Place

    /// Puts a backend in a place.
    public init(_ backend: Backend<Endpoint>, at place: Place) {
        self.backend = backend
        self.place = place
    }

    /// The identity of the backend.
    public var id: String { backend.id }
}

extension Backend {
    /// The backend in a place.
    public func at(priority: Int = 0, zone: String = "") -> PlacedBackend<Endpoint> {
        PlacedBackend(self, at: Place(priority: priority, zone: zone))
    }
}
