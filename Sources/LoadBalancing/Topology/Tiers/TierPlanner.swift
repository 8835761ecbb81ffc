/// How traffic is shared between tiers and zones.
public struct TierRules: Hashable, Sendable {
    /// How tiers follow each other.
    public enum Order: Hashable, Sendable {
        /// Each tier takes what it can carry; the rest spills over to the next: ``PriorityLoads``.
        case spillOver
        /// One tier gets everything: ``Failover``.
        case activePassive(FailoverRules)
    }

    /// How tiers follow each other.
    public var order: Order
    /// How the zones of a tier share what it gets.
    public var zones: ZoneSharing
    /// How much more a whole tier or zone carries than its load: 1.4.
    public var overprovisioning: Double
    /// The part of a tier's backends that has to be healthy for health to count: 0.5; 0 means that it always counts.
    public var panicThreshold: Double
    /// Whether backends count by their weights.
    public var countsWeights: Bool

    /// Creates rules; the defaults are Envoy's.
    public init(
        order: Order = .spillOver, zones: ZoneSharing = .byBackends, overprovisioning: Double = 1.4,
        panicThreshold: Double = 0.5, countsWeights: Bool = false
    ) {
        self.order = order
        self.zones = zones
        self.overprovisioning = overprovisioning
        self.panicThreshold = panicThreshold
        self.countsWeights = countsWeights
    }
}

/// Makes ``TierPlan``s from the health of places: a plain value with one owner at a time, which remembers only what
/// failing over needs.
public struct TierPlanner: Sendable {
    /// The rules.
    public let rules: TierRules
    private var failover: Failover

    /// Creates a planner.
    public init(_ rules: TierRules = TierRules()) {
        self.rules = rules
        failover = if case .activePassive(let rules) = rules.order { Failover(rules) } else { Failover() }
    }

    /// Makes a tier the active one until it fails; for ``TierRules/Order/activePassive(_:)``.
    ///
    /// As ``Failover/promote(_:)``.
    public mutating func promote(_ priority: Int) {
        failover.promote(priority)
    }

    /// Lets the rules decide again which tier is active: ``Failover/endPromotion()``.
    public mutating func endPromotion() {
        failover.endPromotion()
    }

    /// The plan for places of such health.
    ///
    /// - Parameters:
    ///   - places: every place and its health.
    ///   - now: the present.
    /// - Returns: the plan, the same for the same history.
    public mutating func plan(for places: [Place: GroupHealth], at now: Timestamp) -> TierPlan {
        var tiers: [Int: [String: GroupHealth]] = [:]
        for (place, health) in places { tiers[place.priority, default: [:]][place.zone] = health }
        let totals = tiers.mapValues { $0.values.reduce(.none, +) }
        var shares: [TierPlan.Share] = []
        for tier in loads(of: totals, at: now) {
            let zones = tiers[tier.priority] ?? [:]
            let split = rules.zones.shares(
                of: zones, overprovisioning: rules.overprovisioning, isPanicking: tier.isPanicking)
            for (zone, health) in zones {
                shares.append(
                    TierPlan.Share(
                        place: Place(priority: tier.priority, zone: zone),
                        share: tier.load * (split.shares[zone] ?? 0), ignoresHealth: tier.isPanicking, health: health,
                        reason: "\(tier.reason); \(split.reason)"))
            }
        }
        return TierPlan(shares: shares.sorted { $0.place < $1.place })
    }

    private struct Load {
        let priority: Int
        let load: Double
        let isPanicking: Bool
        let reason: String
    }

    private mutating func loads(of tiers: [Int: GroupHealth], at now: Timestamp) -> [Load] {
        let order = tiers.keys.sorted()
        if case .activePassive = rules.order {
            let decision = failover.decide(tiers, at: now)
            return order.map { priority in
                guard let decision, priority == decision.active else {
                    return Load(priority: priority, load: 0, isPanicking: false, reason: "passive")
                }
                let panics = tiers[priority]?.panics(below: rules.panicThreshold) ?? false
                return Load(priority: priority, load: 1, isPanicking: panics, reason: decision.reason)
            }
        }
        let loads = PriorityLoads(
            of: order.map { tiers[$0] ?? .none }, overprovisioning: rules.overprovisioning,
            panicThreshold: rules.panicThreshold)
        return order.indices.map { index in
            let capacity = (tiers[order[index]] ?? .none).capacity(overprovisioning: rules.overprovisioning)
            return Load(
                priority: order[index], load: Double(loads.percents[index]) / 100,
                isPanicking: loads.isPanicking[index], reason: "tier carries \(capacity) %")
        }
    }
}
