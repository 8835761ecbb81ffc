/// The cheaper of two distinct backends drawn by weight, where the cost is the latency average × (leases in flight + 1)
/// / weight.
///
/// The average rises at once with a slow answer and sinks with time (``LatencyEstimator/peak(timeConstant:failurePenalty:)``),
/// and a failure counts as a slow answer, so that a server that fails fast draws no traffic. A backend without any
/// measurement is given one request when it is drawn, and no other while that is under way and there is a choice.
///
/// - Complexity: O(1) a pick; O(n) for n backends when most of them are refused.
/// - Note: Finagle's *Peak EWMA*; the reading that changes nothing and the penalty follow linkerd2-proxy (2026).
@frozen
public struct PeakEWMA: Picker {
    @usableFromInline var choices: TwoChoices

    /// Creates a picker for `pool`.
    public init(for pool: borrowing BackendPool, seed: UInt64) {
        choices = TwoChoices(for: pool, seed: seed)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard choices.isUniform else { return nil }
        let (first, second) = choices.drawUniformly(from: pool)
        // Floats that are not negative are in the order of their bits.
        let firstCost = Int64(pool.latencyCost(at: first, time: request.time).bitPattern)
        let secondCost = Int64(pool.latencyCost(at: second, time: request.time).bitPattern)
        return TwoChoices.lesser(first: first, second: second, difference: secondCost &- firstCost)
    }

    /// Chooses a backend.
    @inlinable
    @inline(__always)
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if pool.admitsAll(for: request), let index = pickUnrestricted(request, from: pool) { return index }
        return pickAmongAdmitted(request, from: pool)
    }

    @usableFromInline
    mutating func pickAmongAdmitted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard let (first, second) = choices.draw(for: request, from: pool) else { return nil }
        let firstCost = pool.latencyCost(at: first, time: request.time) * Float(pool.weight(at: second))
        let secondCost = pool.latencyCost(at: second, time: request.time) * Float(pool.weight(at: first))
        return secondCost < firstCost ? second : first
    }

    /// Draws from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        choices.generator = SeededGenerator(seed: seed.value)
    }
}

/// Power of two choices over latency: ``PeakEWMA``.
public struct PeakEWMAPolicy: Policy, Hashable, Codable {
    /// How latencies are averaged.
    public var estimator: LatencyEstimator

    /// Creates the policy.
    ///
    /// - Parameter estimator: the peak-sensitive average with a time constant of 10 s unless said otherwise; the plain
    ///   and the time-decayed average work as well.
    public init(estimator: LatencyEstimator = .peak()) {
        self.estimator = estimator
    }

    /// Decodes an object with an `estimator`; without one, that of ``init(estimator:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let estimator = try container.decodeIfPresent(LatencyEstimator.self, forKey: .estimator)
        self = estimator.map(PeakEWMAPolicy.init(estimator:)) ?? PeakEWMAPolicy()
    }

    /// Latencies, and the time for those averages that sink while nothing is measured.
    public var requirements: PolicyRequirements {
        PolicyRequirements(latency: estimator, needsTime: true)
    }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> PeakEWMA {
        PeakEWMA(for: pool, seed: seed)
    }
}
