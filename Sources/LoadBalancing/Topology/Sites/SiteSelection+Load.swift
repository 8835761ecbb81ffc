// Steps by which a site that is loaded turns clients away.
extension SiteSelection {
    mutating func shedLoad(_ low: Double, _ high: Double, _ grouping: ClientGrouping) -> String {
        let before = sites
        for site in before {
            let span = high - low
            let part = span > 0 ? (site.utilization - low) / span : site.utilization > high ? 1 : 0
            guard part > 0, part >= 1 || draw(for: site, grouping, salt: 0x5EED) < part else { continue }
            sites.removeAll { $0.id == site.id }
        }
        guard sites.isEmpty else { return "" }
        sites = before
        return "all are loaded: nobody is left out"
    }

    mutating func fillUp(_ grouping: ClientGrouping) -> String {
        for (index, site) in sites.enumerated() {
            let accepted = site.utilization > 1 ? 1 / site.utilization : 1
            guard accepted >= 1 || draw(for: site, grouping, salt: 0xF177) < accepted else { continue }
            sites = Array(sites[index...])
            return index == 0 ? "" : "spilled over \(index)"
        }
        sites = Self.sorted(sites.map { ($0.utilization, $0) })
        return sites.isEmpty ? "" : "all are full"
    }
}
