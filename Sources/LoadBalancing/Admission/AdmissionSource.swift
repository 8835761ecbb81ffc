/// Who has a say in whether, and how much of its share, a backend gets.
public enum AdmissionSource: String, Hashable, Sendable, CaseIterable, Codable {
    /// What was set by hand: ``Balancer/setAdmission(_:for:)``.
    case manual
    /// The answers to active health checks.
    case health
    /// Outlier detection: the backend does worse than the others.
    case outlierEjection
    /// The backend is new, or was away: it warms up.
    case slowStart
    /// The backend answers more slowly than the others.
    case softDrain
    /// As many leases are in flight on the backend as it may have.
    case limit
    /// The backend is being drained.
    case drain
    /// The balancer is being shut down.
    case shutdown

    /// The source's place in ``AdmissionProposals``.
    var lane: Int {
        switch self {
        case .manual: 0
        case .health: 1
        case .outlierEjection: 2
        case .slowStart: 3
        case .softDrain: 4
        case .limit: 5
        case .drain: 6
        case .shutdown: 7
        }
    }
}
