/// How much work may be in flight, and what happens to what is beyond.
///
/// Every lease counts: requests, connections, and streams on connections. A backend at its limit has the gate
/// ``Gate/saturated`` and is passed over, by every policy. Where there is no room at all, ``Balancer/lease(for:)`` refuses at
/// once with ``BalancerError/Reason/saturated``, and ``Balancer/lease(for:waitingUpTo:)`` waits in line: first come, first
/// served, and whoever does not wait gets nothing as long as others do. A retry that waits for one of the backends that it
/// was not tried on holds nobody up.
///
/// Leases on a balancer with limits cost a few tens of nanoseconds more; those on others nothing.
public struct ConcurrencyLimits: Hashable, Sendable {
    /// The most leases in flight on each backend; `nil` for no limit.
    public var perBackend: Int?
    /// The most leases in flight on all backends together: 1024 (Envoy's `max_requests`); `nil` for no limit.
    public var total: Int?
    /// The most that wait in line; beyond, waiting is refused at once: 1024 (Envoy's `max_pending_requests`).
    public var waiting: Int

    /// Creates limits.
    public init(perBackend: Int? = nil, total: Int? = 1_024, waiting: Int = 1_024) {
        self.perBackend = perBackend
        self.total = total
        self.waiting = waiting
    }
}
