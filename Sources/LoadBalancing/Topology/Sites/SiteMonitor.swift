/// When a site counts as up, by what several observers see of it.
public struct SiteMonitorRules: Hashable, Sendable {
    /// More than this part of the observers has to see the site up: 0.18, as in Route 53; 0.5 for a majority.
    public var quorum: Double
    /// What an observer saw longer ago than this does not count: 90 s, three of the intervals of 30 s at which Route 53 and
    /// Traffic Manager probe unless told otherwise.
    public var memory: Duration
    /// How many reports in a row it takes for an observer to change its mind: 3, Route 53's failure threshold.
    public var threshold: Int
    /// How long a site has to be up again before it counts as up: 60 s, so that it is not gone back to while it flaps.
    ///
    /// Twice the interval at which it is mostly probed, and no more than the answers' usual time to live; others have no such
    /// rule.
    public var failBackHold: Duration

    /// Creates rules.
    public init(
        quorum: Double = 0.18, memory: Duration = .seconds(90), threshold: Int = 3,
        failBackHold: Duration = .seconds(60)
    ) {
        self.quorum = quorum
        self.memory = memory
        self.threshold = threshold
        self.failBackHold = failBackHold
    }
}

/// Whether sites are up, from the reports of observers: a plain value with one owner at a time.
///
/// A site that nobody has reported on counts as up: nothing speaks against it. One whose observers have all fallen
/// silent stays as it was.
public struct SiteMonitor: Sendable {
    private struct Opinion: Sendable {
        var isUp: Bool
        /// Reports in a row that say otherwise.
        var contrary = 0
        var time: Timestamp
    }

    private struct Record: Sendable {
        var opinions: [String: Opinion] = [:]
        var isUp = true
        /// Since when the quorum sees the site up again.
        var upSince: Timestamp?
    }

    /// The rules.
    public let rules: SiteMonitorRules
    private var records: [String: Record] = [:]

    /// Creates a monitor that has heard of nothing.
    public init(_ rules: SiteMonitorRules = SiteMonitorRules()) {
        self.rules = rules
    }

    /// Takes in what an observer saw.
    public mutating func report(_ site: String, by observer: String, isUp: Bool, at now: Timestamp) {
        var record = records[site] ?? Record()
        // The first report decides at once.
        var opinion = record.opinions[observer] ?? Opinion(isUp: isUp, time: now)
        opinion.time = now
        opinion.contrary = opinion.isUp == isUp ? 0 : opinion.contrary + 1
        if opinion.contrary >= rules.threshold { opinion = Opinion(isUp: isUp, time: now) }
        record.opinions[observer] = opinion
        records[site] = record
        records[site] = settled(site, at: now)
    }

    /// Whether a site counts as up.
    public func isUp(_ site: String, at now: Timestamp) -> Bool {
        settled(site, at: now)?.isUp ?? true
    }

    /// How many observers see a site up, and how many there are whose reports are not too old.
    public func observers(of site: String, at now: Timestamp) -> GroupHealth {
        let fresh =
            (records[site]?.opinions.values).map { $0.filter { now.duration(since: $0.time) <= rules.memory } } ?? []
        return GroupHealth(healthy: fresh.count(where: \.isUp), of: fresh.count)
    }

    /// Forgets a site.
    public mutating func forget(_ site: String) {
        records[site] = nil
    }

    /// The sites with what is known of their health now.
    public func judged(_ sites: [Site], at now: Timestamp) -> [Site] {
        sites.map { site in
            var site = site
            site.isUp = isUp(site.id, at: now)
            return site
        }
    }

    private func settled(_ site: String, at now: Timestamp) -> Record? {
        guard var record = records[site] else { return nil }
        let health = observers(of: site, at: now)
        guard health.total > 0 else { return record }
        if health.fraction > rules.quorum {
            let since = record.upSince ?? now
            record.upSince = since
            if now.duration(since: since) >= rules.failBackHold { record.isUp = true }
        } else {
            record.upSince = nil
            record.isUp = false
        }
        return record
    }
}
