import Testing

@testable import LoadBalancing

@Suite struct TopologyRouteTests {
    private static func get(
        _ host: String, _ target: String, method: String = "GET", headers: [String: String] = [:]
    ) -> RouteRequest {
        RouteRequest(method: method, host: host, target: target, headers: headers)
    }

    @Test(arguments: [
        (pattern: "a.example.com", host: "a.example.com", matches: true),
        ("a.example.com", "A.Example.COM:8080", true), ("a.example.com", "a.example.com.", true),
        ("a.example.com", "b.a.example.com", false), ("*.example.com", "a.example.com", true),
        ("*.example.com", "a.b.example.com:443", true), ("*.example.com", "example.com", false),
        ("*.example.com", ".example.com", false), ("*.example.com", "aexample.com", false), ("*", "", true),
        ("", "anything", true), ("[::1]", "[::1]:80", true), ("a", "", false), ("a", ":80", false),
    ])
    func hosts(pattern: String, host: String, matches: Bool) throws {
        #expect(try HostPattern(pattern).matches(host) == matches)
        let table = try RouteTable([Route("r", hosts: [HostPattern(pattern)], to: "pool")])
        #expect((table.route(for: Self.get(host, "/")) != nil) == matches)
    }

    @Test(arguments: ["a.*.com", "*a.com", "a..com", "a.com:80", "*.", ".a"])
    func refusesHosts(pattern: String) {
        #expect(throws: TopologyError.self) { try HostPattern(pattern) }
    }

    @Test(arguments: [
        (target: "/", route: "root"), ("/shop", "shop"), ("/shop/", "shop"), ("/shop/cart", "shop"),
        ("/shopping", "root"), ("/shop/sale", "sale"), ("/shop/sale/", "shop"), ("/shop/sale?x=1", "sale"),
        ("/shop/v2/x", "version"), ("/shop/a/b/c", "deep"), ("/shop//a", "shop"), ("*", "root"), ("", "root"),
        ("?a=b", "root"),
    ])
    func longestPrefixByElement(target: String, route: String) throws {
        let table = try RouteTable([
            Route("root", to: 0), Route("shop", matches: [RouteMatch(path: .prefix("/shop/"))], to: 0),
            Route("deep", matches: [RouteMatch(path: .prefix("/shop/a/b"))], to: 0),
            Route("sale", matches: [RouteMatch(path: .exact("/shop/sale"))], to: 0),
            Route("version", matches: [RouteMatch(path: .where("v2") { $0.contains("/v2/") })], to: 0),
        ])
        #expect(table.route(for: Self.get("", target))?.name == route)
    }

    /// One request that all of these match; each is ahead of those behind it.
    @Test func precedenceOfTheGatewayAPI() throws {
        let x = ValueMatch.equals("x", "1")
        let y = ValueMatch.equals("y", "1")
        let inOrder: [Route<Int>] = [
            Route("exact host", hosts: ["a.b.com"], to: 0),
            Route("longest wildcard", hosts: ["*.b.com"], to: 0),
            Route("wildcard", hosts: ["*.com"], to: 0),
            Route("exact path", matches: [RouteMatch(path: .exact("/p/q"))], to: 0),
            Route("test", matches: [RouteMatch(path: .where("any") { _ in true })], to: 0),
            Route("longest prefix", matches: [RouteMatch(path: .prefix("/p/q"))], to: 0),
            Route("prefix", matches: [RouteMatch(path: .prefix("/p"))], to: 0),
            Route("method", matches: [RouteMatch(method: "GET")], to: 0),
            Route("two headers", matches: [RouteMatch(headers: [x, y])], to: 0),
            Route("one header", matches: [RouteMatch(headers: [x])], to: 0),
            Route("two parameters", matches: [RouteMatch(query: [x, y])], to: 0),
            Route("one parameter", matches: [RouteMatch(query: [x])], to: 0),
            Route("b older", split: TrafficSplit(0), creationTime: 1),
            Route("a younger", split: TrafficSplit(0), creationTime: 2),
            Route("c younger", split: TrafficSplit(0), creationTime: 2),
        ]
        let request = Self.get("a.b.com", "/p/q?x=1&y=1", headers: ["X": "1", "Y": "1"])
        for count in inOrder.indices {
            let routes = Array(inOrder[count...])
            #expect(try RouteTable(routes.reversed()).route(for: request)?.name == routes[0].name)
            let firstMatch = try RouteTable(Array(routes.reversed()), precedence: .firstMatch)
            #expect(firstMatch.route(for: request)?.name == "c younger")
        }
    }

    @Test(arguments: [
        (match: ValueMatch.equals("q", "a b"), target: "/?q=a%20b", matches: true),
        (.equals("q", "a b"), "/?p&q=a+b", true), (.equals("q", "a"), "/?q=b&q=a", false),
        (.equals("q", "é"), "/?q=%C3%a9", true), (.equals("q", "1"), "/?&&=x&q=1&", true),
        (.equals("a=b", ""), "/?a=b", false),
        (.equals("q", ""), "/?q", true), (.equals("q", "%zz"), "/?q=%zz", true), (.equals("q", "%"), "/?q=%25", true),
        (ValueMatch("q", .isPresent), "/?x", false), (ValueMatch("q", .isAbsent), "/?x", true),
        (ValueMatch("q", .isAbsent), "/", true), (ValueMatch("q", .where("digit") { $0 == "7" }), "/?q=7", true),
    ])
    func queries(match: ValueMatch, target: String, matches: Bool) throws {
        let table = try RouteTable([Route("r", matches: [RouteMatch(query: [match])], to: 0)])
        #expect((table.route(for: Self.get("", target)) != nil) == matches)
    }

