/// What a balancer knew at one moment.
///
/// Numbers are read one after another while work goes on: each is right, but they need not be of the same instant.
public struct BalancerSnapshot: Sendable {
    /// The backends of the set in force, in the order given.
    public let backends: [BackendSnapshot]
    /// Backends that were removed and still have work in flight.
    public let draining: [DrainingBackend]
    /// How many sets have been in force, the first included.
    public let version: UInt64
    /// Whether so few backends are healthy that fractions are ignored: ``Resilience/panicThreshold``.
    public let isPanicking: Bool
    /// How many wait in line for room: ``Balancer/lease(for:waitingUpTo:)``.
    public let waiting: Int
}

/// What is known of one backend.
public struct BackendSnapshot: Hashable, Sendable, Identifiable {
    /// The identity.
    public let id: String
    /// The weight in the set in force.
    public let weight: Int
    /// The gate and the fraction in force.
    public let admission: Admission
    /// Who proposes what, from which ``admission`` follows.
    public let proposals: AdmissionProposals
    /// Leases given, since the backend first came.
    public let picks: UInt64
    /// Leases in flight.
    public let inFlight: Int
    /// Leases that ended with ``Outcome/success``.
    public let successes: UInt64
    /// Leases that ended with ``Outcome/failure``.
    public let failures: UInt64
    /// Leases that ended with ``Outcome/cancelled``.
    public let cancellations: UInt64
    /// The latency average; `nil` if nothing was measured.
    public let latency: Duration?
    /// How many leases took how long; `nil` without ``Resilience/keepsHistograms``, and before the first has ended.
    public let latencies: LatencyHistogram?
    /// What active health checks have found out.
    public let health: BackendHealth
    /// How often in a row the backend was ejected, less the clean intervals since; 0 if it behaves.
    public let ejections: Int
}

/// A backend that left the set with work in flight.
public struct DrainingBackend: Hashable, Sendable, Identifiable {
    /// The identity.
    public let id: String
    /// Leases in flight.
    public let inFlight: Int
}

extension Balancer {
    /// What is known of the backends now.
    ///
    /// - Complexity: O(n) for n backends; picks do not wait for it.
    public func snapshot() -> BalancerSnapshot {
        let (backends, version, isPanicking) = membership.snapshot()
        let draining = membership.registry.draining().map { DrainingBackend(id: $0.identity, inFlight: $0.inFlight) }
        return BalancerSnapshot(
            backends: backends, draining: draining.sorted { $0.id < $1.id }, version: version, isPanicking: isPanicking,
            waiting: control.line.count)
    }
}

extension BackendSnapshot {
    init(
        id: String, weight: Int, admission: Admission, record: BackendRecord, counters: SlotCounters,
        latencies: LatencyHistogram?
    ) {
        var proposals = record.proposals
        // That a backend is full is known from its admission alone.
        if admission.word & Admission.fullBit != 0 { proposals[.limit] = Admission(gate: .saturated) }
        self.init(
            id: id, weight: weight, admission: admission.settled, proposals: proposals, picks: counters.begun,
            inFlight: Int(counters.inFlight), successes: counters.successes, failures: counters.failures,
            cancellations: counters.cancellations,
            latency: counters.latency.isUnmeasured ? nil : counters.latency.duration,
            latencies: latencies, health: record.health, ejections: record.ejection.multiplier)
    }
}
