import LoadBalancing

/// Balancers as programs use them, each of which knows of its own requests only.
struct BalancerRouter: Router, ~Copyable {
    private let balancers: [LoadBalancer<Int>]
    private let terms: Contender.Terms
    private let probes: SimulatedProbes
    private let time = ManualTime()
    private let waitingRoom = WaitingRoom()
    private var leases = LeaseStore<Lease<Int>>()
    /// Leases of those that have waited.
    private var lateLeases: [Int: SharedLease<Int>] = [:]

    init(
        _ policy: AnyPolicy, _ terms: Contender.Terms, probes: SimulatedProbes, of setup: Setup, seed: UInt64
    ) throws {
        self.probes = probes
        self.terms = terms
        var resilience = terms.resilience
        resilience.slowStart = setup.slowStart ?? resilience.slowStart
        let (rules, clock) = (resilience, TimeSource.manual(time))
        balancers = try (0..<setup.balancers).map { number in
            try LoadBalancer(
                policy: policy, backends: Self.backends(setup.initialServers), resilience: rules, time: clock,
                seed: mixed(seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15), stripeLimit: 1)
        }
    }

    private static func backends(_ count: Int) -> [Backend<Int>] {
        (0..<count).map { Backend(id: "server \($0)", endpoint: $0) }
    }

    /// The number of the server whose identity is `id`.
    static func server(of id: String) -> Int? { Int(id.dropFirst("server ".count)) }

    var checksHealth: Bool { terms.checksHealth }

    func takeProbes() -> [SimulatedProbes.Probe] { probes.take() }

    mutating func route(
        _ job: Int, balancer: Int, at now: UInt64, servers: [any SimulatedServer], members: Int
    ) -> RequestFate {
        time.advance(inSimulationTo: now)
        let request = PickRequest(time: Timestamp(inSimulation: now))
        do throws(BalancerError) {
            let lease = try balancers[balancer].lease(for: request)
            let server = lease.endpoint
            leases.put(lease, for: job)
            return .server(server)
        } catch {
            guard terms.patience > .zero, error.reason == .saturated else { return .refused }
            waitingRoom.wait(job, for: request, at: balancers[balancer], upTo: terms.patience)
            return .waits
        }
    }

    mutating func takeServed(at now: UInt64) -> [(job: Int, server: Int?)] {
        guard terms.patience > .zero else { return [] }
        time.advance(inSimulationTo: now)
        return waitingRoom.takeServed().map { served in
            if let lease = served.lease { lateLeases[served.job] = lease }
            return (served.job, served.lease?.backend.endpoint)
        }
    }

    mutating func answer(_ job: Int, outcome: Outcome, at now: UInt64, report: LoadReport) {
        time.advance(inSimulationTo: now)
        let time = Timestamp(inSimulation: now)
        if let lease = leases.take(job) {
            if terms.reports {
                lease.finish(outcome, report: report, at: time)
            } else {
                lease.finish(outcome, at: time)
            }
        } else {
            lateLeases.removeValue(forKey: job)?.finish(outcome, at: time)
        }
    }

    mutating func join(members: Int, at now: UInt64) {
        time.advance(inSimulationTo: now)
        for balancer in balancers { try? balancer.update(Self.backends(members)) }
    }

    mutating func take(_ report: HealthReport, of server: Int, by balancer: Int, at now: UInt64) -> UInt64? {
        time.advance(inSimulationTo: now)
        let delay = balancers[balancer].takeHealth(report, of: "server \(server)")
        return delay.map { UInt64(max(0, $0 / .nanoseconds(1))) }
    }

    mutating func tick(_ balancer: Int, at now: UInt64) {
        time.advance(inSimulationTo: now)
        balancers[balancer].tick()
    }
}

extension Timestamp {
    /// What clocks show in a simulation that began `nanoseconds` ago: no clock begins at 0.
    init(inSimulation nanoseconds: UInt64) {
        self.init(nanoseconds: 1_000_000_000 + nanoseconds)
    }
}

extension ManualTime {
    /// Shows the time of a simulation that began `nanoseconds` ago.
    func advance(inSimulationTo nanoseconds: UInt64) {
        advance(by: Timestamp(inSimulation: nanoseconds).duration(since: now))
    }
}
