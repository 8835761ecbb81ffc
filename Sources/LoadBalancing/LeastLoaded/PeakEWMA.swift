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
    /// Averages whose last sample is at least `fadesFrom` units old, and less than `fadingUnits` more than that, have faded.
    @usableFromInline let fadesFrom: UInt32
    @usableFromInline let fadingUnits: UInt32

    /// Creates a picker for `pool`.
    public init(for pool: borrowing BackendPool, seed: UInt64) {
        choices = TwoChoices(for: pool, seed: seed)
        let fresh = min(pool.generation.estimator?.freshUnits ?? .max, LatencyWord.mostUnits)
        fadesFrom = fresh &+ 1
        fadingUnits = LatencyWord.mostUnits &- fresh
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard choices.isUniform else { return nil }
        let (first, second) = choices.drawUniformly(from: pool)
        let stamp = UInt32(truncatingIfNeeded: request.nanoseconds >> 16)
        let (one, other) = (pool.slot(at: first), pool.slot(at: second))
        let (oneWord, otherWord) = (one.latency, other.latency)
        guard isPlain(oneWord, at: stamp), isPlain(otherWord, at: stamp) else {
            return cheaper(of: first, second, at: request.nanoseconds, in: pool)
        }
        // What is in flight, and one more: the references, of which membership has one. Floats that are not negative are in the
        // order of their bits.
        let oneCost = oneWord.value * Float(Int32(truncatingIfNeeded: one.load.references))
        let otherCost = otherWord.value * Float(Int32(truncatingIfNeeded: other.load.references))
        return TwoChoices.lesser(
            first: first, second: second, difference: Int64(otherCost.bitPattern) &- Int64(oneCost.bitPattern))
    }

    /// Whether an average was measured and has not faded.
    @inlinable
    @inline(__always)
    func isPlain(_ word: LatencyWord, at stamp: UInt32) -> Bool {
        !word.isUnmeasured && stamp &- word.stamp &- fadesFrom >= fadingUnits
    }

    /// The cheaper of two, whatever is known of them; the first if they cost the same.
    @usableFromInline
    @inline(never)
    func cheaper(of first: Int, _ second: Int, at nanoseconds: UInt64, in pool: borrowing BackendPool) -> Int {
        let time = PickRequest(time: Timestamp(nanoseconds: nanoseconds)).time
        return pool.latencyCost(at: second, time: time) < pool.latencyCost(at: first, time: time) ? second : first
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
