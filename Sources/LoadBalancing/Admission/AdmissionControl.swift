import Synchronization

/// Moves gates and fractions by the rules: the ledger, its lock and its time.
///
/// Nothing of it is on the way of a pick. Its lock comes after that of the set of backends and before nobody's.
@usableFromInline
final class AdmissionControl: Sendable {
    let rules: Resilience
    let time: TimeSource
    private let ledger: Guarded<AdmissionLedger>
    /// When ``tick(at:)`` has something to do again, in nanoseconds.
    private let nextTick = Atomic<UInt64>(0)

    init(rules: Resilience, time: TimeSource) {
        self.rules = rules
        self.time = time
        ledger = Guarded(AdmissionLedger(rules: rules))
    }

    /// Uses the ledger, and makes what was changed in it known.
    func change<Result>(_ body: (inout AdmissionLedger) -> sending Result) -> Result {
        ledger.withLock { ledger in
            let result = body(&ledger)
            _ = ledger.settle()
            return result
        }
    }

    /// Looks at the ledger.
    func inspect<Result>(_ body: (borrowing AdmissionLedger) -> sending Result) -> Result {
        ledger.withLock { body($0) }
    }

    /// Lets go of the set in force: it refers to this object by way of its slots.
    func close() {
        ledger.withLock { $0.close() }
    }

    /// Does what time asks for, unless it was done a moment ago or somebody is at it.
    ///
    /// For callers that happen to come by.
    @usableFromInline
    func tickIfDue(at time: Timestamp? = nil) {
        guard rules.isTimed else { return }
        let now = time ?? self.time.now()
        guard now.nanoseconds >= nextTick.load(ordering: .relaxed) else { return }
        ledger.withLockIfAvailable { ledger in
            tick(&ledger, at: now)
        }
    }

    /// Does what time asks for.
    func tick(at now: Timestamp) {
        ledger.withLock { tick(&$0, at: now) }
    }

    private func tick(_ ledger: inout AdmissionLedger, at now: Timestamp) {
        nextTick.store(now.advanced(by: rules.tickInterval).nanoseconds, ordering: .relaxed)
        ledger.warmUp(until: now)
        _ = ledger.settle()
    }
}

extension AdmissionControl {
    /// Goes over to another set, before the pickers see it.
    func adopt(_ generation: Generation, origins: [Int?]) {
        let now = rules.isTimed ? time.now() : Timestamp(nanoseconds: 0)
        change { $0.adopt(generation, origins: origins, at: now) }
    }
}
