import LoadBalancing
import Synchronization

/// What sends the probes of a simulation: collects them, to be answered later.
final class SimulatedProbes: ProbeSource {
    /// A probe on its way.
    struct Probe: Sendable {
        let server: Int
        let answer: @Sendable (ProbeAnswer) -> Void
    }

    /// How long an answer takes.
    static let nanoseconds: UInt64 = 500_000

    private let sent = Mutex<[Probe]>([])

    func probe(_ id: String, answer: @escaping @Sendable (ProbeAnswer) -> Void) {
        guard let server = BalancerRouter.server(of: id) else { return }
        sent.withLock { $0.append(Probe(server: server, answer: answer)) }
    }

    /// Those sent since the last time.
    func take() -> [Probe] {
        sent.withLock { sent in
            defer { sent.removeAll(keepingCapacity: true) }
            return sent
        }
    }
}

/// What a server knows of its own latencies: the last nine for each number of requests that it had when one came.
struct LatencyBook {
    private var latencies: [[Float]] = []

    /// Notes that a request that found `inFlight` others took so many milliseconds.
    mutating func note(_ latency: Float, inFlight: Int) {
        let place = min(inFlight, 1_000)
        while latencies.count <= place { latencies.append([]) }
        if latencies[place].count == 9 { latencies[place].removeFirst() }
        latencies[place].append(latency)
    }

    /// The median of those that came when the server had about as many requests.
    func median(inFlight: Int) -> Float {
        let place = min(inFlight, max(latencies.count - 1, 0))
        for distance in 0..<max(latencies.count, 1) {
            for near in [place - distance, place + distance] where latencies.indices.contains(near) {
                let sorted = latencies[near].sorted()
                if !sorted.isEmpty { return sorted[sorted.count / 2] }
            }
        }
        return 0
    }
}
