// Steps that leave out sites which are not for the client.
extension SiteSelection {
    mutating func keepFenced(strict: Bool) {
        guard sites.contains(where: { !$0.areas.isEmpty }) else { return }
        usePlace()
        let client = client
        fence(strict, by: { !$0.areas.isEmpty }) { client.isIn($0.areas) }
    }

    /// Leaves out sites with a fence that the client is not in and, if one has it and `strict`, those without.
    mutating func fence(_ strict: Bool, by isFenced: (Site) -> Bool, has: (Site) -> Bool) {
        sites.removeAll { isFenced($0) && !has($0) }
        if strict, sites.contains(where: isFenced) { sites.removeAll { !isFenced($0) } }
    }

    mutating func keepArea() -> String {
        usePlace()
        for area in client.areas {
            let serving = sites.filter { $0.areas.contains(area) }
            guard !serving.isEmpty else { continue }
            sites = serving
            return "\(area)"
        }
        sites = []
        return "nobody serves the client's area"
    }

    mutating func keepLongestPrefix() -> String {
        guard let first = usePrefixes() else {
            sites.removeAll { !$0.prefixes.isEmpty }
            return "the client's network is not known"
        }
        let lengths = sites.map { site in
            site.prefixes.filter { $0.contains(first) }.map(\.length).max()
        }
        let longest = lengths.compactMap { $0 }.max()
        sites = zip(sites, lengths).filter { site, length in
            longest == nil ? site.prefixes.isEmpty : length == longest
        }.map(\.0)
        return longest.map { "/\($0)" } ?? "default"
    }
}
