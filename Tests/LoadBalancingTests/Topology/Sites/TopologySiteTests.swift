import Testing

@testable import LoadBalancing

@Suite struct TopologySiteTests {
    private static let frankfurt = GeoPoint(latitude: 50.11, longitude: 8.68)
    private static let newYork = GeoPoint(latitude: 40.71, longitude: -74.01)
    private static let tokyo = GeoPoint(latitude: 35.68, longitude: 139.69)

    private static var world: [Site] {
        [
            Site("eu", priority: 0, group: "west", location: frankfurt, areas: [.continent("EU"), .country("DE")]),
            Site("us", priority: 1, group: "west", location: newYork, areas: [.country("US"), .everywhere]),
            Site("jp", priority: 2, group: "east", location: tokyo, areas: [.country("JP")]),
        ]
    }

    private static func client(_ network: String = "198.51.100.0/24") -> SiteClient {
        SiteClient(network: NetworkPrefix(network), placeLength: 16)
    }

    private static func answer(
        _ filters: [SiteFilter], _ sites: [Site] = world, for client: SiteClient = client()
    ) throws -> SiteAnswer {
        try SiteSelector(filters).answer(for: client, name: "www.example.com", among: sites)
    }

    private static func ids(
        _ filters: [SiteFilter], _ sites: [Site] = world, for client: SiteClient = client()
    ) throws -> [String] {
        try answer(filters, sites, for: client).sites.map(\.id)
    }

    /// Distances in kilometres by another haversine (Python's math module, R = 6371.0088).
    @Test func distances() {
        let pole = GeoPoint(latitude: 90, longitude: 0)
        let facts: [(GeoPoint, GeoPoint, Double)] = [
            (Self.frankfurt, Self.newYork, 6203.048874), (Self.frankfurt, Self.tokyo, 9332.950678),
            (Self.newYork, Self.tokyo, 10849.968734),
            (pole, GeoPoint(latitude: -90, longitude: 77), 20_015.114_442), (pole, pole, 0),
            (GeoPoint(latitude: 0, longitude: 179.5), GeoPoint(latitude: 0, longitude: -179.5), 111.195_080),
        ]
        for (one, other, distance) in facts {
            #expect(abs(one.distance(to: other) - distance) < 0.001)
            #expect(one.distance(to: other) == other.distance(to: one))
        }
    }

    @Test func theNearestWithBias() throws {
        var client = Self.client()
        client.location = GeoPoint(latitude: 51.5, longitude: -0.12)
        #expect(try Self.ids([.nearest(tolerance: nil)], for: client) == ["eu", "us", "jp"])
        #expect(try Self.answer([.nearest()], for: client).scope == 16)
        // London is 637 km from Frankfurt and 5,570 km from New York: a bias of 89 draws it over, 88 does not.
        var sites = Self.world
        sites[1].bias = 88
        #expect(try Self.ids([.nearest()], sites, for: client) == ["eu"])
        sites[1].bias = 89
        #expect(try Self.ids([.nearest()], sites, for: client) == ["us"])
        // A negative bias pushes off: d · (1 + 0.5).
        sites = Self.world
        sites[0].bias = -50
        #expect(try Self.answer([.nearest()], sites, for: client).steps[0].note == "955 km")
        #expect(try Self.ids([.nearest(tolerance: 6_000)], for: client) == ["eu", "us"])
    }

    @Test(arguments: [
        (states: "aaa", up: "111", ids: ["eu", "us", "jp"], open: false), ("aaa", "011", ["us", "jp"], false),
        ("aaa", "000", ["eu", "us", "jp"], true), ("mda", "110", ["jp"], true), ("mdf", "000", ["jp"], false),
        ("mmm", "111", [], false), ("aad", "001", ["eu", "us"], true),
    ])
    func upOrOpen(states: String, up: String, ids: [String], open: Bool) throws {
        let kinds: [Character: Site.State] = ["a": .active, "d": .draining, "m": .maintenance, "f": .forcedUp]
        let sites = zip(Self.world, zip(states, up)).map { site, facts in
            var site = site
            site.state = kinds[facts.0] ?? .active
            site.isUp = facts.1 == "1"
            return site
        }
        let answer = try Self.answer([.up()], sites)
        #expect(answer.sites.map(\.id) == ids)
        #expect(answer.isFailOpen == open)
    }

