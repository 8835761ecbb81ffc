/// What a round has shown.
struct RoundResult {
    let policy: String
    /// Requests that ended before the onset.
    let healthy: Figures
    /// Requests that ended after it.
    let degraded: Figures
    /// From the onset until the slow server was avoided; `nil` if that did not happen within the round.
    let avoidedAfter: Duration?
    /// Requests that were given up because no client was free in time.
    let unsentCount: Int

    init(policy: String, onset: Duration, samples: [Sample], requestCount: Int) {
        self.policy = policy
        healthy = Figures(samples.filter { $0.ended < onset })
        degraded = Figures(samples.filter { $0.ended >= onset })
        avoidedAfter = Avoidance.time(in: samples, from: onset)
        unsentCount = requestCount - samples.count
    }
}

/// Counts and latencies of some requests.
struct Figures {
    let requestsPerServer: [Int]
    /// Half of the requests were at least as fast; `nil` if there were none.
    ///
    /// Those that timed out count with the time that was waited. Those that failed do not count: most were refused at
    /// once, and errors must not make a policy look fast.
    let median: Duration?
    /// 99 % of the requests were at least as fast.
    let p99: Duration?
    let failedCount: Int
    let timedOutCount: Int

    init(_ samples: [Sample]) {
        var counts = Round.plans.map { _ in 0 }
        for sample in samples { counts[sample.server] += 1 }
        requestsPerServer = counts
        failedCount = samples.count { $0.result == .failed }
        timedOutCount = samples.count { $0.result == .timedOut }
        let latencies = samples.filter { $0.result != .failed }.map(\.latency).sorted()
        /// The smallest latency that at least this share of the requests did not exceed (nearest rank).
        func quantile(_ percent: Int) -> Duration? {
            latencies.isEmpty ? nil : latencies[max(0, (latencies.count * percent + 99) / 100 - 1)]
        }
        median = quantile(50)
        p99 = quantile(99)
    }
}

/// When a policy has found out that a server is slow.
enum Avoidance {
    /// So many picks in a row, of any client, are looked at together.
    static let window = 200
    /// The slow server is avoided when it gets less than this part of its fair share.
    static let limit = 0.25

    /// From `onset` to the first of the first ``window`` picks in a row of which the slow server got less than ``limit`` of
    /// its fair share (its share by number: one in five); `nil` if there are none such.
    static func time(in samples: [Sample], from onset: Duration) -> Duration? {
        let picks = samples.filter { $0.picked >= onset }.sorted { $0.picked < $1.picked }
        guard picks.count >= window else { return nil }
        let most = limit * Double(window) / Double(Round.plans.count)
        var slow = picks[..<window].count { $0.server == Round.slow }
        for first in 0...picks.count - window {
            if Double(slow) < most { return picks[first].picked - onset }
            guard first + window < picks.count else { break }
            slow += picks[first + window].server == Round.slow ? 1 : 0
            slow -= picks[first].server == Round.slow ? 1 : 0
        }
        return nil
    }
}
