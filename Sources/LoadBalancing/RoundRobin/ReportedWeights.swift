/// Weights from what servers report of their load: requests a second by utilization, so that all get equally busy.
///
///     weights.take(report, from: lease.id, at: now)                    // with each answer, or out of band
///     try balancer.setWeights(weights.weights(of: ids, at: now))       // once a second
///
/// Use it with a policy that follows weights, such as ``SmoothWeightedRoundRobin``. A backend whose reports are too new
/// or too old to be trusted gets the mean of the others' weights; with fewer than two that can be trusted, all weights
/// are equal.
///
/// A plain value with one owner at a time.
///
/// - Note: gRFC A58, client-side weighted round robin: the same formula and defaults; weights from a hundredth to ten
///   times the mean, as in gRPC's core.
public struct ReportedWeights: Sendable {
    private struct Record: Sendable {
        var weight: Double
        var lastReport: Timestamp
        var reportingSince: Timestamp
    }

    /// How long a backend has to report before it is believed: 10 s.
    public var blackoutPeriod: Duration
    /// How long a report is believed: 3 min.
    public var expirationPeriod: Duration
    /// How much failed requests count against a backend: 1.
    public var errorPenalty: Double

    private var records: [String: Record] = [:]

    /// Creates weights of nobody.
    public init(
        blackoutPeriod: Duration = .seconds(10), expirationPeriod: Duration = .seconds(180), errorPenalty: Double = 1
    ) {
        self.blackoutPeriod = blackoutPeriod
        self.expirationPeriod = expirationPeriod
        self.errorPenalty = errorPenalty
    }

    /// Takes in a report; one without requests or utilization says nothing.
    public mutating func take(_ report: UtilizationReport, from id: String, at now: Timestamp) {
        let requests = report.requestsPerSecond
        guard requests > 0, report.utilization > 0 else { return }
        let penalty = report.errorsPerSecond / requests * max(errorPenalty, 0)
        // Bounded, so that sums are numbers whatever a server says.
        let weight = (requests / (report.utilization + penalty)).clamped(to: 1e-50...1e50)
        let known = records[id].flatMap { now.duration(since: $0.lastReport) < expirationPeriod ? $0 : nil }
        records[id] = Record(weight: weight, lastReport: now, reportingSince: known?.reportingSince ?? now)
    }

    /// Forgets a backend that has gone.
    public mutating func forget(_ id: String) {
        records[id] = nil
    }

    /// The weights of backends at a time: from 1 to 65,535.
    public func weights(of ids: some Sequence<String>, at now: Timestamp) -> [String: Int] {
        let ids = Array(ids)
        let known = ids.map { id -> Double? in
            guard let record = records[id], now.duration(since: record.lastReport) < expirationPeriod,
                now.duration(since: record.reportingSince) >= blackoutPeriod
            else { return nil }
            return record.weight
        }
        let trusted = known.compactMap { $0 }
        guard trusted.count >= 2 else { return Dictionary(ids.map { ($0, 1) }) { one, _ in one } }
        let mean = trusted.reduce(0, +) / Double(trusted.count)
        let bounded = known.map { ($0 ?? mean).clamped(to: mean / 100...mean * 10) }
        let scale = 65_535 / (bounded.max() ?? 1)
        return Dictionary(zip(ids, bounded.map { max(Int(($0 * scale).rounded()), 1) })) { one, _ in one }
    }
}
