/// What a probe found out about a backend.
public struct HealthReport: Hashable, Sendable {
    /// How a backend is.
    public enum Status: String, Hashable, Sendable, CaseIterable, Codable {
        /// All is well.
        case healthy
        /// It works, but not as well as it should: it gets a part of its share.
        case degraded
        /// It is about to go, such as a server that answers 503 while it shuts down: no new work, what is in flight finishes.
        case draining
        /// It does not work.
        case unhealthy
    }

    /// Something that the backend needs, and how that is.
    public struct Dependency: Hashable, Sendable {
        /// What it is called.
        public var name: String
        /// How it is.
        public var status: Status
        /// More about it, for people.
        public var note: String?

        /// Creates a finding.
        public init(name: String, status: Status, note: String? = nil) {
            self.name = name
            self.status = status
            self.note = note
        }
    }

    /// How the backend is.
    public var status: Status
    /// The part of its share that a degraded backend can do; ``HealthChecks/degradedFraction`` where the probe does not say.
    public var fraction: Double?
    /// How what it needs is; kept for the snapshot.
    public var dependencies: [Dependency]
    /// More about it, for people; kept for the snapshot.
    public var note: String?

    /// Creates a report.
    public init(_ status: Status, fraction: Double? = nil, dependencies: [Dependency] = [], note: String? = nil) {
        self.status = status
        self.fraction = fraction
        self.dependencies = dependencies
        self.note = note
    }

    /// All is well.
    public static var healthy: HealthReport { HealthReport(.healthy) }
    /// No new work.
    public static var draining: HealthReport { HealthReport(.draining) }
    /// It does not work, and why.
    public static func unhealthy(_ note: String? = nil) -> HealthReport { HealthReport(.unhealthy, note: note) }
    /// It can do a part of its share.
    public static func degraded(_ fraction: Double? = nil, note: String? = nil) -> HealthReport {
        HealthReport(.degraded, fraction: fraction, note: note)
    }
}

/// What is known of a backend's health.
public struct BackendHealth: Hashable, Sendable {
    /// How the backend is taken to be; `nil` before the first answer, and then it gets work.
    public internal(set) var status: HealthReport.Status?
    /// The last answer.
    public internal(set) var report: HealthReport?
    /// When it came.
    public internal(set) var checkedAt: Timestamp?
    /// Answers in a row that let work come.
    public internal(set) var passesInARow = 0
    /// Answers in a row that said that the backend does not work, probes that threw or took too long included.
    public internal(set) var failuresInARow = 0
}
