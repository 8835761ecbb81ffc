public import Synchronization

/// Spreads work over backends by one policy: the type behind ``LoadBalancer``, with the policy known to the compiler.
///
/// Use ``LoadBalancer`` unless the last nanoseconds count or the policy is a type of your own.
///
/// All methods may be called from any thread or task at any time.
public final class Balancer<Endpoint: Sendable, Rule: Policy>: Sendable {
    @usableFromInline let stripes: Stripes<PickingState<Rule.P>>
    /// Whether a lease needs the time when it begins.
    @usableFromInline let readsClock: Bool
    /// Whether leases are told to more than their slots: backends are kept in order of their load, or a total is counted.
    @usableFromInline let tellsLoads: Bool
    /// Whether all that a lease does when it begins is to be counted by its slot.
    @usableFromInline let onlyCounts: Bool
    /// Whether only so many leases may be in flight.
    @usableFromInline let isLimited: Bool
    /// Whether picks that meet somebody who is not admitted in full see to what time asks for.
    @usableFromInline let ticksInPassing: Bool
    /// The version of the set in force; read by workers before every pick.
    @usableFromInline let version: Atomic<UInt64>
    @usableFromInline let membership: Membership<Endpoint, Rule>
    @usableFromInline let measurement: Measurement
    @usableFromInline let time: TimeSource
    @usableFromInline let control: AdmissionControl
    let retries: RetryAllowance?

    /// The way of choosing.
    public let policy: Rule

    /// Creates a balancer.
    ///
    /// - Parameters:
    ///   - policy: how to choose.
    ///   - backends: the set to begin with; it may be empty.
    ///   - resilience: what to do about backends that are new, slow or sick; nothing unless told otherwise.
    ///   - time: the clock, for policies that look at latencies.
    ///   - seed: what all random choices follow from; equal seeds give equal sequences of picks to a single thread.
    ///   - stripeLimit: the most copies of the picker, rounded up to a power of two; 1 means one exact order across all
    ///     threads, behind a mutex.
    /// - Throws: ``BackendSetError`` if two backends have the same id, or a weight is out of range.
    public convenience init(
        policy: Rule, backends: some Sequence<Backend<Endpoint>>, resilience: Resilience = Resilience(),
        time: TimeSource = .system,
        seed: UInt64 = .random(in: .min ... .max), stripeLimit: Int = SharedPicker<Rule.P>.defaultStripeLimit
    ) throws(BackendSetError) {
        try self.init(
            policy: policy, backends: Array(backends), resilience: resilience, time: time, seed: seed,
            stripeLimit: stripeLimit, retries: resilience.retryBudget.map(RetryAllowance.init))
    }

    /// Creates a balancer with an allowance of retries that others may have a part in.
    init(
        policy: Rule, backends: [Backend<Endpoint>], resilience: Resilience, time: TimeSource, seed: UInt64,
        stripeLimit: Int, retries: RetryAllowance?
    ) throws(BackendSetError) {
        let requirements = policy.requirements
        self.policy = policy
        self.time = time
        isLimited = resilience.limits != nil
        tellsLoads = requirements.ordersByLoad || requirements.countsInFlight
        measurement = Measurement(
            latency: requirements.latency ?? resilience.estimator, sumsStartTimes: requirements.sumsAges,
            isLimited: isLimited, keepsHistogram: resilience.keepsHistograms, tellsLoads: tellsLoads,
            reports: requirements.reports)
        readsClock = requirements.needsTime || measurement.readsClock
        onlyCounts = !readsClock && !tellsLoads && !isLimited
        control = AdmissionControl(rules: resilience, time: time, seed: Mixing.mix(seed, position: -1))
        self.retries = retries
        ticksInPassing = resilience.isTimed
        membership = try Membership(
            backends: backends, policy: policy, seed: seed,
            registry: SlotRegistry(
                time: time, measurement: measurement, loadIndex: requirements.ordersByLoad ? LoadIndex() : nil,
                total: requirements.countsInFlight ? InFlightTotal() : nil, observer: control,
                watchesFailures: resilience.outliers != nil),
            control: control)
        let first = membership.current
        version = Atomic(first.version)
        stripes = Stripes(limit: stripeLimit, make: first.make)
    }

    /// Chooses a backend and counts the work in.
    ///
    /// - Parameter request: the key, the time and the backends tried before, as far as they matter.
    /// - Returns: a lease, to be finished with the outcome of the work.
    /// - Throws: ``BalancerError``, if there is nobody to choose.
    /// - Complexity: the policy's, and two atomic operations; no allocation.
    @inlinable
    @inline(__always)
    public func lease(for request: PickRequest = PickRequest()) throws(BalancerError) -> Lease<Endpoint> {
        guard onlyCounts else { return try watchedLease(for: request) }
        // The common case has no calls, and so keeps nothing in memory: every store has to reach the cache before an atomic
        // operation can.
        guard let stripe = stripes.tryAcquire() else { return try leaseElsewhere(for: request) }
        guard let slot = stripe.value.beginUnrestricted(request, delta: Measurement.countingDeltas.begin) else {
            return try lease(for: request, holding: stripe)
        }
        stripe.unlock()
        return Lease(slot: slot, start: .untimed)
    }

