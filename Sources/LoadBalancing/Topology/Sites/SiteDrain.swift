/// When a site that is drained may be stopped: after the last client who was told its address has gone.
///
/// Resolvers keep answers for their time to live, some for longer than they should, and stale ones while they cannot
/// ask (RFC 8767); clients keep addresses and connections for longer still.
public struct SiteDrain: Hashable, Sendable {
    /// The time to live of the answers.
    public var timeToLive: Duration
    /// The shortest time to live that resolvers are taken to heed: 60 s.
    public var resolverMinimum: Duration
    /// How many times to live pass until hardly anybody asks with an old answer: 3; from 1 to 8.
    public var lifetimes: Int
    /// How long a connection is kept that nothing is sent on.
    public var idleTime: Duration
    /// How long a session stays with its site, from its first request on; zero without stickiness.
    public var stickyLife: Duration

    /// Describes what has to pass.
    public init(
        timeToLive: Duration, resolverMinimum: Duration = .seconds(60), lifetimes: Int = 3,
        idleTime: Duration = .seconds(350), stickyLife: Duration = .zero
    ) {
        self.timeToLive = timeToLive
        self.resolverMinimum = resolverMinimum
        self.lifetimes = lifetimes
        self.idleTime = idleTime
        self.stickyLife = stickyLife
    }

    /// How long new clients may still come after the site was taken out of the answers.
    public var arrival: Duration {
        max(timeToLive, resolverMinimum, .zero) * min(max(lifetimes, 1), 8)
    }

    /// How long to wait between taking the site out of the answers and stopping it: the last client comes, its session
    /// lives, and its connection idles.
    public var wait: Duration {
        arrival + max(stickyLife, .zero) + max(idleTime, .zero)
    }

    /// When a site may be stopped that was taken out of the answers at a time.
    public func safeToStop(drainedAt time: Timestamp) -> Timestamp {
        time.advanced(by: wait)
    }

    /// How long clients may be sent to a site after it has failed: until observers notice, and the answers are gone.
    ///
    /// - Parameters:
    ///   - interval: between two probes; a year at the most.
    ///   - threshold: failed probes until a site counts as down; a million at the most.
    /// - Returns: the time at the worst, of resolvers that heed what they are told.
    public func staleness(probeInterval interval: Duration, threshold: Int) -> Duration {
        min(max(interval, .zero), .seconds(31_536_000)) * min(max(threshold, 1), 1_000_000)
            + max(timeToLive, resolverMinimum, .zero)
    }
}
