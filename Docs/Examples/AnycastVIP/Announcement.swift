import LoadBalancing

/// How a site offers itself to routers, the worst first.
enum Announcement: Int, Comparable, Sendable {
    /// Not at all.
    case withdrawn
    /// For when there is nobody else: with a worse metric.
    case lastResort
    /// As well as any other site.
    case best

    static func < (one: Announcement, other: Announcement) -> Bool { one.rawValue < other.rawValue }
}

/// When a site offers itself, and how: a plain value with one owner.
///
/// What gets worse is told at once. What gets better has to stay so for a while, or each flapping backend would move connections
/// around. Who leaves first becomes the last resort, so that nobody is sent to an address that nobody has; then waits until the
/// routers have taken that in; and only then withdraws.
struct AnnouncementPlan: Sendable {
    /// The part of the backends that has to be healthy for the site to be as good as others.
    let minimumHealth: Double
    /// How long things have to be better.
    let hold: Duration
    /// How long the site stays the last resort when it leaves.
    let drain: Duration

    /// What routers are to be told.
    private(set) var current = Announcement.withdrawn
    /// Whether the site has left.
    private(set) var isGone = false
    /// What has been possible lately, and since when.
    private var better: (announcement: Announcement, since: Timestamp)?
    private var leftAt: Timestamp?

    init(minimumHealth: Double, hold: Duration, drain: Duration) {
        self.minimumHealth = minimumHealth
        self.hold = hold
        self.drain = drain
    }

    /// Takes in how many backends are healthy.
    mutating func see(healthy: Int, of total: Int, at now: Timestamp) {
        guard leftAt == nil else { return wait(at: now) }
        let isWell = Double(healthy) >= minimumHealth * Double(total)
        let possible: Announcement = healthy <= 0 ? .withdrawn : isWell ? .best : .lastResort
        guard possible > current else {
            current = possible
            better = nil
            return
        }
        if better?.announcement != possible { better = (possible, now) }
        if let better, now.duration(since: better.since) >= hold {
            current = possible
            self.better = nil
        }
    }

    /// Begins to leave; there is no way back.
    mutating func leave(at now: Timestamp) {
        guard leftAt == nil else { return }
        leftAt = now
        current = min(current, .lastResort)
        wait(at: now)
    }

    private mutating func wait(at now: Timestamp) {
        guard let leftAt, current == .withdrawn || now.duration(since: leftAt) >= drain else { return }
        current = .withdrawn
        isGone = true
    }
}
