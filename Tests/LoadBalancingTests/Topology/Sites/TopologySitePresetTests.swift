import Testing

@testable import LoadBalancing

/// The selectors of others, method by method.
@Suite struct TopologySitePresetTests {
    /// Each of three sites is the best by some figure.
    private static let sites = [
        Site(
            "a", priority: 1, weight: 0, group: "west", areas: [.country("DE")], load: 90, capacity: 100,
            metrics: [
                "score": 1, "cpu": 0.1, "kilobytes per second": 50, "connections": 9, "packet rate": 5, "cost": 3,
            ]
        ),
        Site(
            "b", priority: 0, weight: 0, group: "east", areas: [.continent("EU")], load: 10, capacity: 100,
            metrics: [
                "score": 2, "cpu": 0.5, "kilobytes per second": 10, "connections": 7, "packet rate": 9, "cost": 2,
            ]
        ),
        Site(
            "c", priority: 2, weight: 1, group: "west", areas: [.everywhere], load: 40, capacity: 60,
            metrics: [
                "score": 9, "cpu": 0.9, "kilobytes per second": 99, "connections": 2, "packet rate": 1, "cost": 1,
            ]
        ),
    ]

    private static let client = SiteClient(
        network: NetworkPrefix("192.0.2.0/24"), placeLength: 20, country: "DE", continent: "EU",
        latencies: ["a": .milliseconds(9), "b": .milliseconds(5), "c": .milliseconds(7)],
        metrics: [
            "a": ["hops": 3, "completion rate": 0.9], "b": ["hops": 8, "completion rate": 0.99], "c": ["hops": 9],
        ])

    private static func answer(_ selector: SiteSelector, _ sites: [Site] = sites) -> SiteAnswer {
        selector.answer(for: client, name: "www.example.com", among: sites)
    }

    private static func ids(_ selector: SiteSelector, _ sites: [Site] = sites) -> String {
        answer(selector, sites).sites.map(\.id).joined()
    }

    @Test(arguments: [
        (filter: SiteFilter.least(.cpu, tolerance: nil), ids: "abc", scope: 0), (.least(.cpu), "a", 0),
        (.least(.cpu, tolerance: 0.45), "ab", 0), (.most(.score, tolerance: nil), "cba", 0), (.most(.room), "b", 0),
        (.least(.hops), "a", 20), (.least(.latency, tolerance: nil), "bca", 20),
        (.most(.area, tolerance: nil), "abc", 20), (.most(.area, tolerance: 1), "ab", 20),
        // Who is not measured comes last, or is left out.
        (.most(.completionRate, tolerance: nil), "bac", 20), (.most(.completionRate, tolerance: 1), "ba", 20),
        (.measured(.completionRate), "ab", 20), (.least(.site("unheard of")), "abc", 0),
        (.measured(.site("unheard of")), "", 0), (.least(.connections), "c", 0),
        (.quality([SiteQuality(.score, coefficient: 1)]), "cba", 0), (.quality([]), "abc", 0),
        (.quality([SiteQuality(.hops, coefficient: 0), SiteQuality(.score, coefficient: 1)]), "cba", 0),
        (.quality([SiteQuality(.completionRate, coefficient: 2), SiteQuality(.cost, coefficient: 1)]), "abc", 20),
        (.instead([Site("x")]), "x", 0), (.refuse(.drop), "", 0),
        (.prefixFence(), "abc", 0), (.shuffledGroups(ClientGrouping(ipv4Length: 22)), "bac", 22),
    ])
    func figuresAndLastResorts(filter: SiteFilter, ids: String, scope: Int) throws {
        let answer = Self.answer(try SiteSelector([filter]))
        #expect(answer.sites.map(\.id).joined() == ids)
        #expect(answer.scope == scope)
    }

    @Test(arguments: [
        (values: [1, 2, 4] as [Double?], least: [10, 5, 2.5], most: [2.5, 5, 10]), ([nil, 3], [0, 10], [0, 10]),
        ([0, 5], [10, 0], [0, 10]), ([-1, 5], [10, 0], [0, 10]), ([nil, nil], [0, 0], [0, 0]), ([], [], []),
        ([.infinity, 1], [0, 10], [10, 0]), ([0, 0], [10, 10], [10, 10]),
    ])
    func pointsAreInProportionToTheBest(values: [Double?], least: [Double], most: [Double]) {
        #expect(SiteQuality(.cpu, coefficient: 1, isBestWhenLeast: true).points(of: values) == least)
        #expect(SiteQuality(.cpu, coefficient: 1).points(of: values) == most)
    }

    @Test(arguments: [
        (method: SiteSelector.F5.globalAvailability, id: "b"), (.ratio, "c"), (.topology, "a"),
        (.virtualServerCapacity, "b"), (.virtualServerScore, "c"), (.roundTripTime, "b"), (.hops, "a"),
        (.completionRate, "b"), (.cpu, "a"), (.kilobytesPerSecond, "b"), (.leastConnections, "c"), (.packetRate, "c"),
        (.qualityOfService, "b"), (.returnToDNS, ""), (.drop, ""),
        // Who has no turn leaves it to the alternate, global availability here.
        (.skip, "b"), (.fallbackIP, "b"),
    ])
    func f5ByMethod(method: SiteSelector.F5, id: String) {
        #expect(Self.ids(.f5(preferred: method, alternate: .globalAvailability)) == id)
    }

