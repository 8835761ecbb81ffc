import LoadBalancing

/// What becomes of a request that comes to a balancer.
enum RequestFate {
    case server(Int)
    /// Nobody is admitted, or there is no room.
    case refused
    /// It waits for room.
    case waits
}

/// Where the requests of a simulation are sent, and who learns of the answers.
protocol Router: ~Copyable {
    /// Whether balancers probe the servers.
    var checksHealth: Bool { get }

    /// Where a request goes that comes to a balancer.
    mutating func route(
        _ job: Int, balancer: Int, at now: UInt64, servers: [any SimulatedServer], members: Int
    ) -> RequestFate

    /// The requests that have waited since this was asked last, and do so no more, with the servers that they go to.
    mutating func takeServed(at now: UInt64) -> [(job: Int, server: Int?)]

    /// A request has been answered.
    mutating func answer(_ job: Int, outcome: Outcome, at now: UInt64, report: LoadReport)

    /// The first `members` servers are known from now on.
    mutating func join(members: Int, at now: UInt64)

    /// The probes that were sent since this was asked last.
    mutating func takeProbes() -> [SimulatedProbes.Probe]

    /// A balancer has probed a server; gives the nanoseconds until it does so again, `nil` for never.
    mutating func take(_ report: HealthReport, of server: Int, by balancer: Int, at now: UInt64) -> UInt64?

    /// A balancer looks after its rules.
    mutating func tick(_ balancer: Int, at now: UInt64)
}

extension Router where Self: ~Copyable {
    var checksHealth: Bool { false }
    mutating func takeServed(at now: UInt64) -> [(job: Int, server: Int?)] { [] }
    mutating func join(members: Int, at now: UInt64) {}
    mutating func takeProbes() -> [SimulatedProbes.Probe] { [] }
    mutating func take(_ report: HealthReport, of server: Int, by balancer: Int, at now: UInt64) -> UInt64? { nil }
    mutating func tick(_ balancer: Int, at now: UInt64) {}
}

/// Somebody who sees every queue, and picks the best server of the moment; ties are drawn.
struct OmniscientRouter: Router {
    private let bound: Bound
    private var generator: SeededGenerator

    init(_ bound: Bound, seed: UInt64) {
        self.bound = bound
        generator = SeededGenerator(seed: seed)
    }

    mutating func route(
        _ job: Int, balancer: Int, at now: UInt64, servers: [any SimulatedServer], members: Int
    ) -> RequestFate {
        var best: Int?
        var least = Double.infinity
        var ties: UInt64 = 0
        for index in 0..<members {
            let cost = bound.cost(of: servers[index])
            if cost < least {
                (best, least, ties) = (index, cost, 1)
            } else if cost == least {
                ties += 1
                if generator.next(below: ties) == 0 { best = index }
            }
        }
        return best.map(RequestFate.server) ?? .refused
    }

    func answer(_ job: Int, outcome: Outcome, at now: UInt64, report: LoadReport) {}
}
