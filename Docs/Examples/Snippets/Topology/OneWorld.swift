import LoadBalancing

/// A shop, from one pool of servers to the whole world, a step at a time.
enum OneWorld {
    /// Some servers.
    static func pool(_ addresses: [String]) throws -> LoadBalancer<String> {
        let pool = try LoadBalancer(
            policy: .adaptive, backends: addresses.map { Backend($0) }, resilience: .recommended)
        return pool
    }

    /// Servers in three zones, and some that stand by.
    static func region(
        zone: String, callers: [String: Int], near: [String: [String]], standby: [String]
    ) throws -> TieredBalancer<String, AnyPolicy> {
        var resilience = Resilience.recommended
        resilience.outliers?.largestEjectedShare = 1
        let region = try TieredBalancer(
            policy: AnyPolicy.adaptive,
            backends: near.flatMap { zone, addresses in addresses.map { Backend($0).at(zone: zone) } }
                + standby.map { Backend($0).at(priority: 1) },
            rules: TierRules(zones: .zoneAware(ZoneAwareRouting(localZone: zone, callers: callers))),
            resilience: resilience)
        return region
    }

    /// Which pool a request goes to.
    static func routes(
        shop: TieredBalancer<String, AnyPolicy>, next: TieredBalancer<String, AnyPolicy>,
        search: TieredBalancer<String, AnyPolicy>
    ) throws -> RouteTable<TieredBalancer<String, AnyPolicy>> {
        let routes = try RouteTable([
            Route("search", hosts: ["*.example.com"], matches: [RouteMatch(path: .prefix("/search"))], to: search),
            Route(
                "shop", hosts: ["*.example.com"],
                split: TrafficSplit([
                    .init("stable", pool: shop, weight: 95), .init("canary", pool: next, weight: 5),
                ])),
        ])
        return routes
    }

    /// Answers a request: finds its pool, a place and a server there; a session keeps its pool.
    static func answer(
        _ request: RouteRequest, session: String, client: Client,
        routes: RouteTable<TieredBalancer<String, AnyPolicy>>
    ) async throws -> Response {
        guard let index = routes.index(for: request) else { return Response(status: 404) }
        guard let pool = routes.routes[index].split.pool(for: XXH64.hash(session)) else {
            return Response(status: 503)
        }
        return try await pool.withBackend(attempts: 2) { backend in
            try await client.get("http://\(backend.endpoint)\(request.target)")
        } classify: { response in
            response.status < 500 ? .success : .failure
        }
    }

    /// The data centres of the shop, and what observers say of them.
    struct World {
        var sites: [Site]
        var monitor = SiteMonitor()

        /// What a client in some place is told.
        func answer(to client: SiteClient, at now: Timestamp) throws -> SiteAnswer {
            let selector = try SiteSelector([.up(), .nearest(tolerance: nil), .waterfall(), .first(1)])
            return selector.answer(for: client, name: "www.example.com", among: monitor.judged(sites, at: now))
        }
    }

    /// Takes a data centre out of service in order: when it may be switched off.
    static func close(_ site: String, in world: inout World, at now: Timestamp) -> Timestamp {
        for index in world.sites.indices where world.sites[index].id == site {
            world.sites[index].state = .draining
        }
        let drain = SiteDrain(timeToLive: .seconds(30), idleTime: .seconds(60), stickyLife: .zero)
        return drain.safeToStop(drainedAt: now)
    }
}
