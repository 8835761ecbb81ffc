/// How much of the traffic each tier gets, by how many of its backends are healthy.
///
/// A tier is taken to be built for more than its load: with the factor of 1.4 it carries all of it down to 71.4 %
/// healthy backends. What it cannot carry spills over to the next. Where all tiers together cannot carry the load, each
/// gets as much in proportion, and one that is below the panic threshold is used without regard to health; where all
/// are, traffic is spread by the number of backends.
///
/// - Note: Envoy's priority levels and panic thresholds, in whole percents as there.
public struct PriorityLoads: Hashable, Sendable {
    /// What each tier gets, in percent; together 100, or 0 if there is nobody at all to send to.
    public let percents: [Int]
    /// Which tiers are used without regard to health.
    public let isPanicking: [Bool]
    /// What all tiers together can carry, in percent: 100 at the most.
    public let normalizedHealth: Int

    /// Computes the loads.
    ///
    /// - Parameters:
    ///   - tiers: the first to be used first.
    ///   - overprovisioning: how much more a whole tier carries than its load: 1.4 in Envoy.
    ///   - panicThreshold: the part of a tier's backends that has to be healthy for health to count: 0.5 in Envoy; 0
    ///     means that health always counts, and then there may be nobody to send to.
    public init(of tiers: [GroupHealth], overprovisioning: Double = 1.4, panicThreshold: Double = 0.5) {
        let capacities = tiers.map { $0.capacity(overprovisioning: overprovisioning) }
        let normalized = min(100, capacities.reduce(0, +))
        normalizedHealth = normalized
        let panics = tiers.map { normalized < 100 && $0.panics(below: panicThreshold) }
        isPanicking = panics
        percents =
            if panics.allSatisfy({ $0 }) {
                Self.split(100, by: tiers.map(\.total))
            } else if normalized > 0 {
                Self.spill(capacities, of: normalized)
            } else {
                tiers.map { _ in 0 }
            }
    }

    /// Each tier takes what it can carry, as far as those before it leave something.
    private static func spill(_ capacities: [Int], of normalized: Int) -> [Int] {
        var left = 100
        var loads = capacities.map { capacity in
            let load = min(left, (capacity * 200 + normalized) / (2 * normalized))
            left -= load
            return load
        }
        // What rounding leaves goes to the first that works.
        if let first = capacities.firstIndex(where: { $0 > 0 }) { loads[first] += left }
        return loads
    }

    /// In proportion to `sizes`, rounded down; what is left goes to the first that has any.
    private static func split(_ whole: Int, by sizes: [Int]) -> [Int] {
        let sum = sizes.reduce(0, +)
        guard sum > 0, let first = sizes.firstIndex(where: { $0 > 0 }) else { return sizes.map { _ in 0 } }
        var parts = sizes.map { Int(Double(whole) * Double($0) / Double(sum)) }
        parts[first] += whole - parts.reduce(0, +)
        return parts
    }
}