    @Test func headersInAnyCase() throws {
        let table = try RouteTable([Route("r", matches: [RouteMatch(headers: [.equals("X-Beta", "1")])], to: 0)])
        #expect(table.route(for: Self.get("", "/", headers: ["x-bEtA": "1"])) != nil)
        #expect(table.route(for: Self.get("", "/", headers: ["x-beta": "2"])) == nil)
        #expect(table.explain(Self.get("", "/")) == ["r: no: not header X-Beta = 1"])
    }

    @Test func refusesWhatCannotBe() {
        #expect(throws: TopologyError(.duplicateName("a"))) { try RouteTable([Route("a", to: 0), Route("a", to: 1)]) }
        #expect(throws: TopologyError.self) {
            try RouteTable([Route("a", matches: [RouteMatch(path: .prefix("shop"))], to: 0)])
        }
        #expect(throws: Never.self) { try RouteTable<Int>([]) }
    }

    /// The index finds what a plain walk over all rules finds.
    @Test(arguments: RoutePrecedence.allCases, 0..<60 as Range<UInt64>)
    func theIndexAgreesWithAPlainWalk(precedence: RoutePrecedence, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func draw<Element>(_ elements: [Element]) -> Element {
            elements[Int(random.next(below: UInt64(elements.count)))]
        }
        let patterns: [HostPattern] = [
            "*", "a.com", "*.com", "*.a.com", "b.a.com", "*.b.a.com", "c.b.a.com", "*.a-long-name.example.com",
            "one.a-long-name.example.com",
        ]
        // Elements of less than a word, of one, and of more.
        let elements = ["x", "y", "xx", "", "eight888", "eight888-more"]
        func path() -> String {
            "/" + (0..<Int(random.next(below: 5))).map { _ in draw(elements) }.joined(separator: "/")
        }
        let routes = (0..<Int(random.next(below: 30))).map { number in
            let matches = (0..<Int(random.next(below: 3))).map { _ in
                let text = path()
                let kind = random.next(below: 8)
                return RouteMatch(
                    path: kind == 0
                        ? .where(text) { $0.utf8.count == text.utf8.count } : kind < 4 ? .exact(text) : .prefix(text),
                    method: draw([nil, nil, nil, "GET", "PUT"]),
                    query: random.next(below: 4) == 0 ? [.equals("q", draw(["1", "2"]))] : [])
            }
            let hosts = (0..<Int(random.next(below: 3))).map { _ in draw(patterns) }
            return Route("\(number)", hosts: Array(Set(hosts)), matches: matches, to: number)
        }
        let table = try RouteTable(routes, precedence: precedence)
        for _ in 0..<200 {
            let request = Self.get(
                draw([
                    "a.com", "b.a.com", "c.b.a.com:1", "d.c.b.a.com", "x.org", "com", "", "B.A.Com", ".a.com",
                    "One.A-Long-Name.Example.Com:443", "other.one.a-long-name.example.com",
                ]),
                path() + draw(["", "?q=1"]),
                method: draw(["GET", "PUT"]))
            let plain = table.explain(request).first { $0.hasSuffix(": matches") }?.dropLast(9)
            #expect(table.route(for: request)?.name == plain.map(String.init), "seed \(seed), \(request)")
            #expect(table.index(for: request).map(String.init) == plain.map(String.init), "seed \(seed)")
        }
    }

    @Test func aCanaryTakesItsShareOfKeysAndNoOthers() {
        func split(_ canary: Int) -> TrafficSplit<String> {
            TrafficSplit([.init("stable", pool: "s", weight: 100 - canary), .init("canary", pool: "c", weight: canary)])
        }
        let keys = (0..<10_000).map { Mixing.mix(UInt64($0)) }
        let five = Set(keys.filter { split(5).pool(for: $0) == "c" })
        let ten = Set(keys.filter { split(10).pool(for: $0) == "c" })
        // Standard deviations of 22 and 30; four of them.
        #expect(abs(five.count - 500) < 88)
        #expect(abs(ten.count - 1_000) < 120)
        #expect(five.isSubset(of: ten))
        #expect(split(0).pool(for: 1) == "s")
        #expect(TrafficSplit([.init("a", pool: 1, weight: 0)]).pool(for: 1) == nil)
        var generator = SeededGenerator(seed: 1)
        let drawn = (0..<10_000).count { _ in split(10).pool(using: &generator) == "c" }
        #expect(abs(drawn - 1_000) < 120)
        let alike = TrafficSplit((0..<2).map { .init("web", pool: $0, weight: 1 + 3 * $0) })
        #expect(abs(keys.count { alike.pool(for: $0) == 0 } - 2_000) < 160, "names that are alike share by weight")
        let mirror = Mirror("shadow", fraction: 0.1)
        #expect(abs(keys.count(where: mirror.copies) - 1_000) < 120)
        #expect(keys.allSatisfy(Mirror("all").copies))
    }
}
