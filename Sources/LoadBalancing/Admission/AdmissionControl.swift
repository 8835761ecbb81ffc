import Synchronization

/// Moves gates and fractions by the rules: the ledger with its lock and its time, those who wait for room, and those who
/// want to know.
///
/// Nothing of it is on the way of a pick on a balancer without limits. Locks are taken in this order: the set of backends, the
/// ledger, a reader's buffer; the line of those who wait, a copy of the picker.
@usableFromInline
final class AdmissionControl: Sendable {
    let rules: Resilience
    let time: TimeSource
    @usableFromInline let line: WaitingLine
    let roster = ProbeRoster()
    let failureThreshold: Int
    /// The most leases in flight on a backend.
    @usableFromInline let limit: UInt64
    /// The most leases in flight on all backends; `nil` if nobody counts them.
    private let totalLimit: Int?
    private let total = Atomic<Int>(0)
    private let ledger: Guarded<AdmissionLedger>
    private let readers = Guarded<[any EventReader]>([])
    private let hasReaders = Atomic<Bool>(false)
    private let shutDown = Atomic<Bool>(false)
    private let passings = Atomic<UInt32>(0)
    /// When ``tick(at:)`` has something to do again, in nanoseconds.
    private let nextTick = Atomic<UInt64>(0)

    init(rules: Resilience, time: TimeSource, seed: UInt64) {
        self.rules = rules
        self.time = time
        failureThreshold = rules.outliers?.consecutiveFailures ?? .max
        limit = min(UInt64(clamping: rules.limits?.perBackend ?? .max), LoadWord.maximumCount - 1)
        totalLimit = rules.limits?.total
        line = WaitingLine(limit: rules.limits?.waiting ?? 0)
        ledger = Guarded(AdmissionLedger(rules: rules, seed: seed))
    }

    /// Uses the ledger, and makes what was changed in it known.
    func change<Result>(at now: Timestamp? = nil, _ body: (inout AdmissionLedger) -> sending Result) -> Result {
        let result = ledger.withLock { ledger in
            let result = body(&ledger)
            settle(&ledger, at: now)
            return result
        }
        line.serve()
        return result
    }

    /// Looks at the ledger.
    func inspect<Result>(_ body: (borrowing AdmissionLedger) -> sending Result) -> Result {
        ledger.withLock { body($0) }
    }

    private func settle(_ ledger: inout AdmissionLedger, at now: Timestamp?) {
        let events = ledger.settle()
        guard hasReaders.load(ordering: .acquiring), !events.isEmpty else { return }
        let time = now ?? self.time.now()
        for kind in events { tell(BalancerEvent(kind: kind, time: time)) }
    }

    /// Goes over to another set, before the pickers see it.
    func adopt(_ generation: Generation, origins: [Int?], version: UInt64) {
        let now = rules.isTimed ? time.now() : Timestamp(nanoseconds: 0)
        ledger.withLock { ledger in
            ledger.adopt(
                generation, origins: origins, at: now,
                version: hasReaders.load(ordering: .acquiring) ? version : nil)
            settle(&ledger, at: rules.isTimed ? now : nil)
        }
        guard rules.limits?.perBackend != nil else { return }
        for index in 0..<generation.count { generation.closeIfFull(index, limit: limit) }
    }

    /// Lets go of the set in force: it refers to this object by way of its slots.
    func close() {
        ledger.withLock { $0.close() }
        readers.withLock { $0 }.forEach { $0.finish() }
    }
}

extension AdmissionControl {
    /// Does what time asks for, unless it was done a moment ago or somebody is at it.
    ///
    /// For callers that happen to come by.
    @usableFromInline
    func tickIfDue(at time: Timestamp? = nil) {
        guard rules.isTimed else { return }
        let now = time ?? self.time.now()
        guard now.nanoseconds >= nextTick.load(ordering: .relaxed) else { return }
        let ticked: Void? = ledger.withLockIfAvailable { ledger in tick(&ledger, at: now) }
        if ticked != nil { line.serve() }
    }

    /// Whether it is time to ask for the time: every 64th time that this is asked.
    @usableFromInline
    func passesBy() -> Bool {
        passings.wrappingAdd(1, ordering: .relaxed).newValue & 63 == 0
    }

    /// Does what time asks for.
    func tick(at now: Timestamp) {
        ledger.withLock { tick(&$0, at: now) }
        line.serve()
    }

