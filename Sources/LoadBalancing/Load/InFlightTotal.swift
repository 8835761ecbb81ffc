import Synchronization

/// The leases in flight on all backends of a balancer together.
///
/// One word on lines of its own, so the count is exact; it costs each lease two more atomic operations that all threads
/// share. A lease counts here after its backend has counted it in, and no more from before its backend counts it out: the
/// total is never ahead of the sum of the backends' counts, and behind it by the leases that begin or end just then.
final class InFlightTotal: Sendable {
    private let before = SIMD64<UInt8>()
    private let count = Atomic<Int>(0)
    private let after = SIMD64<UInt8>()

    /// The count.
    var value: Int { count.load(ordering: .relaxed) }

    /// Counts leases that have begun, or takes off such as end.
    func add(_ change: Int) {
        count.wrappingAdd(change, ordering: .relaxed)
    }
}
