import Synchronization

/// What slots carry that keep a histogram of latencies.
///
/// Of a type that does not depend on the endpoint's: where its fields lie is then known when leases end, and need not be looked up.
///
/// Invariant: `buckets` holds one reference from when the first latency was counted, and gives it up in `deinit`; nobody changes it
/// in between. So whoever has a keeper may use its buckets without holding them.
@safe
@usableFromInline
class LatencyKeeper: @unchecked Sendable {
    private let buckets = unsafe Atomic<Unmanaged<LatencyHistogram.Buckets>?>(nil)

    deinit {
        unsafe buckets.load(ordering: .acquiring)?.release()
    }

    /// Counts a latency.
    final func addLatency(nanoseconds: UInt64) {
        let kept = unsafe buckets.load(ordering: .acquiring) ?? makeBuckets()
        unsafe kept._withUnsafeGuaranteedRef { $0.add(nanoseconds: nanoseconds) }
    }

    /// The latencies that were counted; `nil` if there were none.
    final var latencies: LatencyHistogram? {
        unsafe buckets.load(ordering: .acquiring)?._withUnsafeGuaranteedRef { $0.histogram }
    }

    /// The buckets, of which the first to count makes them.
    @inline(never)
    private func makeBuckets() -> Unmanaged<LatencyHistogram.Buckets> {
        let made = unsafe Unmanaged.passRetained(LatencyHistogram.Buckets())
        let (exchanged, original) = unsafe buckets.compareExchange(
            expected: nil, desired: made, ordering: .acquiringAndReleasing)
        guard !exchanged, let other = unsafe original else { return unsafe made }
        unsafe made.release()
        return unsafe other
    }
}
