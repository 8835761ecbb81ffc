import Testing

@testable import LoadBalancing

/// For whom an answer is good: RFC 7871, §7.2.1.
@Suite struct TopologySiteScopeTests {
    private static func prefix(_ bits: UInt32, _ length: Int) -> NetworkPrefix {
        NetworkPrefix(NetworkAddress(ipv4: bits << 20), length: length)
    }

    /// What is known of networks, of which the first twelve bits vary, so that they nest.
    private struct World {
        var places = PrefixTable<Int>()
        var bindings = PrefixTable<String>()

        init(_ random: inout SeededGenerator) {
            for place in 0..<Int(random.next(below: 8)) { places.insert(place, for: Self.network(&random)) }
            for _ in 0..<Int(random.next(below: 4)) {
                bindings.insert("\(random.next(below: 6))", for: Self.network(&random))
            }
        }

        static func network(_ random: inout SeededGenerator) -> NetworkPrefix {
            prefix(UInt32(random.next(below: 4_096)), Int(random.next(below: 13)))
        }

        func client(in network: NetworkPrefix) -> SiteClient {
            let (place, placeLength) = places.lookUp(network)
            let (site, boundLength) = bindings.lookUp(network)
            var client = SiteClient(
                network: network, placeLength: placeLength, boundSite: site, boundLength: boundLength)
            guard let place else { return client }
            client.location = GeoPoint(latitude: 10, longitude: Double(place) * 40)
            client.country = place % 3 == 0 ? "DE" : "US"
            client.autonomousSystem = UInt32(place)
            client.latencies = ["0": .milliseconds(place), "1": .milliseconds(3)]
            client.metrics = ["1": ["hops": Double(place)], "2": ["hops": 3]]
            return client
        }
    }

    private static func sites(_ random: inout SeededGenerator) -> [Site] {
        (0..<5).map { number in
            var site = Site(
                "\(number)", isUp: random.next(below: 4) > 0, priority: Int(random.next(below: 2)),
                weight: Int(random.next(below: 4)), group: "\(number % 2)",
                location: GeoPoint(latitude: 0, longitude: Double(number) * 60),
                load: Double(random.next(below: 20)), capacity: 10)
            if random.next(below: 2) == 0 { site.areas = [.country(number % 2 == 0 ? "DE" : "US")] }
            if random.next(below: 2) == 0 { site.autonomousSystems = [UInt32(random.next(below: 8))] }
            for _ in 0..<Int(random.next(below: 3)) { site.prefixes.append(World.network(&random)) }
            return site
        }
    }

    private static func step(_ random: inout SeededGenerator) -> SiteFilter {
        let grouping = ClientGrouping(ipv4Length: Int(random.next(below: 14)))
        switch random.next(below: 24) {
        case 0: return .up()
        case 1: return .bound
        case 2: return .geofence(strict: random.next(below: 2) == 0)
        case 3: return .area
        case 4: return .autonomousSystem(strict: random.next(below: 2) == 0)
        case 5: return .longestPrefix
        case 6: return .nearest(tolerance: random.next(below: 2) == 0 ? nil : 9_000)
        case 7: return .quickest(tolerance: nil)
        case 8: return .shedLoad(low: 0.5, high: 1.5, grouping)
        case 9: return .waterfall(grouping)
        case 10: return .priority
        case 11: return .weighted(grouping)
        case 12: return .shuffled(grouping)
        case 13: return .first(Int(random.next(below: 3)) + 1)
        case 14: return .firstGroup
        case 15:
            return .where("any", of: .network) { site, client in
                site.weight > 1 || client.network?.contains(NetworkAddress(ipv4: 0)) != true
            }
        case 16:
            return .score("group", of: .group(grouping)) { site, client in
                Double((client.network?.keyHash ?? 0) % UInt64(site.priority + 3))
            }
        case 17: return .prefixFence(strict: random.next(below: 2) == 0)
        case 18: return .most(.area, tolerance: nil)
        case 19: return .least(.path("hops"), tolerance: 1)
        case 20: return .quality([SiteQuality(.hops, coefficient: 1), SiteQuality(.room, coefficient: 2)])
        case 21: return .shuffledGroups(grouping)
        case 22: return random.next(below: 2) == 0 ? .refuse(.drop) : .measured(.latency)
        default: return .either([chain(&random), chain(&random)])
        }
    }

