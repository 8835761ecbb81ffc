/// Something that happened to a balancer's backends: what ``Balancer/events(bufferLimit:)`` tells.
public struct BalancerEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// Another set is in force.
        case updated(version: UInt64, added: [String], removed: [String])
        /// Outlier detection took a backend out.
        case ejected(id: String, for: EjectionReason, lasting: Duration)
        /// An ejection has ended.
        case returned(id: String)
        /// Health checks see a backend in another light.
        case healthChanged(id: String, from: HealthReport.Status?, to: HealthReport.Status)
        /// So few backends are healthy that fractions are ignored from now on.
        case panicBegan(healthy: Int, of: Int)
        /// Enough backends are healthy again.
        case panicEnded(healthy: Int, of: Int)
        /// The draining of a backend has ended, with work left in flight if it took too long.
        case drained(id: String, inFlight: Int)
        /// The balancer has been shut down, with work left in flight if that took too long.
        case shutDown(inFlight: Int)
    }

    /// What happened.
    public let kind: Kind
    /// When it happened, in the time of the balancer's ``TimeSource``.
    public let time: Timestamp
}

/// What happens to a balancer's backends, as it happens.
public typealias BalancerEvents = EventSequence<BalancerEvent>
