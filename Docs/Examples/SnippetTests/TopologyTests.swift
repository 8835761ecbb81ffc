import LoadBalancing
import Testing

@testable import Snippets

/// What the programs of the articles about places, routes, sessions and sites do.
@Suite struct TopologyTests {
    private static let client = Client { address in Response(status: 200, body: address) }

    @Test func workStaysInTheZone() async throws {
        let balancer = try WorldTiers.balancer(zone: "a", callers: ["a": 1, "b": 1])
        for _ in 0..<20 {
            let page = try await WorldTiers.fetch(client: Self.client, balancer: balancer)
            #expect(page.body.hasPrefix("http://10.0.a."))
        }
        let page = try await WorldTiers.hedge(client: Self.client, balancer: balancer)
        #expect(page.body.hasPrefix("http://10.0.a."))
        #expect(WorldTiers.oneActive.order != .spillOver)
    }

    @Test func whatHappensInAPlaceIsLogged() async throws {
        var balancer: TieredBalancer? = try WorldTiers.balancer(zone: "a", callers: ["a": 1, "b": 1])
        let events = try #require(balancer).events()
        await balancer?.drain("10.0.a.1:8080", within: .zero)
        await balancer?.shutdown(within: .zero)
        balancer = nil
        let lines = await WorldTiers.lines(of: events)
        #expect(lines.contains { $0.hasPrefix("0/a: drained") })
        #expect(lines.last == "shut down, 0 in flight")
    }

    @Test func ownStepsSayWhatTheyLookAt() throws {
        let client = SiteClient(network: NetworkPrefix("192.0.2.0/24"), placeLength: 16)
        let answer = try SiteSelector(WorldSites.ownSteps).answer(for: client, name: "a", among: WorldSites.sites)
        #expect(answer.sites.map(\.id) == ["eu", "us"])
        #expect(answer.scope == 16)
    }

    @Test func theLeastBusySiteAnswersOrTheLastResort() throws {
        var sites = WorldSites.sites
        sites[0].metrics = ["cpu": 0.5]
        sites[1].metrics = ["cpu": 0.55]
        let client = SiteClient(metrics: ["eu": ["hops": 9], "us": ["hops": 4]])
        #expect(try WorldSites.lastResort(among: sites, for: client) == ["198.51.100.1"])
        sites[1].metrics = ["cpu": 0.9]
        #expect(try WorldSites.lastResort(among: sites, for: client) == ["192.0.2.1"])
        for index in sites.indices { sites[index].isUp = false }
        #expect(try WorldSites.lastResort(among: sites, for: client) == ["192.0.2.99"])
    }

    @Test func aShopLosesAZoneAndADataCentre() async throws {
        let zones = ["a", "b", "c"]
        func region(_ network: String) throws -> TieredBalancer<String, AnyPolicy> {
            let near = Dictionary(
                uniqueKeysWithValues: zones.map { zone in (zone, (1...3).map { "\(network).\(zone).\($0)" }) })
            return try OneWorld.region(
                zone: "a", callers: ["a": 1, "b": 1, "c": 1], near: near, standby: ["\(network).far.1"])
        }
        let routes = try OneWorld.routes(shop: region("shop"), next: region("next"), search: region("search"))
        var isLost = false
        func pages(_ count: Int) async throws -> [String] {
            let fails = isLost
            let client = Client { address in
                Response(status: fails && address.contains(".a.") ? 503 : 200, body: address)
            }
            var pages: [String] = []
            for number in 0..<count {
                let request = RouteRequest(host: "www.example.com", target: number % 10 == 0 ? "/search/x" : "/")
                let page = try await OneWorld.answer(
                    request, session: "session \(number)", client: client, routes: routes)
                pages.append("\(page.status) \(page.body)")
            }
            return pages
        }
        let before = try await pages(1_000)
        #expect(before.count { $0.contains("http://search.a.") } == 100)
        // 900 sessions, of which 45 with a standard deviation of 6.5.
        #expect(abs(before.count { $0.contains("http://next.a.") } - 45) < 26)
        #expect(before.allSatisfy { $0.hasPrefix("200") && $0.contains(".a.") })
        isLost = true
        _ = try await pages(1_000)
        #expect(try await pages(1_000).allSatisfy { $0.hasPrefix("200") && !$0.contains(".a.") })
        let nobody = RouteRequest(host: "example.org")
        let client = Self.client
        #expect(try await OneWorld.answer(nobody, session: "s", client: client, routes: routes).status == 404)
        #expect(try OneWorld.pool(["10.0.0.1:80"]).snapshot().backends.count == 1)

        var world = OneWorld.World(sites: WorldSites.sites)
        let paris = SiteClient(location: GeoPoint(latitude: 48.9, longitude: 2.4))
        let start = Timestamp(nanoseconds: 1)
        #expect(try world.answer(to: paris, at: start).sites.map(\.id) == ["eu"])
        for observer in ["one", "two"] { world.monitor.report("eu", by: observer, isUp: false, at: start) }
        #expect(try world.answer(to: paris, at: start).sites.map(\.id) == ["us"])
        for observer in ["one", "two"] {
            for _ in 0..<3 { world.monitor.report("eu", by: observer, isUp: true, at: start) }
        }
        let later = start.advanced(by: .seconds(61))
        #expect(try world.answer(to: paris, at: later).sites.map(\.id) == ["eu"])
        #expect(OneWorld.close("eu", in: &world, at: later) > later)
        #expect(try world.answer(to: paris, at: later).sites.map(\.id) == ["us"])
    }

