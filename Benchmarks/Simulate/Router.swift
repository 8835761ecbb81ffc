import LoadBalancing

/// Where the requests of a simulation are sent, and who learns of the answers.
protocol Router: ~Copyable {
    /// The server for a request that comes to a balancer; `nil` if nobody is admitted.
    mutating func route(
        _ job: Int, balancer: Int, at now: UInt64, servers: [any SimulatedServer], members: Int
    ) -> Int?

    /// A request has been answered.
    mutating func answer(_ job: Int, outcome: Outcome, at now: UInt64, report: LoadReport)

    /// The first `members` servers are known from now on.
    mutating func join(members: Int)

    /// The probes that were sent since this was asked last.
    mutating func takeProbes() -> [SimulatedProbes.Probe]

    /// A server gets a part of its share.
    mutating func setFraction(_ fraction: Double, of server: Int)

    /// A balancer has probed a server; gives the nanoseconds until it does so again, `nil` for never.
    mutating func take(_ report: HealthReport, of server: Int, by balancer: Int, at now: UInt64) -> UInt64?

    /// A balancer looks after its rules.
    mutating func tick(_ balancer: Int, at now: UInt64)
}

extension Router where Self: ~Copyable {
    mutating func join(members: Int) {}
    mutating func takeProbes() -> [SimulatedProbes.Probe] { [] }
    mutating func setFraction(_ fraction: Double, of server: Int) {}
    mutating func take(_ report: HealthReport, of server: Int, by balancer: Int, at now: UInt64) -> UInt64? { nil }
    mutating func tick(_ balancer: Int, at now: UInt64) {}
}

/// Balancers as programs use them, each of which knows of its own requests only.
struct BalancerRouter: Router, ~Copyable {
    private let balancers: [LoadBalancer<Int>]
    /// Whether servers report their load with each answer.
    private let reports: Bool
    private let probes: SimulatedProbes
    private var leases = LeaseStore<Lease<Int>>()

    init(
        _ policy: AnyPolicy, reports: Bool, probes: SimulatedProbes, balancers count: Int, members: Int, seed: UInt64
    ) throws {
        self.probes = probes
        self.reports = reports
        balancers = try (0..<count).map { number in
            try LoadBalancer(
                policy: policy, backends: Self.backends(members), time: .manual(ManualTime()),
                seed: mixed(seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15), stripeLimit: 1)
        }
    }

    private static func backends(_ count: Int) -> [Backend<Int>] {
        (0..<count).map { Backend(id: "server \($0)", endpoint: $0) }
    }

    /// The number of the server whose identity is `id`.
    static func server(of id: String) -> Int? { Int(id.dropFirst("server ".count)) }

    func takeProbes() -> [SimulatedProbes.Probe] { probes.take() }

    mutating func route(
        _ job: Int, balancer: Int, at now: UInt64, servers: [any SimulatedServer], members: Int
    ) -> Int? {
        let request = PickRequest(time: Timestamp(inSimulation: now))
        guard let lease = try? balancers[balancer].lease(for: request) else { return nil }
        let server = lease.endpoint
        leases.put(lease, for: job)
        return server
    }

    mutating func answer(_ job: Int, outcome: Outcome, at now: UInt64, report: LoadReport) {
        let lease = leases.take(job)
        let time = Timestamp(inSimulation: now)
        if reports {
            lease?.finish(outcome, report: report, at: time)
        } else {
            lease?.finish(outcome, at: time)
        }
    }

    mutating func join(members: Int) {
        for balancer in balancers { try? balancer.update(Self.backends(members)) }
    }

    mutating func setFraction(_ fraction: Double, of server: Int) {
        for balancer in balancers { balancer.setAdmission(Admission(fraction: fraction), for: "server \(server)") }
    }
}

extension Timestamp {
    /// What clocks show in a simulation that began `nanoseconds` ago: no clock begins at 0.
    init(inSimulation nanoseconds: UInt64) {
        self.init(nanoseconds: 1_000_000_000 + nanoseconds)
    }
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
    ) -> Int? {
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
        return best
    }

    func answer(_ job: Int, outcome: Outcome, at now: UInt64, report: LoadReport) {}
}
