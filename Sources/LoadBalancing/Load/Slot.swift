public import Synchronization

/// The shared facts about one backend: memory that stays where it is for as long as anybody refers to it.
///
/// What each lease writes or reads comes first and fits the first half of a 128-byte line of its own; what is seldom asked
/// for follows.
@usableFromInline
@safe
struct SlotStorage: ~Copyable {
    @usableFromInline let load: Atomic<UInt64>
    @usableFromInline let latency = Atomic<UInt64>(LatencyWord.unmeasured.bits)
    @usableFromInline let successes = Atomic<UInt64>(0)
    @usableFromInline let report = Atomic<UInt32>(ReportWord.none.bits)
    /// Leases in flight that have no age; see ``Slot/keep(since:)``.
    @usableFromInline let kept = Atomic<UInt32>(0)
    /// The slot's number; unlike its address, it is never used again by the same balancer.
    @usableFromInline let id: UInt32
    /// The slot's place in the registry's ``LoadIndex``, or `LoadIndex.none`.
    @usableFromInline let leaf: UInt32
    @usableFromInline let measurement: Measurement

    @usableFromInline let failures = Atomic<UInt64>(0)
    @usableFromInline let cancellations = Atomic<UInt64>(0)
    @usableFromInline let registry: Unmanaged<SlotRegistry>
    @usableFromInline let payload: Unmanaged<AnyObject>
    let identity: String
    /// Generations that hold this slot; changed under the registry's lock.
    ///
    /// Atomic, because leases use the rest of the struct meanwhile, and who changes a plain field has access to the whole.
    let holders = Atomic<UInt32>(1)
    /// The backend's index in the generation that was made last; changed by one update at a time.
    let position = Atomic<UInt32>(0)
    /// Successes at the last failure (48 bits), and the failures in a row up to it (16 bits).
    let failureStreak = Atomic<UInt64>(0)

    init(
        id: UInt32, leaf: UInt32, identity: String, measurement: Measurement, registry: SlotRegistry, payload: AnyObject
    ) {
        load = Atomic(1)
        self.id = id
        self.leaf = leaf
        self.identity = identity
        self.measurement = measurement
        unsafe self.registry = Unmanaged.passRetained(registry)
        unsafe self.payload = Unmanaged.passRetained(payload)
    }
}

/// A handle to a slot.
///
/// Invariant: whoever has a `Slot` owns one of the references counted in its load word (a lease), or uses it while a
/// generation that holds it is alive (a pool), or holds the registry's lock. The memory goes back to the registry
/// only after the count has reached zero, which happens once: nobody raises it from zero again.
@frozen
@usableFromInline
@safe
struct Slot: @unchecked Sendable, BitwiseCopyable {
    @usableFromInline let storage: UnsafeMutablePointer<SlotStorage>

    @inlinable
    init(storage: UnsafeMutablePointer<SlotStorage>) {
        unsafe self.storage = unsafe storage
    }

    /// The load at this moment.
    @inlinable
    var load: LoadWord { LoadWord(bits: unsafe storage.pointee.load.load(ordering: .relaxed)) }

    /// The latency average at this moment.
    @inlinable
    var latency: LatencyWord { LatencyWord(bits: unsafe storage.pointee.latency.load(ordering: .relaxed)) }

    /// No slot has this number, nor one whose lower 16 bits are this.
    @usableFromInline static let noID: UInt32 = 0

    /// The slot's number.
    @inlinable
    var id: UInt32 { unsafe storage.pointee.id }

    /// The object given for the backend when the slot was made.
    @inlinable
    var payload: AnyObject { unsafe storage.pointee.payload.takeUnretainedValue() }

    /// Counts a lease in, unless the count is at its limit.
    ///
    /// - Parameters:
    ///   - delta: what the lease adds to the load word.
    ///   - isOrdered: whether backends may be kept in order of their load: known to the compiler, because a call that might
    ///     follow, even if it never does, costs saved registers.
    /// - Returns: whether the lease was counted.
    @inlinable
    @inline(__always)
    func begin(_ delta: UInt64, isOrdered: Bool = true) -> Bool {
        guard load.references < LoadWord.maximumCount else { return false }
        unsafe storage.pointee.load.wrappingAdd(delta, ordering: .relaxed)
        if isOrdered, unsafe storage.pointee.leaf != LoadIndex.none { loadChanged(by: 1) }
        return true
    }

    /// Counts a lease out; the last reference gives the slot back.
    func end(_ delta: UInt64) {
        // Read before the count falls: after that the slot may be gone.
        if unsafe storage.pointee.leaf != LoadIndex.none { loadChanged(by: -1) }
        endUntold(delta)
    }