    @Test func aClientUsesAFewOfMany() throws {
        let fleet = (0..<1_000).map { Backend("10.1.\($0 / 250).\($0 % 250):80") }
        let balancer = try LargeFleet.numbered(client: 3, of: 500, fleet: fleet)
        #expect(12...14 ~= balancer.snapshot().backends.count)
        #expect(LargeFleet.anonymous(salt: 1, fleet: fleet).count == 20)
    }

    @Test(arguments: [
        (host: "api.example.com", method: "POST", target: "/v2/orders", pool: "writers"),
        ("example.com", "GET", "/", "web"), ("example.com", "GET", "/1999/x", "archive"),
    ])
    func routes(host: String, method: String, target: String, pool: String) throws {
        let request = RouteRequest(method: method, host: host, target: target)
        #expect(WorldRoutes.pool(of: request, session: "s", in: try WorldRoutes.table()) == pool)
    }

    @Test func aSessionComesBackToItsServer() async throws {
        let backends = (1...5).map { Backend("10.0.0.\($0):80") }
        let sessions = try WorldSessions(
            balancer: LoadBalancer(policy: .roundRobin, backends: backends, seed: 1), secret: SipKey(1, 2))
        let first = try await sessions.answer(cookies: nil, client: Self.client, now: 1_000)
        let cookie = try #require(first.setCookie).prefix { $0 != ";" }
        for _ in 0..<10 {
            let next = try await sessions.answer(cookies: String(cookie), client: Self.client, now: 1_100)
            #expect(next.body == first.body)
            #expect(next.setCookie == nil)
        }
        let forged = try await sessions.answer(cookies: cookie + "x", client: Self.client, now: 1_100)
        #expect(forged.setCookie != nil)
    }

    @Test func theNearestSiteAnswers() throws {
        var places = PrefixTable<GeoPoint>()
        places.insert(GeoPoint(latitude: 48.9, longitude: 2.4), for: try #require(NetworkPrefix("203.0.113.0/24")))
        let (answer, option) = try WorldSites.answer(to: [0, 1, 24, 0, 203, 0, 113], places: places)
        #expect(answer.answers == ["192.0.2.1"])
        #expect(option == [0, 1, 24, 24, 203, 0, 113])
        #expect(WorldSites.stop(at: Timestamp(nanoseconds: 0)).nanoseconds == 4_130 * 1_000_000_000)
    }

    @Test func endpointsStreamsAndHedges() async throws {
        let slice = EndpointSlice(
            endpoints: [EndpointSlice.Endpoint(addresses: ["10.0.0.1"])], ports: ["http": 8_080, "metrics": 9_090])
        #expect(KubernetesEndpoints.backends([slice], node: "n", zone: "z").map(\.id) == ["10.0.0.1:8080"])
        var streams = Multiplexing()
        var dialled = 0
        let now = Timestamp(nanoseconds: 1)
        for number in 0..<250 {
            let connection = streams.send("\(number)", at: now) { dialled += 1 }
            #expect(connection == nil)
        }
        #expect(dialled == 3)
        var sent: [Int] = []
        for connection in 1...3 { sent.append(streams.opened(connection, at: now) { dialled += 1 }.count) }
        #expect(sent == [100, 100, 50] && dialled == 3 && streams.queue.isEmpty)
        let reused = streams.send("250", at: now) { dialled += 1 }
        #expect(reused == 3 && dialled == 3)
        let balancer = try LoadBalancer(policy: .roundRobin, backends: [Backend("a"), Backend("b")])
        #expect(try await Hedging.fetch(client: Self.client, balancer: balancer).status == 200)
    }
}
