import LoadBalancing

/// Tables of routes, and the requests that are looked up in them.
enum RouteRequests {
    /// Four rules for each of `count` routes, under two hosts, and one for everything.
    static func routes(_ count: Int) -> [Route<Int>] {
        (0..<count).map { number in
            Route(
                "route \(number)",
                hosts: [
                    HostPattern(stringLiteral: "h\(number).example.com"),
                    HostPattern(stringLiteral: "*.w\(number).example.com"),
                ],
                matches: [
                    RouteMatch(path: .exact("/service\(number)/status")),
                    RouteMatch(path: .prefix("/service/v1/x\(number)")),
                    RouteMatch(path: .exact("/beta\(number)"), headers: [.equals("x-beta", "1")]),
                    RouteMatch(path: .exact("/search\(number)"), method: "GET", query: [.equals("v", "2 b")]),
                ],
                to: number)
        } + [Route("rest", to: -1)]
    }

    /// What is looked up among `count` routes, by the name of its column.
    static func all(_ count: Int) -> [(name: String, precedence: RoutePrecedence, request: RouteRequest)] {
        let number = count / 2
        let prefix = RouteRequest(host: "x.w\(number).example.com", target: "/service/v1/x\(number)/items/7")
        return [
            (
                "exact", .mostSpecific,
                RouteRequest(host: "h\(number).example.com", target: "/service\(number)/status?verbose=1")
            ),
            ("prefix", .mostSpecific, prefix),
            ("first", .firstMatch, prefix),
            ("none", .mostSpecific, RouteRequest(host: "www.example.org", target: "/service/v1/x/items/7")),
            (
                "header", .mostSpecific,
                RouteRequest(
                    host: "h\(number).example.com", target: "/beta\(number)", headers: ["x-beta": "1"])
            ),
            (
                "query", .mostSpecific,
                RouteRequest(
                    host: "h\(number).example.com", target: "/search\(number)?utm_source=mail&page=3&v=2+b")
            ),
            (
                "long", .mostSpecific,
                RouteRequest(
                    host: "Tenant-4711.Europe-West.Production.W\(number).Example.COM:8443",
                    target: "/service/v1/x\(number)/with/many/elements/and/a/very-long-last-one.html?verbose=1")
            ),
        ]
    }
}