    private static func chain(_ random: inout SeededGenerator) -> [SiteFilter] {
        (0...Int(random.next(below: 3))).map { _ in step(&random) }
    }

    /// Whatever the chain, and however many bits are told: every address that an answer is good for has that answer, and
    /// answers whose scopes overlap are the same.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func noTwoAnswersOverlap(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let world = World(&random)
        let sites = Self.sites(&random)
        let selector = try SiteSelector(Self.chain(&random))
        func answer(_ network: NetworkPrefix) -> SiteAnswer {
            selector.answer(for: world.client(in: network), name: "a", among: sites)
        }
        var answers: [NetworkPrefix: [String]] = [:]
        for _ in 0..<40 {
            let network = Self.prefix(UInt32(random.next(below: 4_096)), Int(random.next(below: 32)) + 1)
            let told = answer(network)
            let ids = told.sites.map(\.id)
            let scope = NetworkPrefix(network.address, length: told.scope)
            // A neighbour for whom the answer is good.
            let bits = UInt32(truncatingIfNeeded: random.next()) >> UInt32(told.scope)
            let address = NetworkAddress(.ipv4, network.address.high | UInt64(bits) << 32, 0)
            let again = answer(NetworkPrefix(address, length: 32))
            #expect(again.sites.map(\.id) == ids && again.scope == told.scope, "\(address), seed \(seed)")
            if let known = answers.updateValue(ids, forKey: scope) { #expect(known == ids, "seed \(seed)") }
        }
        for (one, ids) in answers {
            for (other, others) in answers where one.contains(other) {
                #expect(ids == others, "\(one) and \(other), seed \(seed)")
            }
        }
    }

    /// What the resolver tells of the client changes nothing about who is chosen, only who is told of it.
    @Test(arguments: [
        (network: "100.64.0.0/10", scope: 24), ("100.64.0.0/16", 24), ("100.64.0.0/20", 24), ("100.64.0.0/24", 24),
        ("100.64.0.0/32", 24), ("2001:db8::/32", 56), ("2001:db8::/56", 56), ("2001:db8::/128", 56), ("0.0.0.0/0", 0),
    ])
    func aWideNetworkIsTheGroupOfItsFirstAddresses(network: String, scope: Int) throws {
        let sites = (0..<16).map { Site("\($0)", load: 1, capacity: 0.5) }
        let prefix = try #require(NetworkPrefix(network))
        let first = prefix.length == 0 ? prefix : NetworkPrefix(prefix.address, length: prefix.family.bitCount)
        let steps: [SiteFilter] = [.weighted(), .shuffled(), .shedLoad(low: 1, high: 3), .waterfall()]
        for step in steps {
            let selector = try SiteSelector([step])
            let told = selector.answer(for: SiteClient(network: prefix), name: "a", among: sites)
            let alone = selector.answer(for: SiteClient(network: first), name: "a", among: sites)
            #expect(told.sites.map(\.id) == alone.sites.map(\.id), "\(step)")
            #expect(told.scope == scope, "\(step)")
        }
    }

    /// A function that looks at more than it says finds nothing there.
    @Test func aFunctionIsShownWhatItSaysItLooksAt() throws {
        let client = SiteClient(
            network: NetworkPrefix("192.0.2.0/24"), placeLength: 16, country: "DE", boundSite: "eu", boundLength: 20)
        let group = ClientGrouping(ipv4Length: 8)
        let facts: [(facts: ClientFacts, network: String?, country: String?, site: String?)] = [
            (.nothing, nil, nil, nil), (.place, nil, "DE", nil), (.group(group), "192.0.0.0/8", nil, nil),
            (.network, "192.0.2.0/32", "DE", "eu"),
        ]
        for (facts, network, country, site) in facts {
            let shown = SiteFilter.where("shown", of: facts) { _, seen in
                seen.network?.description == network && seen.country == country && seen.boundSite == site
            }
            let answer = try SiteSelector([shown]).answer(for: client, name: "a", among: [Site("eu")])
            #expect(answer.sites.count == 1, "\(facts)")
        }
    }
}
