import LoadBalancing

/// Which data centre a client is told.
enum WorldSites {
    static let sites = [
        Site("eu", answers: ["192.0.2.1"], location: GeoPoint(latitude: 50.1, longitude: 8.7), capacity: 10_000),
        Site("us", answers: ["198.51.100.1"], location: GeoPoint(latitude: 40.7, longitude: -74), capacity: 20_000),
    ]

    /// The nearest with room, for a client whose resolver says from which network it is.
    static func answer(to subnet: [UInt8], places: PrefixTable<GeoPoint>) throws -> (
        answer: SiteAnswer, option: [UInt8]
    ) {
        let subnet = try ClientSubnet(query: subnet)
        let (place, length) = places.lookUp(subnet.network)
        let client = SiteClient(network: subnet.network, placeLength: length, location: place)

        let selector = try SiteSelector([.up(), .nearest(tolerance: nil), .waterfall(), .first(1)])
        let answer = selector.answer(for: client, name: "www.example.com", among: sites)
        return (answer, subnet.answerData(scope: answer.scope))
    }

    /// Steps of one's own, and what they look at.
    static var ownSteps: [SiteFilter] {
        let roomy = SiteFilter.where("has room", of: .nothing) { site, _ in site.load < (site.capacity ?? .infinity) }
        let sameCloud = SiteFilter.score("same cloud", of: .place) { site, client in
            client.autonomousSystem.map(site.autonomousSystems.contains) == true ? 1 : 0
        }
        return [roomy, sameCloud]
    }

    /// The least busy that few routers are before, and what is answered when none is up or measured.
    static func lastResort(among sites: [Site], for client: SiteClient) throws -> [String] {
        let measured: [SiteFilter] = [.up(floor: 0), .least(.cpu, tolerance: 0.1), .least(.hops, tolerance: nil)]
        let sorry: [SiteFilter] = [.instead([Site("sorry", answers: ["192.0.2.99"])])]
        let selector = try SiteSelector([.either([measured, sorry]), .first(1)])
        return selector.answer(for: client, name: "www.example.com", among: sites).answers
    }

    /// When a data centre may be switched off.
    static func stop(at drained: Timestamp) -> Timestamp {
        let drain = SiteDrain(timeToLive: .seconds(30), idleTime: .seconds(350), stickyLife: .seconds(3_600))
        return drain.safeToStop(drainedAt: drained)
    }
}
