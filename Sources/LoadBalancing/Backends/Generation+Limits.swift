import Synchronization

/// Backends that have all the leases they may have.
///
/// That a backend is full is one bit of its admission, beside what the rules say, because it changes with leases and under no
/// lock. It saves picks that would be refused, and may be behind for a moment: what counts is ``Slot/begin(_:limit:)``.
/// Whoever sets it looks at the load again afterwards, and whoever ends a lease of a full backend takes it back
/// afterwards, so it does not stay behind.
extension Generation {
    /// Lets pickers pass over a backend, if it is full.
    @usableFromInline
    func closeIfFull(_ index: Int, limit: UInt64) {
        guard slot(at: index).load.inFlight >= limit else { return }
        exchangeAdmission(at: index) { $0 | Admission.fullBit }
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        openUnlessFull(index, limit: limit)
    }

    /// Lets pickers come to a backend again, if it is not full.
    func openUnlessFull(_ index: Int, limit: UInt64) {
        guard slot(at: index).load.inFlight < limit else { return }
        exchangeAdmission(at: index) { $0 & ~Admission.fullBit }
    }
}
