/// The backend with the least latency average × (leases in flight + 1) / weight, of all.
///
/// A backend without a measurement is given one request at a time until there is one. When some backends have only a
/// fraction of their share, the 1 that stands for the request to place becomes a draw from the exponential distribution
/// of mean 1, and loads are divided by the fraction: among idle backends the choice then follows weight × fraction exactly
/// (an exponential race), where a plain "in flight + 1" would give a small fraction nothing at all.
///
/// - Complexity: O(n) a pick for n backends.
/// - Note: nginx Plus's `least_time`; F5's *fastest*.
@frozen
public struct LeastResponseTime: Picker {
    @usableFromInline var generator: SeededGenerator

    /// Creates a picker.
    public init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Chooses a backend.
    @inlinable
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        let unrestricted = pool.admitsAll(for: request)
        var best: Int?
        var leastCost = Float.infinity
        var tied: UInt64 = 0
        for index in 0..<pool.count {
            let weight = pool.weight(at: index)
            guard weight > 0, unrestricted || pool.admits(index, for: request) else { continue }
            let cost =
                unrestricted
                ? pool.latencyCost(at: index, time: request.time) / Float(weight)
                : racingCost(of: index, weight: weight, request: request, pool: pool)
            if cost < leastCost {
                tied = UInt64(weight)
            } else if cost == leastCost {
                tied &+= UInt64(weight)
                if generator.next(below: tied) >= UInt64(weight) { continue }
            } else if best != nil {
                continue
            }
            best = index
            leastCost = cost
        }
        return best
    }

    @usableFromInline
    mutating func racingCost(
        of index: Int, weight: UInt32, request: PickRequest, pool: borrowing BackendPool
    ) -> Float {
        let share = Float(weight) * Float(pool.admission(at: index).steps) / Float(Admission.one)
        let inFlight = Float(pool.slot(at: index).load.inFlight)
        guard let latency = pool.latency(at: index, time: request.time) else {
            // Far below, or far above, any measured cost: a first request soon, no second meanwhile.
            return (inFlight == 0 ? 0x1p-64 : 0x1p64) * (inFlight + generator.nextExponential()) / share
        }
        return latency * (inFlight + generator.nextExponential()) / share
    }

    /// Draws from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

/// Least latency × (leases in flight + 1) / weight: ``LeastResponseTime``.
public struct LeastResponseTimePolicy: Policy, Hashable, Codable {
    /// How latencies are averaged.
    public var estimator: LatencyEstimator

    /// Creates the policy.
    ///
    /// - Parameter estimator: the plain average with α = 0.1 unless said otherwise.
    public init(estimator: LatencyEstimator = .ewma()) {
        self.estimator = estimator
    }

    /// Decodes an object with an `estimator`; without one, that of ``init(estimator:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let estimator = try container.decodeIfPresent(LatencyEstimator.self, forKey: .estimator)
        self = estimator.map(LeastResponseTimePolicy.init(estimator:)) ?? LeastResponseTimePolicy()
    }

    /// Latencies, and the time, which averages that sink while nothing is measured are read at.
    public var requirements: PolicyRequirements {
        PolicyRequirements(latency: estimator, needsTime: true)
    }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> LeastResponseTime {
        LeastResponseTime(seed: seed)
    }
}