    @Test(arguments: [
        (country: "DE", continent: "EU", area: ["eu"], fenced: ["eu", "us"]), ("FR", "EU", ["eu"], ["eu", "us"]),
        ("US", "NA", ["us"], ["us"]), ("JP", "AS", ["jp"], ["us", "jp"]), ("BR", "SA", ["us"], ["us"]),
    ])
    func areas(country: String, continent: String, area: [String], fenced: [String]) throws {
        var client = Self.client()
        client.country = country
        client.continent = continent
        #expect(try Self.ids([.area], for: client) == area)
        #expect(try Self.ids([.geofence()], for: client) == fenced)
        let noDefault = Self.world.filter { $0.id != "us" }
        if country == "BR" { #expect(try Self.ids([.area], noDefault, for: client).isEmpty) }
    }

    @Test func networksAndLatencies() throws {
        var sites = Self.world
        sites[0].prefixes = [try #require(NetworkPrefix("198.51.0.0/16"))]
        sites[1].prefixes = [try #require(NetworkPrefix("198.51.100.0/25"))]
        #expect(try Self.ids([.longestPrefix], sites, for: Self.client("198.51.100.0/25")) == ["us"])
        let inside = try Self.answer([.longestPrefix], sites, for: Self.client("198.51.100.128/25"))
        #expect(inside.sites.map(\.id) == ["eu"])
        #expect(inside.scope == 25)
        // Too wide for one answer: that for its first addresses.
        let wide = try Self.answer([.longestPrefix], sites, for: Self.client("198.51.100.0/24"))
        #expect(wide.sites.map(\.id) == ["us"] && wide.scope == 25)
        let wider = try Self.answer([.longestPrefix], sites, for: Self.client("198.51.0.0/16"))
        #expect(wider.sites.map(\.id) == ["eu"] && wider.scope == 18)
        let optOut = try Self.answer([.longestPrefix], sites, for: Self.client("0.0.0.0/0"))
        #expect(optOut.sites.map(\.id) == ["jp"] && optOut.scope == 0)
        #expect(try Self.ids([.longestPrefix], sites, for: Self.client("203.0.113.0/24")) == ["jp"])
        var client = Self.client()
        client.latencies = ["us": .milliseconds(10), "eu": .milliseconds(15)]
        #expect(try Self.ids([.quickest()], for: client) == ["us"])
        #expect(try Self.ids([.quickest(tolerance: .milliseconds(5))], for: client) == ["us", "eu"])
        #expect(try Self.ids([.quickest(tolerance: nil)], for: client) == ["us", "eu", "jp"])
        sites[2].autonomousSystems = [64_500]
        #expect(try Self.ids([.autonomousSystem()], sites).contains("jp") == false)
    }

    private static func clients(_ count: Int) -> [SiteClient] {
        (0..<count).map { SiteClient(network: NetworkPrefix(NetworkAddress(ipv4: UInt32($0) << 8), length: 24)) }
    }

    @Test func aChangedWeightMovesOnlyItsShare() throws {
        let selector = try SiteSelector([.weighted(), .first(1)])
        func homes(_ sites: [Site]) -> [String] {
            Self.clients(4_000).map { selector.answer(for: $0, name: "a", among: sites).sites[0].id }
        }
        let before = homes(Self.world)
        var sites = Self.world
        sites[0].weight = 2
        let after = homes(sites)
        // From a third to a half: a sixth moves, all of it to the one that gained; four standard deviations are 94.
        let moved = zip(before, after).filter { $0 != $1 }
        #expect(moved.allSatisfy { $0.1 == "eu" })
        #expect(abs(moved.count - 667) < 94)
        // In any order of the list, and without one that goes, nobody else moves.
        #expect(homes(sites.reversed()) == after)
        let without = homes(Array(sites.dropFirst()))
        for (old, new) in zip(after, without) where old != "eu" { #expect(new == old) }
        sites[1].weight = 0
        sites[2].weight = 0
        #expect(Set(homes(sites)) == ["eu"])
        sites[0].weight = 0
        #expect(Set(homes(sites)) == ["eu", "us", "jp"])
    }

    @Test func namesHaveOrdersOfTheirOwnAndCaseDoesNotMatter() throws {
        let selector = try SiteSelector([.shuffled()])
        func order(_ name: String) -> [[String]] {
            Self.clients(20).map { selector.answer(for: $0, name: name, among: Self.world).sites.map(\.id) }
        }
        #expect(order("a.example.com") != order("b.example.com"))
        #expect(order("A.Example.COM.") == order("a.example.com"))
        let answer = selector.answer(for: Self.clients(2)[1], name: "a", among: Self.world)
        #expect(answer.scope == 24)
        // One who is grouped by less is answered for less.
        let coarse = try SiteSelector([.shuffled(ClientGrouping(ipv4Length: 16))])
        #expect(coarse.answer(for: Self.clients(2)[1], name: "a", among: Self.world).scope == 16)
    }

    @Test func aFullSiteSpillsWhatItCannotTake() throws {
        var sites = Self.world
        sites[0].capacity = 100
        sites[0].load = 80
        let selector = try SiteSelector([.waterfall(), .first(1)])
        func counts(_ sites: [Site]) -> [String: Int] {
            Dictionary(grouping: Self.clients(2_000)) { selector.answer(for: $0, name: "a", among: sites).sites[0].id }
                .mapValues(\.count)
        }
        #expect(counts(sites) == ["eu": 2_000])
        #expect(selector.answer(for: Self.clients(1)[0], name: "a", among: sites).scope == 0)
        sites[0].load = 200
        let half = counts(sites)
        // Four standard deviations are 89.
        #expect(abs(half["eu", default: 0] - 1_000) < 89)
        #expect(half["us", default: 0] == 2_000 - half["eu", default: 0])
        sites[1].capacity = 1
        sites[1].load = 2
        #expect(abs(counts(sites)["jp", default: 0] - 500) < 80)
        let shed = try SiteSelector([.shedLoad(low: 0.5, high: 1.5), .first(1)])
        sites[0].load = 100
        let left = Self.clients(2_000).count { shed.answer(for: $0, name: "a", among: sites).sites[0].id == "eu" }
        #expect(abs(left - 1_000) < 89)
        sites[0].load = 150
        #expect(Self.clients(50).allSatisfy { shed.answer(for: $0, name: "a", among: sites).sites[0].id != "eu" })
    }

    @Test func boundClientsStayWithASiteThatDrains() throws {
        var sites = Self.world
        sites[1].state = .draining
        var client = Self.client()
        #expect(try Self.ids([.bound, .up(), .first(1)], sites, for: client) == ["eu"])
        client.boundSite = "us"
        #expect(try Self.ids([.bound, .up(), .first(1)], sites, for: client) == ["us"])
        sites[1].isUp = false
        #expect(try Self.ids([.bound, .up(), .first(1)], sites, for: client) == ["eu"])
    }

    /// An answer that is for one client's sake must not be kept for others, nor one for others be kept for it.
    @Test(
        arguments: [
            (site: nil, length: nil, scope: 0), ("us", nil, 32), ("nowhere", nil, 32), (nil, 19, 19), ("us", 24, 24),
        ] as [(site: String?, length: Int?, scope: Int)])
    func whatAClientIsBoundToIsForItsNetworkAlone(site: String?, length: Int?, scope: Int) throws {
        var client = Self.client()
        client.network = NetworkPrefix("192.0.2.0/24")
        client.boundSite = site
        client.boundLength = length
        let selector = try SiteSelector([.bound, .up(), .first(1)])
        #expect(selector.answer(for: client, name: "a", among: Self.world).scope == scope)
    }

    /// What a function of the caller's looks at is not known, unless it says so.
    @Test(
        arguments: [
            (facts: nil, scope: 32), (.network, 32), (.nothing, 0), (.place, 12),
            (.group(ClientGrouping(ipv4Length: 20)), 20), (.group(ClientGrouping(ipv4Length: 28)), 28),
        ] as [(facts: ClientFacts?, scope: Int)])
    func aCallersFunctionNarrowsTheScope(facts: ClientFacts?, scope: Int) throws {
        var client = Self.client()
        client.network = NetworkPrefix("192.0.2.0/24")
        client.placeLength = 12
        let steps: [SiteFilter] =
            if let facts {
                [.where("all", of: facts) { _, _ in true }, .score("same", of: facts) { _, _ in 1 }]
            } else {
                [.where("all") { _, _ in true }, .score("same") { _, _ in 1 }]
            }
        for step in steps {
            #expect(try SiteSelector([step]).answer(for: client, name: "a", among: Self.world).scope == scope)
        }
        client.network = nil
        #expect(try SiteSelector(steps).answer(for: client, name: "a", among: Self.world).scope == 0)
    }

    @Test func chainsAndWhyTheyFellAsTheyDid() throws {
        let answer = try Self.answer([
            .up(), .either([[.where("nobody") { _, _ in false }], [.priority]]), .score("name", { _, _ in .nan }),
            .firstGroup,
        ])
        #expect(
            answer.description == """
                up: eu, us, jp
                nobody: ; out: eu, us, jp
                priority: eu; out: us, jp
                either of 2 (chain 2): eu; out: us, jp
                score name: eu
                first group: eu
                """)
        #expect(throws: TopologyError(.empty("filter in the chain"))) { try SiteSelector([]) }
        #expect(throws: TopologyError.self) { try SiteSelector([.either([])]) }
        #expect(throws: TopologyError.self) { try SiteSelector([.either([[]])]) }
        #expect(try Self.ids([.first(-1)]).isEmpty)
        #expect(try Self.ids([.up(), .firstGroup], []).isEmpty)
    }

    @Test func presets() {
        var client = Self.client()
        client.location = Self.tokyo
        client.country = "JP"
        client.latencies = ["us": .milliseconds(1)]
        var sites = Self.world
        sites[0].isUp = false
        func first(_ selector: SiteSelector) -> [String] {
            selector.answer(for: client, name: "a", among: sites).sites.map(\.id)
        }
        let route53 = SiteSelector.Route53.allCases.map { first(.route53($0)).sorted().joined(separator: "+") }
        #expect(route53[1...4] == ["us", "us", "jp", "jp"])
        #expect(route53[5] == "jp+us")
        #expect(first(.trafficManager(.priority)) == ["us"])
        #expect(first(.trafficManager(.geographic)) == ["jp"])
        #expect(first(.cloudflare(.proximity)) == ["jp"])
        #expect(first(.cloudflare(.geo)) == ["jp"])
        #expect(first(.f5(preferred: .topology)) == ["jp"])
        #expect(first(.google(.waterfallByZone)) == ["jp"])
        sites[2].capacity = 0
        sites[2].load = 1
        #expect(first(.google(.waterfallByRegion)) == ["us"])
    }
}
