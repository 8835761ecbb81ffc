import Foundation
import LoadBalancing

/// Servers that can do the same work, and how it is sent to them.
struct Pool: Sendable {
    /// What may be done to work besides sending it to one server.
    enum Manner: Sendable {
        /// It is sent once: it must not be done twice.
        case once
        /// It may be repeated, and done twice at once, if its method says so.
        case repeatable
        /// Visitors stay with the server that they met first, unless that fails and the method may be repeated.
        case sticky
    }

    let name: String
    let manner: Manner
    let balancer: LoadBalancer<URL>

    init(_ name: String, _ manner: Manner, servers: [Backend<URL>], seed: UInt64) throws(BackendSetError) {
        self.name = name
        self.manner = manner
        balancer = try LoadBalancer(policy: .roundRobin, backends: servers, resilience: .recommended, seed: seed)
    }
}

extension RouteTable<Pool> {
    /// A shop's routes to three servers.
    static func shop(_ servers: [Backend<URL>], seed: UInt64) throws -> RouteTable<Pool> {
        let pages = try Pool("pages", .repeatable, servers: servers, seed: seed)
        let carts = try Pool("carts", .sticky, servers: servers, seed: seed)
        let orders = try Pool("orders", .once, servers: Array(servers.prefix(2)), seed: seed)
        let next = try Pool("next", .repeatable, servers: Array(servers.suffix(1)), seed: seed)
        return try RouteTable([
            Route("carts", hosts: ["shop.test"], matches: [RouteMatch(path: .prefix("/cart"))], to: carts),
            Route(
                "orders", hosts: ["shop.test"], matches: [RouteMatch(path: .exact("/orders"), method: "POST")],
                to: orders),
            Route(
                "new", hosts: ["shop.test"], matches: [RouteMatch(path: .prefix("/new"))],
                split: TrafficSplit([
                    .init("stable", pool: pages, weight: 90), .init("canary", pool: next, weight: 10),
                ])),
            Route("pages", hosts: ["shop.test"], to: pages),
        ])
    }
}
