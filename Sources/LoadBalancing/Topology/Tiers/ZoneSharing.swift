/// How the zones of one tier share its traffic.
public enum ZoneSharing: Hashable, Sendable {
    /// By the number of healthy backends, or by the sum of their weights: as if there were no zones.
    case byBackends
    /// By weights of the zones, less what a zone cannot carry. Zones that are not named have a weight of 1.
    case byWeight([String: Int])
    /// As much as possible in the caller's own zone: ``ZoneAwareRouting``.
    case zoneAware(ZoneAwareRouting)

    /// What each zone gets of its tier, and why.
    ///
    /// - Parameters:
    ///   - zones: the health of the zones by name.
    ///   - overprovisioning: how much more a whole zone carries than its share: 1.4 in Envoy.
    ///   - isPanicking: whether health does not count.
    /// - Returns: parts of 1 by name, none of them where nobody can be sent to; and the reason in words.
    public func shares(
        of zones: [String: GroupHealth], overprovisioning: Double = 1.4, isPanicking: Bool = false
    ) -> (shares: [String: Double], reason: String) {
        func counts(_ zone: GroupHealth) -> Double { Double(isPanicking ? zone.total : zone.healthy) }
        let evenly = Self.normalized(zones.mapValues(counts))
        switch self {
        case .byBackends:
            return (evenly, "by number of backends")
        case .byWeight(let weights):
            // Envoy: the weight counts in full as long as the zone carries its whole share.
            let effective = zones.map { name, zone in
                let weight = Double(max(weights[name] ?? 1, 0))
                let part = zone.fraction * max(overprovisioning, 0)
                return (name, isPanicking ? (zone.total > 0 ? weight : 0) : weight * min(1, part))
            }
            return (Self.normalized(Dictionary(effective) { one, _ in one }), "by weight of the zone")
        case .zoneAware(let routing):
            if isPanicking { return (evenly, "panic: not zone aware") }
            let decision = routing.decision(for: zones.mapValues(\.healthy))
            return (decision.shares ?? evenly, decision.description)
        }
    }

    /// The same in proportion, adding up to 1; nothing if there is nothing to share.
    private static func normalized(_ sizes: [String: Double]) -> [String: Double] {
        // In order of names: a sum of floating-point numbers depends on the order.
        let sum = sizes.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
        guard sum > 0 else { return [:] }
        return sizes.filter { $0.value > 0 }.mapValues { $0 / sum }
    }
}
