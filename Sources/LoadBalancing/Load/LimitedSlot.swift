public import Synchronization

/// Leases on backends that may have only so many.
extension Slot {
    /// Counts a lease in, unless `limit` are in flight.
    ///
    /// Exact, whatever others do: a lease is refused only if there were as many at some moment of the call. Beyond
    /// ``LoadWord/maximumCount`` none is counted, whatever the limit: the count must not run over.
    ///
    /// - Returns: how many are in flight now; `nil` if the lease was not counted.
    @inlinable
    func begin(_ delta: UInt64, limit: UInt64) -> UInt64? {
        let limit = min(limit, LoadWord.maximumCount &- 1)
        var old = unsafe storage.pointee.load.load(ordering: .relaxed)
        while true {
            let inFlight = LoadWord(bits: old).inFlight
            guard inFlight < limit else { return nil }
            let (exchanged, original) = unsafe storage.pointee.load.weakCompareExchange(
                expected: old, desired: old &+ delta, ordering: .acquiringAndReleasing)
            if exchanged {
                if unsafe storage.pointee.leaf != LoadIndex.none { loadChanged(by: 1) }
                return inFlight &+ 1
            }
            old = original
        }
    }

    /// Counts in one more lease on a backend that has one, unless the limits say no.
    func beginLimited(_ delta: UInt64) -> Bool {
        let observer = unsafe storage.pointee.registry._withUnsafeGuaranteedRef { $0.observer }
        return observer?.beginLease(on: self, adding: delta) ?? begin(delta)
    }

    /// Counts a lease out, and tells whoever keeps backends in order or waits for room.
    func endAndTell(_ delta: UInt64) {
        guard measurement.isLimited else { return end(delta) }
        // Read before the count falls: after that the slot may be gone, but whoever is told stays.
        let observer = unsafe storage.pointee.registry._withUnsafeGuaranteedRef { $0.observer }
        let (id, position) = (id, position)
        if unsafe storage.pointee.leaf != LoadIndex.none { loadChanged(by: -1) }
        let old = LoadWord(
            bits: unsafe storage.pointee.load.wrappingSubtract(delta, ordering: .acquiringAndReleasing).oldValue)
        if old.wantsMore { ended(after: old) }
        observer?.leaseEnded(slotID: id, position: position, inFlight: old.inFlight)
    }
}