    /// The same for those who want more of a lease than its count: its time, that its load is told, limits.
    @inlinable
    @inline(never)
    func watchedLease(for request: PickRequest) throws(BalancerError) -> Lease<Endpoint> {
        guard !isLimited else { return try limitedLease(for: request) }
        let terms = terms(for: request)
        let request = request.at(terms.time)
        guard let stripe = stripes.tryAcquire() else { return try leaseElsewhere(for: request) }
        guard !tellsLoads, let slot = stripe.value.beginUnrestricted(request, delta: terms.delta) else {
            return try lease(for: request, holding: stripe)
        }
        stripe.unlock()
        return Lease(slot: slot, start: terms.start)
    }

    /// The long way, with the thread's own stripe in hand.
    @inlinable
    @inline(never)
    func lease(
        for request: PickRequest, holding stripe: Stripe<PickingState<Rule.P>>
    ) throws(BalancerError) -> Lease<Endpoint> {
        let terms = terms(for: request)
        let slot = stripe.value.begin(request, delta: terms.delta)
        let isDue = ticksInPassing && stripe.value.isDue()
        stripe.unlock()
        if isDue { control.tickIfDue() }
        guard let slot else { throw refusal(of: request) }
        return Lease(slot: slot, start: terms.start)
    }

    /// The long way, with whatever stripe is free.
    @inlinable
    @inline(never)
    func leaseElsewhere(for request: PickRequest) throws(BalancerError) -> Lease<Endpoint> {
        let terms = terms(for: request)
        let (slot, isDue) = stripes.withValue { state in
            (state.begin(request, delta: terms.delta), ticksInPassing && state.isDue())
        }
        if isDue { control.tickIfDue() }
        guard let slot else { throw refusal(of: request) }
        return Lease(slot: slot, start: terms.start)
    }

    /// What the pick and a lease that begins now are to know of the time, and what the lease adds to the load.
    @inlinable
    @inline(__always)
    func terms(for request: PickRequest) -> (time: Timestamp, start: Timestamp, delta: UInt64) {
        guard readsClock else { return (.untimed, measurement.noStart, Measurement.countingDeltas.begin) }
        let time = request.time ?? now()
        return (time, time, measurement.deltas(start: time).begin)
    }

    @usableFromInline
    @inline(never)
    func now() -> Timestamp { time.now() }

    /// Chooses a backend for a connection that will be kept: counted while it is open, but not timed.
    ///
    /// Take a lease for each stream or request on it with ``Lease/stream(at:)``.
    ///
    /// - Throws: ``BalancerError``, if there is nobody to choose.
    public func connectionLease(for request: PickRequest = PickRequest()) throws(BalancerError) -> Lease<Endpoint> {
        var lease = try lease(for: request)
        lease.keep()
        return lease
    }

    /// Why `request` got nothing.
    @usableFromInline
    @inline(never)
    func refusal(of request: PickRequest) -> BalancerError {
        control.isShutDown ? BalancerError(.shutDown) : stripes.withValue { state in state.refusal(of: request) }
    }
}

extension PickingState {
    /// Picks, and counts the lease in before the lock is left: an old index never meets a new table.
    ///
    /// For policies whose leases are told to nobody but their slots.
    @inlinable
    @inline(__always)
    mutating func beginUnrestricted(_ request: PickRequest, delta: UInt64) -> Slot? {
        guard let index = pickUnrestricted(request) else { return nil }
        let slot = pool.slot(at: index)
        return slot.begin(delta, isOrdered: false) ? slot : nil
    }

    /// Whether it is time to ask for the time: every 64th time that this is asked.
    @inlinable
    mutating func isDue() -> Bool {
        looks &+= 1
        return looks & 63 == 0
    }

    @inlinable
    mutating func begin(_ request: PickRequest, delta: UInt64) -> Slot? {
        guard let index = picker.pick(request, from: pool) else { return nil }
        let slot = pool.slot(at: index)
        guard let limit = picker.leaseLimit else { return slot.begin(delta) ? slot : nil }
        if slot.begin(delta, limit: UInt64(max(limit, 0))) != nil { return slot }
        return beginOvertaken(request, delta: delta)
    }

    /// The same after the picker's own bound was reached by others meanwhile: finds another backend.
    @inlinable
    @inline(never)
    mutating func beginOvertaken(_ request: PickRequest, delta: UInt64) -> Slot? {
        // Overtaken so often only if something is wrong.
        for _ in 0..<63 {
            guard let index = picker.pick(request, from: pool), let limit = picker.leaseLimit else { return nil }
            let slot = pool.slot(at: index)
            if slot.begin(delta, limit: UInt64(max(limit, 0))) != nil { return slot }
        }
        return nil
    }

    @usableFromInline
    func refusal(of request: PickRequest) -> BalancerError {
        guard pool.count > 0 else { return BalancerError(.noBackends) }
        var saturated = false
        for index in 0..<pool.count where pool.weight(at: index) > 0 {
            let admission = pool.admission(at: index)
            let untried = !request.tried.contains(pool.slotID(at: index))
            if admission.gate == .saturated { saturated = saturated || untried }
            guard admission.isOpen else { continue }
            // Open, and yet nobody was given: tried before, or at the limit of what can be counted.
            if untried { return BalancerError(.saturated) }
        }
        if saturated { return BalancerError(.saturated) }
        return BalancerError(request.tried.isEmpty ? .noneAdmitted : .allTried)
    }
}
