/// Keeps traffic in the caller's own zone, as far as the load of all backends stays even.
///
/// The callers are spread over zones too, and each sends as much as every other. If the backends' part of a zone is not
/// below the callers' part, all of that zone's callers can stay at home. Else they keep what fits, and spill the
/// residue to the zones that have room, in proportion to it.
///
/// - Note: Envoy's zone aware routing: same conditions, shares and defaults.
public struct ZoneAwareRouting: Hashable, Sendable {
    /// The zone of this caller.
    public var localZone: String
    /// How many callers, this one included, are in each zone.
    public var callers: [String: Int]
    /// With fewer healthy backends than this zones do not count: 6.
    public var minimumClusterSize: Int

    /// Describes the callers.
    public init(localZone: String, callers: [String: Int], minimumClusterSize: Int = 6) {
        self.localZone = localZone
        self.callers = callers
        self.minimumClusterSize = minimumClusterSize
    }

    /// What is done in a zone.
    public enum Decision: Hashable, Sendable {
        /// Zones do not count, for the reason given.
        case notApplied(String)
        /// Everything stays in the zone.
        case local(zone: String)
        /// A part of 1 stays in the zone; the others get the rest as listed.
        case residual(zone: String, local: Double, others: [String: Double])

        /// What each zone gets; `nil` where zones do not count.
        public var shares: [String: Double]? {
            switch self {
            case .notApplied: return nil
            case .local(let zone): return [zone: 1]
            case .residual(let zone, let local, var others):
                if local > 0 { others[zone] = local }
                return others
            }
        }
    }

    /// What is done with so many healthy backends in each zone.
    public func decision(for backends: [String: Int]) -> Decision {
        let backendCount = backends.values.reduce(0) { $0 + max($1, 0) }
        let callerCount = callers.values.reduce(0) { $0 + max($1, 0) }
        guard backendCount >= max(minimumClusterSize, 1) else { return .notApplied("fewer backends than the minimum") }
        guard callerCount > 0, callers[localZone, default: 0] > 0 else {
            return .notApplied("nobody calls from the local zone")
        }
        guard backends[localZone, default: 0] > 0 else { return .notApplied("no healthy backend in the local zone") }
        guard backends.count(where: { $0.value > 0 }) > 1 else { return .local(zone: localZone) }

        func part(_ counts: [String: Int], _ zone: String, of total: Int) -> Double {
            Double(max(counts[zone, default: 0], 0)) / Double(total)
        }
        let called = part(callers, localZone, of: callerCount)
        let offered = part(backends, localZone, of: backendCount)
        guard offered < called else { return .local(zone: localZone) }
        let local = offered / called
        var room: [String: Double] = [:]
        for zone in backends.keys.sorted() where zone != localZone {
            let residue = part(backends, zone, of: backendCount) - part(callers, zone, of: callerCount)
            if residue > 0 { room[zone] = residue }
        }
        // The parts of both sides add up to 1, so whoever lacks room here finds it elsewhere; save for rounding.
        let sum = room.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
        guard sum > 0 else { return .local(zone: localZone) }
        return .residual(zone: localZone, local: local, others: room.mapValues { (1 - local) * $0 / sum })
    }
}

extension ZoneAwareRouting.Decision: CustomStringConvertible {
    /// The decision in words.
    public var description: String {
        switch self {
        case .notApplied(let reason): "not zone aware: \(reason)"
        case .local(let zone): "all in the local zone \(zone)"
        case .residual(let zone, let local, _):
            "\(local.percentText) in the local zone \(zone), the rest where there is room"
        }
    }
}

extension Double {
    /// The number in percent, to a tenth.
    var percentText: String {
        let tenths = Int((clamped(to: -1e6...1e6) * 1_000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(Double(tenths) / 10) %"
    }
}
