/// When a standby takes over from the active tier, and when the active tier comes back.
public struct FailoverRules: Hashable, Sendable {
    /// How it goes back to a tier that is to be used before the active one.
    public enum FailBack: Hashable, Sendable {
        /// When that tier has been up for so long without a break.
        case after(Duration)
        /// When somebody says so: ``Failover/promote(_:)``.
        case manual
    }

    /// The part of a tier's backends that has to be healthy for the tier to be up: 0.5, Envoy's panic threshold and the
    /// failover threshold of Google's classic balancers.
    public var minimumHealth: Double
    /// How long the active tier has to be down, some of its backends still healthy, before another is promoted: 10 s, so
    /// that a rolling restart or an ejection of Envoy's (an interval of 10 s) changes nothing over.
    ///
    /// With none healthy there is nothing to wait for.
    public var holdDown: Duration
    /// How it goes back: after 60 s, as ``SiteMonitorRules/failBackHold``.
    public var failBack: FailBack

    /// Creates rules.
    public init(
        minimumHealth: Double = 0.5, holdDown: Duration = .seconds(10), failBack: FailBack = .after(.seconds(60))
    ) {
        self.minimumHealth = minimumHealth
        self.holdDown = holdDown
        self.failBack = failBack
    }
}

/// Active and passive tiers: all traffic goes to one tier, and changes over when that fails.
///
/// A plain value with one owner at a time: times in, decisions out.
public struct Failover: Hashable, Sendable {
    /// The rules.
    public let rules: FailoverRules
    /// The tier that gets all traffic; `nil` before the first decision.
    public private(set) var active: Int?
    /// Whether the active tier is so because somebody has promoted it: the rules do not go back from it.
    public private(set) var isPromoted = false
    /// Since when the active tier has been down.
    private var downSince: Timestamp?
    /// Since when tiers other than the active one have been up.
    private var upSince: [Int: Timestamp] = [:]

    /// Creates a state in which nothing is active yet.
    public init(_ rules: FailoverRules = FailoverRules()) {
        self.rules = rules
    }

    /// Makes a tier the active one, whatever its health: for a planned change-over.
    ///
    /// It stays so, also while tiers before it are up, until it fails, another is promoted, or ``endPromotion()``.
    public mutating func promote(_ priority: Int) {
        active = priority
        isPromoted = true
        downSince = nil
    }

    /// Lets the rules decide again: they go back when the time has come, or at once if it has already.
    public mutating func endPromotion() {
        isPromoted = false
    }

    /// Decides which tier is active.
    ///
    /// - Parameters:
    ///   - tiers: the health of each tier by priority.
    ///   - now: the present, never before that of the last call.
    /// - Returns: the active tier and why; `nil` if there are no tiers.
    public mutating func decide(
        _ tiers: [Int: GroupHealth], at now: Timestamp
    ) -> (active: Int, reason: String)? {
        let order = tiers.filter { $0.value.total > 0 }.keys.sorted()
        func isUp(_ priority: Int) -> Bool {
            guard let health = tiers[priority], health.healthy > 0 else { return false }
            return health.fraction >= rules.minimumHealth
        }
        for priority in order {
            if !isUp(priority) { upSince[priority] = nil } else if upSince[priority] == nil { upSince[priority] = now }
        }
        upSince = upSince.filter { tiers[$0.key] != nil }
        guard let first = order.first else {
            active = nil
            isPromoted = false
            return nil
        }
        guard let current = active, order.contains(current) else {
            return change(to: order.first(where: isUp) ?? first, "first in order")
        }
        guard isUp(current) else {
            let since = downSince ?? now
            downSince = since
            guard let next = order.first(where: isUp) else { return (current, "down, and no other tier is up") }
            let isDead = tiers[current]?.healthy == 0
            guard isDead || now.duration(since: since) >= rules.holdDown else { return (current, "down, held down") }
            return change(to: next, "promoted: tier \(current) is down")
        }
        downSince = nil
        if isPromoted { return (current, "promoted by hand") }
        guard case .after(let delay) = rules.failBack,
            let better = order.first(where: { $0 < current && isUp($0) }), let since = upSince[better]
        else { return (current, "active") }
        guard now.duration(since: since) >= delay else {
            return (current, "tier \(better) is up, not long enough to go back")
        }
        return change(to: better, "gone back from tier \(current)")
    }

    private mutating func change(to priority: Int, _ reason: String) -> (active: Int, reason: String) {
        active = priority
        isPromoted = false
        downSince = nil
        return (priority, reason)
    }
}
