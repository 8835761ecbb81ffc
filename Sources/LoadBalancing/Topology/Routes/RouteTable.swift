/// Which of two routes that match takes precedence.
public enum RoutePrecedence: String, Hashable, Sendable, CaseIterable, Codable {
    /// The more specific one, as in the Kubernetes Gateway API: exact host, longest wildcard; exact path, tests in the
    /// order given, longest prefix; with a method; more headers; more parameters of the query; older; first by name;
    /// first in its route.
    ///
    /// The API leaves the place of regular expressions open.
    case mostSpecific
    /// The one that was given first, as in Envoy, nginx with expressions, and AWS ALB.
    case firstMatch
}

/// Finds the route of a request.
///
///     let table = try RouteTable([
///         Route("shop", hosts: ["shop.example.com"], matches: [RouteMatch(path: .prefix("/cart"))], to: "carts"),
///         Route("rest", to: "web"),
///     ])
///     table.route(for: request)?.split.pool(for: session)
///
/// - Complexity: O(length of host and path), whatever the number of routes; conditions on methods, headers and queries,
///   and tests, cost what they cost. Nothing is allocated but what tests, headers and parameters need.
public struct RouteTable<Pool: Sendable>: Sendable {
    /// The routes, in the order given.
    public let routes: [Route<Pool>]
    /// Which of several takes precedence.
    public let precedence: RoutePrecedence
    @usableFromInline let search: RouteIndex

    /// Makes a table.
    ///
    /// - Throws: ``TopologyError`` if two routes have the same name, or a path does not begin with a slash.
    public init(_ routes: [Route<Pool>], precedence: RoutePrecedence = .mostSpecific) throws(TopologyError) {
        self.routes = routes
        self.precedence = precedence
        var names: Set<String> = []
        var rules: [RouteRule] = []
        for (number, route) in routes.enumerated() {
            guard names.insert(route.name).inserted else { throw TopologyError(.duplicateName(route.name)) }
            for host in route.hosts.isEmpty ? [.any] : route.hosts {
                for (position, match) in (route.matches.isEmpty ? [RouteMatch()] : route.matches).enumerated() {
                    rules.append(
                        try RouteRule(
                            route: number, name: route.name, position: position, host: host, match: match,
                            creationTime: route.creationTime))
                }
            }
        }
        if precedence == .mostSpecific { rules.sort { $0.precedes($1) } }
        search = RouteIndex(rules, stopsAtFirst: precedence == .mostSpecific)
    }

    /// The route of a request; `nil` if none matches, which HTTP calls 404.
    ///
    /// A route is copied with all that it has; ``index(for:)`` copies nothing.
    @inlinable
    public func route(for request: some RoutableRequest) -> Route<Pool>? {
        index(for: request).map { routes[$0] }
    }

    /// The position in ``routes`` of a request's route; `nil` if none matches.
    @inlinable
    public func index(for request: some RoutableRequest) -> Int? {
        let search = search
        let index = search.route(host: request.host, target: request.target) { rule in
            search.rules[rule].acceptsConditions(of: request)
        }
        return index < 0 ? nil : index
    }

    /// Which rules match a request and why the others do not, in order of precedence, one in a line.
    public func explain(_ request: some RoutableRequest) -> [String] {
        search.rules.map { rule in
            let reason = rule.objection(to: request)
            return "\(rule.name): \(reason.map { "no: \($0)" } ?? "matches")"
        }
    }
}
