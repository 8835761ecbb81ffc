/// How many of a group's backends can work: counted as backends, or as the sum of their weights.
public struct GroupHealth: Hashable, Sendable {
    /// How many can work.
    public let healthy: Int
    /// How many there are.
    public let total: Int

    /// Creates a count; `total` is not negative, and `healthy` is clamped to what there is.
    public init(healthy: Int, of total: Int) {
        self.total = min(max(total, 0), 1 << 52)
        self.healthy = min(max(healthy, 0), self.total)
    }

    /// Nobody.
    public static var none: GroupHealth { GroupHealth(healthy: 0, of: 0) }

    /// The part that can work; 0 where there is nobody.
    public var fraction: Double { total > 0 ? Double(healthy) / Double(total) : 0 }

    /// Whether too few can work for the count to be trusted or the rest to bear the load.
    func panics(below threshold: Double) -> Bool {
        total == 0 ? threshold > 0 : fraction < threshold
    }

    /// What the group can carry in percent, if it was built for `overprovisioning` times its load; 100 at the most.
    func capacity(overprovisioning: Double) -> Int {
        guard total > 0 else { return 0 }
        let percent = Int((overprovisioning.clamped(to: 0...1_000) * 100).rounded())
        let (high, low) = percent.multipliedFullWidth(by: healthy)
        return min(100, total.dividingFullWidth((high, low)).quotient)
    }

    static func + (lhs: GroupHealth, rhs: GroupHealth) -> GroupHealth {
        GroupHealth(healthy: lhs.healthy + rhs.healthy, of: lhs.total + rhs.total)
    }
}

extension GroupHealth: CustomStringConvertible {
    /// `3 of 4`.
    public var description: String { "\(healthy) of \(total)" }
}
