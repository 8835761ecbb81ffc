public import Synchronization

/// A balancer's handle for one thread or event loop: a picker of its own, and so no lock at all.
///
/// It belongs to one owner at a time. It holds the set that it picks from, and asks before every pick, with one load, whether there
/// is a newer one: as with the balancer, no pick that begins after an update has returned sees the old set. While it is idle,
/// it keeps the memory of the set that it used last.
///
/// - Complexity: the policy's, and two atomic operations a lease; no allocation.
public struct BalancerWorker<Endpoint: Sendable, Rule: Policy>: ~Copyable, Sendable {
    @usableFromInline let balancer: Balancer<Endpoint, Rule>
    @usableFromInline var state: PickingState<Rule.P>
    @usableFromInline var version: UInt64
    /// The number of this worker's copy of the picker.
    private let copy: Int

    init(of balancer: Balancer<Endpoint, Rule>) {
        self.balancer = balancer
        copy = balancer.membership.addWorker()
        let current = balancer.membership.current
        state = current.make(copy)
        version = current.version
    }

    /// Chooses a backend and counts the work in; see ``Balancer/lease(for:)``.
    @inlinable
    @inline(__always)
    public mutating func lease(for request: PickRequest = PickRequest()) throws(BalancerError) -> Lease<Endpoint> {
        if balancer.version.load(ordering: .acquiring) != version { refresh() }
        guard balancer.onlyCounts,
            let slot = state.beginUnrestricted(request, delta: Measurement.countingDeltas.begin)
        else { return try watchedLease(for: request) }
        return Lease(slot: slot, start: .untimed)
    }

    @inlinable
    @inline(never)
    mutating func watchedLease(for request: PickRequest) throws(BalancerError) -> Lease<Endpoint> {
        // Limits are common to all; a worker with them is no quicker than the balancer.
        guard !balancer.isLimited else { return try balancer.limitedLease(for: request) }
        let terms = balancer.terms(for: request)
        let request = request.at(terms.time)
        let quick = balancer.tellsLoads ? nil : state.beginUnrestricted(request, delta: terms.delta)
        guard let slot = quick ?? state.begin(request, delta: terms.delta) else {
            throw balancer.control.isShutDown ? BalancerError(.shutDown) : state.refusal(of: request)
        }
        if quick == nil, balancer.ticksInPassing, state.isDue() { balancer.control.tickIfDue() }
        return Lease(slot: slot, start: terms.start)
    }

    @usableFromInline
    @inline(never)
    mutating func refresh() {
        let current = balancer.membership.current
        var new = current.make(copy)
        new.picker.resume(from: state.picker)
        state = new
        version = current.version
    }
}

extension Balancer {
    /// A handle for a thread or an event loop of the caller's.
    public func makeWorker() -> BalancerWorker<Endpoint, Rule> {
        BalancerWorker(of: self)
    }
}
