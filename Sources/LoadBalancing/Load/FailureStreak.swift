import Synchronization

/// Who is told of what leases do to a backend, apart from what its slot counts.
@usableFromInline
protocol SlotObserver: AnyObject, Sendable {
    /// A lease on `slot` has failed, which made `inARow` failures without a success between them.
    func leaseFailed(on slot: Slot, inARow: Int, at time: Timestamp?)

    /// Counts one more lease on `slot` in, unless there are too many.
    func beginLease(on slot: Slot, adding delta: UInt64) -> Bool

    /// A lease has ended on the backend that is at `position`, or was until a moment ago; before, `inFlight` were in flight.
    func leaseEnded(slotID: UInt32, position: Int, inFlight: UInt64)
}

/// Failures that follow each other without a success.
///
/// Successes pay nothing for it: a failure looks at how many there have been, and whether there were as many at the failure
/// before. Leases that fail on other threads at the same moment may hide a success from it until the next failure.
extension Slot {
    /// Counts a failure of a lease that is still in flight; gives the number of failures in a row.
    func failuresInARow() -> Int {
        let successes = successesSoFar & (1 << 48 - 1)
        var old = unsafe storage.pointee.failureStreak.load(ordering: .relaxed)
        while true {
            let continues = old & 0xFFFF > 0 && successes <= old >> 16
            let streak = continues ? min(old & 0xFFFF + 1, 0xFFFF) : 1
            let (exchanged, original) = unsafe storage.pointee.failureStreak.compareExchange(
                expected: old, desired: max(successes, continues ? old >> 16 : 0) << 16 | streak,
                ordering: .acquiringAndReleasing)
            if exchanged { return Int(streak) }
            old = original
        }
    }

    /// The next failure is the first in a row.
    func forgetFailures() {
        unsafe storage.pointee.failureStreak.store(0, ordering: .releasing)
    }

    /// How many leases have succeeded; too few, if anything, while others end.
    private var successesSoFar: UInt64 {
        if measurement.sumsStartTimes { return unsafe storage.pointee.successes.load(ordering: .acquiring) }
        // The load first: whoever fails between the readings is counted twice, and not taken for a success.
        let load = load
        let others =
            unsafe storage.pointee.failures.load(ordering: .acquiring)
            + storage.pointee.cancellations.load(ordering: .acquiring) + load.inFlight
        return load.upper > others ? load.upper - others : 0
    }

    /// Tells whoever watches that a lease has failed, before that is recorded.
    func tellFailure(at time: Timestamp?) {
        let observer = unsafe storage.pointee.registry._withUnsafeGuaranteedRef { $0.failureObserver }
        observer?.leaseFailed(on: self, inARow: failuresInARow(), at: time)
    }
}