    /// The same where loads are told to nobody.
    @inlinable
    @inline(__always)
    func endUntold(_ delta: UInt64) {
        // Releasing: what this lease wrote is done before the slot can be taken down. Acquiring: who takes it down sees it.
        let old = LoadWord(
            bits: unsafe storage.pointee.load.wrappingSubtract(delta, ordering: .acquiringAndReleasing).oldValue)
        if old.wantsMore { ended(after: old) }
    }

    /// Ends a timed lease with success, if it is told to nobody but its slot.
    ///
    /// - Parameters:
    ///   - start: when it began.
    ///   - time: the present, if the caller has it.
    /// - Returns: `false` if there is more to do; then nothing was done.
    @inline(__always)
    func endTimed(since start: Timestamp, at time: Timestamp?) -> Bool {
        let traits = unsafe storage.pointee.measurement.traits
        guard traits.isDisjoint(with: .tells) else { return false }
        let now = time ?? now()
        let nanoseconds = now.nanoseconds(since: start)
        measure(nanoseconds: nanoseconds, at: now, outcome: .success)
        if traits.contains(.keepsHistogram) { addLatency(nanoseconds: nanoseconds) }
        if traits.contains(.sumsStartTimes) {
            unsafe storage.pointee.successes.wrappingAdd(1, ordering: .relaxed)
            endUntold(LoadWord.startTerm(start) &+ 1)
        } else {
            endUntold(1)
        }
        return true
    }

    /// Notes how a lease ended, except for the count.
    @inlinable
    func record(_ outcome: Outcome) {
        switch outcome {
        case .success:
            // Where begun leases are counted, successes are what is left: one atomic addition less for each lease.
            if unsafe storage.pointee.measurement.sumsStartTimes {
                unsafe storage.pointee.successes.wrappingAdd(1, ordering: .relaxed)
            }
        case .failure: unsafe storage.pointee.failures.wrappingAdd(1, ordering: .relaxed)
        case .cancelled: unsafe storage.pointee.cancellations.wrappingAdd(1, ordering: .relaxed)
        }
    }

    /// Takes a latency of a lease into the average.
    @inlinable
    @inline(__always)
    func measure(nanoseconds: UInt64, at now: Timestamp, outcome: Outcome) {
        guard let estimator = unsafe storage.pointee.measurement.latency else { return }
        guard estimator.method != .condition else {
            return note(nanoseconds: nanoseconds, at: LatencyWord.stamp(of: now), outcome: outcome)
        }
        let stamp = LatencyWord.stamp(of: now)
        var old = unsafe storage.pointee.latency.load(ordering: .relaxed)
        while true {
            let new = estimator.word(
                after: LatencyWord(bits: old), sample: Float(nanoseconds), at: stamp, outcome: outcome)
            let (exchanged, original) = unsafe storage.pointee.latency.weakCompareExchange(
                expected: old, desired: new.bits, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }

    /// Counts a latency in the backend's histogram.
    ///
    /// Invariant: what slots carry whose measurement keeps histograms is a ``LatencyKeeper``.
    func addLatency(nanoseconds: UInt64) {
        unsafe storage.pointee.payload._withUnsafeGuaranteedRef { payload in
            unsafe unsafeDowncast(payload, to: LatencyKeeper.self).addLatency(nanoseconds: nanoseconds)
        }
    }

    /// Whether leases on this slot are timed.
    @inlinable
    var measurement: Measurement { unsafe storage.pointee.measurement }

    /// The present time of the balancer's clock.
    ///
    /// Never in line: only to have room for a clock's types, a caller that was given the time would pay for one.
    @usableFromInline
    @inline(never)
    func now() -> Timestamp {
        unsafe storage.pointee.registry._withUnsafeGuaranteedRef { $0.time.now() }
    }

    @usableFromInline
    func loadChanged(by change: Int) {
        let leaf = unsafe storage.pointee.leaf
        unsafe storage.pointee.registry._withUnsafeGuaranteedRef { $0.loadChanged(leaf: leaf, by: change) }
    }

    /// Does what is left to do for a lease that has taken itself off a word which wanted more: gives the slot back after the last
    /// reference, wakes who waits for the last lease.
    @usableFromInline
    @inline(never)
    func ended(after old: LoadWord) {
        if old.references == 1 {
            let registry = unsafe storage.pointee.registry.takeUnretainedValue()
            registry.retire(self)
        }
        // At most the membership is left.
        if old.isWatched, old.references <= 2 { DrainWatches.wake(at: self) }
    }
}
