/// A lease that several owners hold: for streaming bodies, callbacks and anything else that cannot own a ``Lease``.
///
/// The first call of ``finish(_:at:)`` ends it; later ones do nothing. When the last reference goes without one, it
/// counts as cancelled.
public final class SharedLease<Endpoint: Sendable>: Sendable {
    private let lease: Guarded<Lease<Endpoint>?>

    /// Who was chosen.
    public let backend: LeasedBackend<Endpoint>

    init(_ lease: consuming Lease<Endpoint>) {
        backend = lease.backend
        self.lease = Guarded(lease)
    }

    /// Whether the work is still in flight.
    public var isOpen: Bool { lease.withLock { $0 != nil } }

    /// Ends the work and tells how it went, unless that was done before.
    public func finish(_ outcome: Outcome = .success, at time: Timestamp? = nil) {
        let open = lease.withLock { $0.take() }
        open?.finish(outcome, at: time)
    }

    /// Ends the work, tells how it went, and hands on what the server said of its load, unless that was done before.
    public func finish(_ outcome: Outcome = .success, report: LoadReport, at time: Timestamp? = nil) {
        let open = lease.withLock { $0.take() }
        open?.finish(outcome, report: report, at: time)
    }

    /// Notes that the backend has answered: the latency is measured now, and not again at the end.
    public func answered(_ outcome: Outcome = .success, at time: Timestamp? = nil) {
        lease.withLock { $0?.answered(outcome, at: time) }
    }

    /// A lease for one more piece of work on the same backend, such as a stream on this lease's connection.
    ///
    /// - Throws: ``BalancerError`` with ``BalancerError/Reason/ended`` if this lease has ended, or
    ///   ``BalancerError/Reason/saturated`` if the backend has a million leases.
    public func stream(at time: Timestamp? = nil) throws(BalancerError) -> Lease<Endpoint> {
        try lease.withLock { lease throws(BalancerError) in
            switch lease {
            case .some(let open): return try open.stream(at: time)
            case .none: throw BalancerError(.ended)
            }
        }
    }
}
