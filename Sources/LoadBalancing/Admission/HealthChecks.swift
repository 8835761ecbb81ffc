/// How often backends are probed, and what their answers mean.
///
/// The first answer decides at once, as in HAProxy and Envoy; after that it takes ``rise`` good answers in a row to come back
/// and ``fall`` bad ones to go. A draining answer counts at once. Whoever comes back does so through ``SlowStart``, if there
/// is such a rule.
public struct HealthChecks: Hashable, Sendable {
    /// The time between two probes of a backend: 2 s (HAProxy's `inter`).
    public var interval: Duration
    /// The time between two probes while it is not decided how the backend is: 0.5 s, our own, so that it takes 3 probes in about a
    /// second to notice (HAProxy's `fastinter`, Envoy's `unhealthy_edge_interval`; theirs is the interval unless set).
    public var fastInterval: Duration
    /// How far each interval strays, as a part of it: 0.1, our own, so that balancers do not probe in step (Envoy's
    /// `interval_jitter_percent`, 0 unless set).
    public var jitter: Double
    /// After this time a probe counts as failed, and is cancelled: 1 s (the `timeoutSeconds` of Kubernetes' probes; HAProxy's
    /// is the interval unless set, Envoy's has to be).
    public var timeout: Duration
    /// Good answers in a row after which a backend works again: 2 (HAProxy's `rise`).
    public var rise: Int
    /// Bad answers in a row after which a backend does not work: 3 (HAProxy's `fall`).
    public var fall: Int
    /// The part of its share that a degraded backend gets, where the report does not say: 0.5, our own; with Envoy it gets
    /// nothing as long as there are enough healthy ones.
    public var degradedFraction: Double

    /// Creates the rules.
    public init(
        interval: Duration = .seconds(2), fastInterval: Duration = .milliseconds(500), jitter: Double = 0.1,
        timeout: Duration = .seconds(1), rise: Int = 2, fall: Int = 3, degradedFraction: Double = 0.5
    ) {
        self.interval = interval
        self.fastInterval = fastInterval
        self.jitter = jitter
        self.timeout = timeout
        self.rise = rise
        self.fall = fall
        self.degradedFraction = degradedFraction
    }

    /// What health proposes for a backend.
    func proposal(for health: BackendHealth) -> Admission {
        switch health.status {
        case nil, .healthy: .full
        case .degraded: Admission(fraction: health.report?.fraction ?? degradedFraction)
        case .draining: Admission(gate: .draining)
        case .unhealthy: Admission(fraction: 0)
        }
    }

    /// The time until the next probe; `draw` is from 0 to 1.
    func delay(after health: BackendHealth, draw: Double) -> Duration {
        let interval = health.isDecided ? self.interval : fastInterval
        let spread = jitter.clamped(to: 0...1)
        return max(interval * (1 + spread * (2 * draw - 1)), .milliseconds(1))
    }
}

extension BackendHealth {
    /// Whether the last answers all say what the backend is taken to be.
    var isDecided: Bool {
        switch status {
        case nil: false
        case .healthy, .degraded: failuresInARow == 0
        case .draining, .unhealthy: passesInARow == 0
        }
    }

    /// Takes an answer in.
    ///
    /// - Returns: the status before, if there is another now.
    mutating func take(_ report: HealthReport, at time: Timestamp, by rules: HealthChecks) -> HealthReport.Status?? {
        let before = status
        self.report = report
        checkedAt = time
        switch report.status {
        case .healthy, .degraded:
            passesInARow += 1
            failuresInARow = 0
            let isBack = status == nil || status == .healthy || status == .degraded || passesInARow >= rules.rise
            if isBack { status = report.status }
        case .draining:
            passesInARow = 0
            failuresInARow = 0
            status = .draining
        case .unhealthy:
            passesInARow = 0
            failuresInARow += 1
            if status == nil || failuresInARow >= rules.fall { status = .unhealthy }
        }
        return status == before ? nil : .some(before)
    }
}

extension AdmissionLedger {
    /// The time until a backend that has come is probed.
    mutating func firstProbeDelay() -> Duration {
        let checks = rules.healthChecks
        return checks.interval * (checks.jitter.clamped(to: 0...1) * Double.random(in: 0...1, using: &generator))
    }

    /// Takes an answer of a backend in; gives the time until it is to be probed again.
    mutating func take(_ report: HealthReport, from index: Int, at time: Timestamp) -> Duration {
        let checks = rules.healthChecks
        keepRecords()
        let before = note(at: index) { $0.health.take(report, at: time, by: checks) }
        let health = records[index].health
        propose(checks.proposal(for: health), by: .health, at: index)
        if case .some(let before) = before, let status = health.status {
            tell(.healthChanged(id: id(at: index), from: before, to: status))
            let wasAway = before == .unhealthy || before == .draining
            if wasAway, status == .healthy || status == .degraded { warmUp(at: index, from: time) }
        }
        if report.status == .healthy, health.status == .healthy, rules.outliers?.healthCheckReturns == true {
            endEjection(at: index, at: time)
        }
        return checks.delay(after: health, draw: Double.random(in: 0...1, using: &generator))
    }
}