    private func tick(_ ledger: inout AdmissionLedger, at now: Timestamp) {
        nextTick.store(now.advanced(by: rules.tickInterval).nanoseconds, ordering: .relaxed)
        ledger.warmUp(until: now)
        ledger.sweep(at: now)
        ledger.drainSoftly(at: now)
        settle(&ledger, at: now)
    }
}

extension AdmissionControl {
    /// Tells somebody every event from now on.
    func add(_ reader: any EventReader) {
        readers.withLock { $0.append(reader) }
        hasReaders.store(true, ordering: .releasing)
    }

    func remove(_ reader: any EventReader) {
        readers.withLock { readers in
            readers.removeAll { $0 === reader }
            hasReaders.store(!readers.isEmpty, ordering: .releasing)
        }
    }

    /// Tells an event that does not come from the ledger.
    func tell(_ kind: BalancerEvent.Kind) {
        guard hasReaders.load(ordering: .acquiring) else { return }
        tell(BalancerEvent(kind: kind, time: time.now()))
    }

    private func tell(_ event: BalancerEvent) {
        for reader in readers.withLock({ $0 }) { reader.add(event) }
    }
}

extension AdmissionControl {
    /// Takes an answer to a health check in; gives the time until the next.
    func take(_ report: HealthReport, from index: Int) -> Duration {
        let now = time.now()
        return change(at: now) { $0.take(report, from: index, at: now) }
    }

    /// The time until a backend that has come is probed: a part of the interval, as far as intervals stray.
    func firstProbeDelay() -> Duration {
        ledger.withLock { $0.firstProbeDelay() }
    }
}

extension AdmissionControl: SlotObserver {
    @usableFromInline
    func leaseFailed(on slot: Slot, inARow: Int, at time: Timestamp?) {
        let now = time ?? self.time.now()
        if inARow >= failureThreshold {
            // The next ejection takes as many failures again.
            slot.forgetFailures()
            change(at: now) { ledger in
                guard let index = ledger.index(of: slot.id, position: slot.position) else { return }
                ledger.eject(at: index, for: .consecutiveFailures, at: now)
            }
        }
        tickIfDue(at: now)
    }

    @usableFromInline
    func beginLease(on slot: Slot, adding delta: UInt64) -> Bool {
        guard enter() else { return false }
        let inFlight = slot.begin(delta, limit: limit)
        if inFlight.map({ $0 >= limit }) ?? true {
            let (id, position) = (slot.id, slot.position)
            let generation = inspect { $0.index(of: id, position: position) == nil ? nil : $0.generation }
            generation?.closeIfFull(position, limit: limit)
        }
        guard inFlight == nil else { return true }
        leave()
        line.serve()
        return false
    }

    @usableFromInline
    func leaseEnded(slotID: UInt32, position: Int, inFlight: UInt64) {
        leave()
        if inFlight >= limit {
            let (generation, index) = inspect { ledger in
                // An update may have given the backend another place since the caller looked.
                (
                    ledger.generation,
                    ledger.index(of: slotID, position: position) ?? ledger.generation?.index(of: slotID)
                )
            }
            if let index { generation?.openUnlessFull(index, limit: limit) }
        }
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        line.serve()
    }
}

extension AdmissionControl {
    /// Counts a lease in that may yet find nobody; `false` if there are too many in all.
    @usableFromInline
    func enter() -> Bool {
        guard let totalLimit else { return true }
        var old = total.load(ordering: .relaxed)
        while old < totalLimit {
            let (exchanged, original) = total.weakCompareExchange(
                expected: old, desired: old + 1, ordering: .acquiringAndReleasing)
            if exchanged { return true }
            old = original
        }
        return false
    }

    /// Counts out a lease that has ended, or found nobody.
    ///
    /// There may be room for another now, whom the caller lets try: not here, because whoever serves the line comes here as well.
    @usableFromInline
    func leave() {
        if totalLimit != nil { total.wrappingSubtract(1, ordering: .acquiringAndReleasing) }
    }

    /// Gives what room there is to those who wait.
    @usableFromInline
    func serveLine() {
        line.serve()
    }

    /// Whether all new work is refused.
    @usableFromInline
    var isShutDown: Bool { shutDown.load(ordering: .acquiring) }

    /// Refuses all new work from now on; `false` if that was so already.
    func refuseAll() -> Bool {
        let isFirst = !shutDown.exchange(true, ordering: .acquiringAndReleasing)
        change { $0.shutDown() }
        line.close(BalancerError(.shutDown))
        return isFirst
    }
}
