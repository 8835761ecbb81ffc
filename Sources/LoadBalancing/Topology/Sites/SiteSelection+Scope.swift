// What of the client decides, and how many bits of its network that took.
extension SiteSelection {
    /// Where the client is took so many bits of its network.
    mutating func usePlace() {
        guard client.network != nil else { return }
        scope = max(scope, client.placeLength)
    }

    mutating func use(_ metric: SiteMetric) {
        if metric.isOfPlace { usePlace() }
    }

    /// The client as a function of the caller's may see it: no more of it than the answer is then good for.
    mutating func show(_ facts: ClientFacts) -> SiteClient {
        var seen = client
        switch facts {
        case .nothing: return SiteClient()
        case .place:
            usePlace()
            seen.network = nil
            (seen.boundSite, seen.boundLength) = (nil, nil)
        case .group(let grouping):
            guard let prefix = grouping.prefix(of: client) else { return SiteClient() }
            scope = max(scope, prefix.length)
            return SiteClient(network: prefix)
        case .network:
            guard let network = client.network, network.length > 0 else { break }
            // Wide networks are told by their first address: it has one answer, whatever the width.
            let bits = network.family.bitCount
            scope = max(scope, bits)
            seen.network = NetworkPrefix(network.address, length: bits)
        }
        return seen
    }

    /// What decides which of the sites' prefixes have the client: its first address, or its network if that is not to
    /// count; `nil` if it is not known.
    mutating func usePrefixes() -> NetworkPrefix? {
        guard let network = client.network else { return nil }
        var table = PrefixTable<Bool>()
        for site in sites { for prefix in site.prefixes { table.insert(true, for: prefix) } }
        scope = max(scope, table.lookUp(network).scope)
        return network.length == 0 ? network : NetworkPrefix(network.address, length: network.family.bitCount)
    }

    /// What stands for the client and the name.
    mutating func key(_ grouping: ClientGrouping) -> UInt64 {
        guard let prefix = grouping.prefix(of: client) else { return nameHash }
        scope = max(scope, prefix.length)
        return Mixing.mix(nameHash ^ prefix.keyHash)
    }

    /// A number from 0 to 1 for the client and a site.
    mutating func draw(for site: Site, _ grouping: ClientGrouping, salt: UInt64) -> Double {
        Double(Mixing.mix(key(grouping) ^ XXH64.hash(site.id, seed: salt)) >> 11) * 0x1p-53
    }
}