    /// What the methods do when nothing is measured, and when all are down.
    @Test func f5FallsBackByTurns() {
        let bare = ["a", "b"].enumerated().map { Site($1, priority: $0) }
        let down = bare.map { site in
            var site = site
            site.isUp = false
            return site
        }
        let unmeasured: [SiteSelector.F5] = [.cpu, .virtualServerScore, .kilobytesPerSecond, .packetRate]
        for method in unmeasured {
            let answer = Self.answer(.f5(preferred: method, alternate: .skip, fallback: .returnToDNS), bare)
            #expect(answer.sites.isEmpty && answer.refusal == .pass, "\(method)")
        }
        // A refusal as the alternate keeps the fallback, which does not look at health, from having its turn.
        let dropped = Self.answer(.f5(preferred: .globalAvailability, alternate: .drop), down)
        #expect(dropped.sites.isEmpty && dropped.refusal == .drop)
        #expect(Self.answer(.f5(preferred: .globalAvailability, alternate: .drop), bare).refusal == nil)
        let health = Self.answer(.f5(preferred: .globalAvailability), down)
        #expect(health.sites.map(\.id) == ["a"] && health.refusal == nil)
        let resort = SiteSelector.f5(
            preferred: .globalAvailability, fallback: .fallbackIP, fallbackSite: Site("x", isUp: false))
        #expect(Self.ids(resort, down) == "x" && Self.ids(resort, bare) == "a")
        #expect(Self.ids(.f5(preferred: .globalAvailability, fallback: .fallbackIP), down).isEmpty)
    }

    @Test func cloudflareByLoadAndWithAFallbackPool() {
        var sites = Self.sites.filter { $0.id != "c" }
        for index in sites.indices { sites[index].weight = 1 }
        #expect(Self.ids(.cloudflare(.leastConnections), sites) == "b")
        sites[0].metrics["connections"] = 6
        #expect(Self.ids(.cloudflare(.leastConnections), sites) == "a")
        #expect(Self.ids(.cloudflare(.leastOutstandingRequests), sites) == "b")
        sites[0].weight = 9
        #expect(Self.ids(.cloudflare(.leastOutstandingRequests), sites) == "a")
        let fallback = Site("x")
        for steering in SiteSelector.CloudflareSteering.allCases {
            var down = sites
            for index in down.indices { down[index].isUp = false }
            #expect(Self.ids(.cloudflare(steering, fallback: fallback), down) == "x", "\(steering)")
            #expect(Self.answer(.cloudflare(steering), down).isFailOpen, "\(steering)")
            #expect(Self.ids(.cloudflare(steering, fallback: fallback), sites) != "x", "\(steering)")
        }
    }

    @Test(
        arguments: [
            (filters: [.priority], ids: "b"), ([.cost], "cba"), ([.cost, .selectFirstN()], "c"),
            ([.geotargetCountry], "abc"), ([.geofence()], "abc"), ([.weightedShuffle], "c"),
            ([.up, .selectFirstN(2)], "ab"),
            ([.cost, .selectFirstRegion], "ca"), ([.stickyRegion(byNetwork: true), .selectFirstRegion], "ac"),
            ([.shedLoad(low: 0.3, high: 0.5)], "b"),
        ] as [(filters: [SiteSelector.NS1], ids: String)])
    func ns1ByFilter(filters: [SiteSelector.NS1], ids: String) throws {
        #expect(Self.ids(try .ns1(filters)) == ids)
    }

    /// A fence keeps what is fenced to the client and, only if nothing is or it says so, what is not fenced.
    @Test func ns1Fences() throws {
        var sites = ["a", "b", "c"].map { Site($0) }
        sites[0].areas = [.country("DE")]
        sites[1].areas = [.country("FR")]
        sites[0].autonomousSystems = [64_500]
        sites[1].autonomousSystems = [64_501]
        sites[0].prefixes = [try #require(NetworkPrefix("192.0.2.0/26"))]
        sites[1].prefixes = [try #require(NetworkPrefix("192.0.2.128/26"))]
        var client = Self.client
        func ids(_ filter: SiteSelector.NS1) throws -> String {
            try SiteSelector.ns1([filter]).answer(for: client, name: "a", among: sites).sites.map(\.id).joined()
        }
        let strict: [SiteSelector.NS1] = [.geofence(), .netfenceASN(), .netfencePrefix()]
        let loose: [SiteSelector.NS1] = [
            .geofence(keepsUnfenced: true), .netfenceASN(keepsUnfenced: true), .netfencePrefix(keepsUnfenced: true),
        ]
        client.autonomousSystem = 64_500
        for filter in strict { #expect(try ids(filter) == "a", "\(filter)") }
        for filter in loose { #expect(try ids(filter) == "ac", "\(filter)") }
        client.autonomousSystem = nil
        client.country = "JP"
        client.network = NetworkPrefix("203.0.113.0/24")
        for filter in strict + loose { #expect(try ids(filter) == "c", "\(filter)") }
        client.network = nil
        #expect(try ids(.netfencePrefix()) == "c")
    }

    @Test func groupsComeTogetherAndStay() throws {
        let sites = (0..<12).map { Site("\($0)", group: "\($0 % 3)") }
        let selector = try SiteSelector.ns1([.sticky(), .stickyRegion()])
        var firsts: Set<String> = []
        for number in 0..<50 as Range<UInt32> {
            let network = NetworkPrefix(NetworkAddress(ipv4: number << 8), length: 32)
            let groups = selector.answer(for: SiteClient(network: network), name: "a", among: sites).sites.map(\.group)
            // Four of each, one group after the other.
            for start in [0, 4, 8] { #expect(Set(groups[start..<start + 4]).count == 1) }
            firsts.insert(groups[0])
            // Without another group, the order of the two is as it was.
            let rest = sites.filter { $0.group != groups[0] }
            let left = selector.answer(for: SiteClient(network: network), name: "a", among: rest).sites.map(\.group)
            #expect(left == Array(groups[4...]))
        }
        #expect(firsts.count == 3)
        #expect(throws: TopologyError.self) { try SiteSelector.ns1([]) }
    }
}
