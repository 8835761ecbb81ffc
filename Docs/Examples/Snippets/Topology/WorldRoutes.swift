import LoadBalancing

/// Which requests go to which pool.
enum WorldRoutes {
    /// A shop with an interface of its own, a canary and a mirror.
    static func table() throws -> RouteTable<String> {
        let table = try RouteTable([
            Route(
                "api", hosts: ["api.example.com"], matches: [RouteMatch(path: .prefix("/v2"), method: "POST")],
                to: "writers"),
            Route(
                "web", hosts: ["*.example.com"],
                split: TrafficSplit([
                    .init("stable", pool: "web", weight: 95), .init("canary", pool: "web-next", weight: 5),
                ]),
                mirrors: [Mirror("shadow", fraction: 0.01)]),
            Route("old", matches: [RouteMatch(path: .where("a year") { $0.contains("/19") })], to: "archive"),
            Route("rest", to: "web"),
        ])
        return table
    }

    /// The pool of a request; the same session always has the same.
    static func pool(of request: RouteRequest, session: String, in table: RouteTable<String>) -> String? {
        guard let route = table.route(for: request) else { return nil }
        return route.split.pool(for: XXH64.hash(session))
    }
}
