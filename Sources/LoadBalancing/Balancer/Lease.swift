/// The right to send one piece of work to a backend, and the duty to say how it ended.
///
/// The work counts as in flight on the backend until the lease ends, which it does exactly once, whatever path the code
/// takes: ``finish(_:at:)`` says how; a lease that is dropped counts as cancelled. A lease may be held across `await`
/// and may outlive the balancer that gave it. Callbacks that cannot own it take it as ``share()``.
///
/// A lease stands for a request (``Balancer/lease(for:)``), for a connection
/// (``Balancer/connectionLease(for:)``) or for a stream on a multiplexed connection (``stream(at:)``).
///
/// - Complexity: beginning and ending cost one atomic addition each, and no allocation.
@frozen
public struct Lease<Endpoint: Sendable>: ~Copyable, Sendable {
    @usableFromInline let slot: Slot
    /// When the work began; or what there is to do at its end, if its latency is not of interest or was measured already.
    @usableFromInline var start: Timestamp

    @inlinable
    init(slot: Slot, start: Timestamp) {
        self.slot = slot
        self.start = start
    }

    /// The identity of the backend.
    public var id: String { member.id }

    /// How to reach the backend.
    public var endpoint: Endpoint { member.endpoint }

    /// Who was chosen, as a value that may go anywhere; it says nothing about the lease.
    public var backend: LeasedBackend<Endpoint> {
        LeasedBackend(id: id, endpoint: endpoint)
    }

    /// The number by which ``TriedBackends`` knows the backend.
    public var slotID: UInt32 { slot.id }

    private var member: Member<Endpoint> { Member.of(slot) }

    /// Ends the work, and tells how it went.
    ///
    /// - Parameters:
    ///   - outcome: how the work ended.
    ///   - time: the present, if the caller has it; else the balancer's clock is read, if latencies are measured.
    @inlinable
    public consuming func finish(_ outcome: Outcome = .success, at time: Timestamp? = nil) {
        end(outcome, at: time)
        discard self
    }

    /// Ends the work, tells how it went, and hands on what the server said of its load.
    ///
    /// - Parameters:
    ///   - outcome: how the work ended.
    ///   - report: what the server said; taken by the policies that look at reports, passed over by the others.
    ///   - time: the present, if the caller has it; else the balancer's clock is read, if latencies are measured.
    public consuming func finish(_ outcome: Outcome = .success, report: LoadReport, at time: Timestamp? = nil) {
        slot.take(report)
        end(outcome, at: time)
        discard self
    }

    /// Notes that the backend has answered: the latency is measured now, and not again at the end.
    ///
    /// For long bodies and streams: the time until the answer begins says how busy the backend is, the time until its end
    /// says how much there was to send.
    public mutating func answered(_ outcome: Outcome = .success, at time: Timestamp? = nil) {
        measure(outcome, at: time)
        keep()
    }

    /// Is timed no more; where ages are summed, it has none from now on.
    mutating func keep() {
        guard start.isTime else { return }
        guard slot.measurement.sumsStartTimes else { return start = slot.measurement.noStart }
        slot.keep(since: start)
        start = .kept
    }

    /// A lease for one more piece of work on the same backend, without a new pick: a stream on this lease's connection.
    ///
    /// Its latency is measured; it may outlive this lease.
    ///
    /// - Throws: ``BalancerError`` with ``BalancerError/Reason/saturated`` if the backend has a million leases, or as many as
    ///   ``ConcurrencyLimits`` allow.
    public func stream(at time: Timestamp? = nil) throws(BalancerError) -> Lease<Endpoint> {
        let measurement = slot.measurement
        let start = measurement.readsClock ? time ?? slot.now() : measurement.noStart
        let delta = measurement.deltas(start: start).begin
        guard measurement.isLimited ? slot.beginLimited(delta) : slot.begin(delta) else {
            throw BalancerError(.saturated)
        }
        return Lease(slot: slot, start: start)
    }

    /// Turns the lease into a reference, for code that cannot own it.
    ///
    /// - Complexity: one allocation.
    public consuming func share() -> SharedLease<Endpoint> {
        SharedLease(self)
    }

    @inlinable
    deinit {
        end(.cancelled, at: nil)
    }

    @inlinable
    @inline(__always)
    func end(_ outcome: Outcome, at time: Timestamp?) {
        // Where the leases begun are counted, successes are what is left over.
        if start == .untimed, outcome == .success {
            slot.endUntold(1)
        } else {
            endElsewhere(outcome, at: time)
        }
    }

    @usableFromInline
    @inline(never)
    func endElsewhere(_ outcome: Outcome, at time: Timestamp?) {
        if outcome == .success, start.isTime, slot.endTimed(since: start, at: time) { return }
        endAndTell(outcome, at: time)
    }

    @inline(never)
    func endAndTell(_ outcome: Outcome, at time: Timestamp?) {
        measure(outcome, at: time)
        if start == .kept { slot.dropKept() }
        if outcome == .failure { slot.tellFailure(at: time) }
        slot.record(outcome)
        slot.endAndTell(slot.measurement.deltas(start: start).end)
    }

    @inline(__always)
    func measure(_ outcome: Outcome, at time: Timestamp?) {
        guard start.isTime else { return }
        let now = time ?? slot.now()
        let nanoseconds = now.nanoseconds(since: start)
        slot.measure(nanoseconds: nanoseconds, at: now, outcome: outcome)
        if slot.measurement.keepsHistogram, outcome != .cancelled { slot.addLatency(nanoseconds: nanoseconds) }
    }
}

/// The backend that a lease was given on: who it is, and how to reach it.
public struct LeasedBackend<Endpoint: Sendable>: Sendable, Identifiable {
    /// The identity of the backend.
    public let id: String
    /// How to reach it.
    public let endpoint: Endpoint
}
