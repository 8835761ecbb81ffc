import LoadBalancing

/// A zone whose answers depend on who asks: pure, so that it can be tested and all its servers agree.
struct Zone: Sendable {
    /// The sites, whatever their health.
    let sites: [Site]
    private let domain: String
    private let timeToLive: UInt32
    private let selectors: [String: SiteSelector]
    private let places: PrefixTable<GeoPoint>

    /// Reads what the operator says.
    ///
    /// - Throws: ``TopologyError`` if an address or a network is none, or two sites have one name.
    init(_ world: World) throws(TopologyError) {
        domain = Self.canonical(world.zone)
        timeToLive = world.timeToLive
        var selectors: [String: SiteSelector] = [:]
        for (name, steering) in world.names {
            selectors["\(name.lowercased()).\(domain)"] = try SiteSelector(steering.filters)
        }
        self.selectors = selectors
        var names: Set<String> = []
        for site in world.sites {
            guard names.insert(site.name).inserted else { throw TopologyError(.duplicateName(site.name)) }
            guard NetworkAddress(site.address) != nil else {
                throw TopologyError(.invalid("\"\(site.address)\" of site \"\(site.name)\" is no address"))
            }
        }
        sites = world.sites.map { Site($0) }
        var places = PrefixTable<GeoPoint>()
        for place in world.places {
            guard let network = NetworkPrefix(place.network) else {
                throw TopologyError(.invalid("\"\(place.network)\" is no network; clear the bits behind the prefix"))
            }
            places.insert(GeoPoint(latitude: place.latitude, longitude: place.longitude), for: network)
        }
        self.places = places
    }

    /// All records of a name, for a client.
    ///
    /// - Parameters:
    ///   - name: in any case, with or without a dot at its end.
    ///   - network: the client's network, or the resolver's address; `nil` if it is not known.
    ///   - sites: the sites, with what is known of their health.
    /// - Returns: nothing if the zone does not have the name; where it does, but has no site for the client,
    ///   ``Record/nothing(at:timeToLive:scope:)``.
    func records(of name: String, for network: NetworkPrefix?, among sites: [Site]) -> [Record] {
        let name = Self.canonical(name)
        if name == domain { return authority }
        guard let selector = selectors[name] else { return explanation(of: name, for: network, among: sites) }
        let answer = selector.answer(for: client(in: network), name: name, among: sites)
        guard !answer.answers.isEmpty else {
            return [.nothing(at: name, timeToLive: timeToLive, scope: answer.scope)]
        }
        return answer.answers.map { address in
            Record(
                type: address.contains(":") ? "AAAA" : "A", name: name, content: address, timeToLive: timeToLive,
                scope: answer.scope)
        }
    }

    /// Who asks: how many bits it took to know the place goes into the answer's scope.
    private func client(in network: NetworkPrefix?) -> SiteClient {
        guard let network else { return SiteClient() }
        let (place, length) = places.lookUp(network)
        return SiteClient(network: network, placeLength: length, location: place)
    }

    /// Why a name's answer falls as it does: the text of `_why.` before the name.
    private func explanation(of name: String, for network: NetworkPrefix?, among sites: [Site]) -> [Record] {
        guard name.hasPrefix("_why."), let selector = selectors[String(name.dropFirst(5))] else { return [] }
        let answer = selector.answer(for: client(in: network), name: String(name.dropFirst(5)), among: sites)
        let lines = "\(answer)".split(separator: "\n").map { Record.quoted(String($0)) }
        return [
            Record(type: "TXT", name: name, content: lines.joined(separator: " "), timeToLive: 0, scope: answer.scope)
        ]
    }

    private var authority: [Record] {
        let start = "ns1.\(domain) hostmaster.\(domain) 1 3600 600 86400 \(timeToLive)"
        return [("SOA", start), ("NS", "ns1.\(domain)")].map { type, content in
            Record(type: type, name: domain, content: content, timeToLive: 3_600, scope: 0)
        }
    }

    private static func canonical(_ name: String) -> String {
        (name.hasSuffix(".") ? String(name.dropLast()) : name).lowercased()
    }
}
