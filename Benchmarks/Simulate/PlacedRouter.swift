import LoadBalancing

/// Balancers that stand in zones, probe the servers, and may heed tiers and zones.
struct PlacedRouter: Router, ~Copyable {
    private let balancers: [TieredBalancer<Int, AnyPolicy>]
    /// The balancer of the place of each server, of each balancer.
    private let places: [[Balancer<Int, AnyPolicy>]]
    private let time = ManualTime()
    private var leases = LeaseStore<PlacedLease<Int>>()

    /// Balancers that know of zones and tiers, or of the first tier's servers as if they stood in one place.
    init(
        _ policy: AnyPolicy, seesZones: Bool, resilience: Resilience, of setup: Setup, seed: UInt64
    ) throws {
        let zones = setup.zones ?? Setup.Zones(servers: [], balancers: [])
        let callers = Dictionary(zones.balancers.map { ($0, 1) }, uniquingKeysWith: +)
        let backends = zones.servers.enumerated().compactMap { number, place -> PlacedBackend<Int>? in
            let backend = Backend(id: "server \(number)", endpoint: number)
            guard !seesZones else { return PlacedBackend(backend, at: place) }
            return place.priority == 0 ? backend.at() : nil
        }
        let clock = TimeSource.manual(time)
        let made = try zones.balancers.enumerated().map { number, zone in
            try TieredBalancer(
                policy: policy, backends: backends,
                rules: TierRules(
                    zones: seesZones
                        ? .zoneAware(ZoneAwareRouting(localZone: zone, callers: callers)) : .byBackends),
                resilience: resilience, time: clock,
                seed: mixed(seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15), stripeLimit: 1)
        }
        balancers = made
        places = made.map { balancer in backends.compactMap { balancer.balancers[$0.place] } }
    }

    var checksHealth: Bool { true }

    mutating func route(
        _ job: Int, balancer: Int, at now: UInt64, servers: [any SimulatedServer], members: Int
    ) -> RequestFate {
        let request = PickRequest(time: Timestamp(inSimulation: now))
        guard let lease = try? balancers[balancer].lease(for: request) else { return .refused }
        let server = lease.endpoint
        leases.put(lease, for: job)
        return .server(server)
    }

    mutating func answer(_ job: Int, outcome: Outcome, at now: UInt64, report: LoadReport) {
        leases.take(job)?.finish(outcome, at: Timestamp(inSimulation: now))
    }

    mutating func take(_ report: HealthReport, of server: Int, by balancer: Int, at now: UInt64) -> UInt64? {
        guard places[balancer].indices.contains(server) else { return nil }
        time.advance(inSimulationTo: now)
        let delay = places[balancer][server].takeHealth(report, of: "server \(server)")
        return delay.map { UInt64(max(0, $0 / .nanoseconds(1))) }
    }

    mutating func tick(_ balancer: Int, at now: UInt64) {
        time.advance(inSimulationTo: now)
        balancers[balancer].tick()
    }
}
