/// The backend with the least score of C3's replica ranking, of all.
///
///     score = R − 1/μ + (1 + clients · in flight + q)³ / μ
///
/// R is the average of answers' times, 1/μ that of the times that servers report to work on a request, and q that of the requests
/// that they report to have (``Lease/finish(_:report:at:)``); each with α = 0.3. Without reports R stands for 1/μ and 0 for q. Loads are
/// divided by weight × fraction, as in ``LeastResponseTime``. Rate control is left out: a refusal is the caller's to handle.
///
/// It is here to be compared with: to C3 an unmeasured server is free, so it herds onto newcomers, and one that fails at once
/// looks fast.
///
/// - Complexity: O(n) a pick for n backends.
/// - Note: Suresh, Canini, Schmid, Feldmann, *C3: Cutting Tail Latency in Cloud Data Stores via Adaptive Replica Selection*,
///   NSDI 2015.
@frozen
public struct C3: Picker {
    private var generator: SeededGenerator
    private let clients: Float

    init(clients: Int, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        self.clients = Float(max(clients, 1))
    }

    /// Chooses a backend.
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        let isUnrestricted = pool.admitsAll(for: request)
        var best: Int?
        var least = Float.infinity
        var tied: UInt64 = 0
        for index in 0..<pool.count where pool.admits(index, for: request) {
            let weight = pool.weight(at: index)
            var score = score(of: pool.slot(at: index)) / Float(weight)
            if !isUnrestricted {
                // An exponential race: among equal scores the choice follows weight × fraction exactly.
                score = (score + 0x1p-64) * generator.nextExponential()
                score /= Float(pool.admission(at: index).steps) / Float(Admission.one)
                if pool.slot(at: index).latency.isUnmeasured { score /= Float(weight) }
            }
            if score < least || best == nil {
                tied = UInt64(weight)
            } else if score == least {
                tied &+= UInt64(weight)
                if generator.next(below: tied) >= UInt64(weight) { continue }
            } else {
                continue
            }
            best = index
            least = score
        }
        return best
    }

    /// Nanoseconds, in a sense; 0 for what was never measured.
    private func score(of slot: Slot) -> Float {
        let response = slot.latency.value
        let report = slot.report
        let service = report.serviceTime > 0 ? report.serviceTime : response
        let requests = 1 + clients * Float(slot.load.inFlight) + (report.isNone ? 0 : report.inFlight)
        return response - service + requests * requests * requests * service
    }

    /// Draws from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

/// C3's replica ranking: ``C3``.
public struct C3Policy: Policy, Hashable, Codable {
    /// How many balancers like this one the backends serve.
    public var clients: Int

    /// Creates the policy.
    ///
    /// - Parameter clients: how many balancers like this one the backends serve: each request of our own stands for as many.
    public init(clients: Int = 1) {
        self.clients = clients
    }

    /// Decodes an object with `clients`; without it, 1.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(clients: try container.decodeIfPresent(Int.self, forKey: .clients) ?? 1)
    }

    /// Latencies, with α = 0.3 and failures as they are, and reports.
    public var requirements: PolicyRequirements {
        var requirements = PolicyRequirements(latency: .ewma(alpha: 0.3, failurePenalty: .zero))
        requirements.reports = .averaged
        return requirements
    }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> C3 {
        C3(clients: clients, seed: seed)
    }
}
