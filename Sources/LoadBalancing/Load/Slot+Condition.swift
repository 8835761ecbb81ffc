public import Synchronization

/// What ``Adaptive`` keeps of a backend beside its load: failures and trials, leases without an age, reports.
extension Slot {
    /// Takes in an answer where failures and trials are kept beside latencies; out of the way of those who keep latencies alone.
    @usableFromInline
    @inline(never)
    func note(nanoseconds: UInt64, at stamp: UInt32, outcome: Outcome) {
        guard let estimator = unsafe storage.pointee.measurement.latency else { return }
        let sample = Float(nanoseconds)
        var old = unsafe storage.pointee.latency.load(ordering: .relaxed)
        while true {
            let new = estimator.condition(after: LatencyWord(bits: old), sample: sample, at: stamp, outcome: outcome)
            let (exchanged, original) = unsafe storage.pointee.latency.weakCompareExchange(
                expected: old, desired: new.bits, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }

    /// Goes on without an age, but as in flight as before: what is kept open for long says nothing by being there.
    func keep(since start: Timestamp) {
        unsafe storage.pointee.kept.wrappingAdd(1, ordering: .relaxed)
        unsafe storage.pointee.load.wrappingSubtract(LoadWord.startTerm(start), ordering: .relaxed)
    }

    /// One lease less of those without an age.
    func dropKept() {
        unsafe storage.pointee.kept.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Leases in flight that have no age.
    @inlinable
    var keptCount: UInt64 { UInt64(unsafe storage.pointee.kept.load(ordering: .relaxed)) }

    /// What the backend has reported of its load.
    @inlinable
    var report: ReportWord { ReportWord(bits: unsafe storage.pointee.report.load(ordering: .relaxed)) }

    /// Takes a report in; of two at the same time either may be lost.
    func take(_ report: LoadReport) {
        guard let rule = unsafe storage.pointee.measurement.reports else { return }
        let old = self.report
        // The lease that brings the report is still counted here, and not by the backend.
        let own = load.inFlight &- 1
        let new = rule.word(after: old, report: report, own: own)
        unsafe storage.pointee.report.store(new.bits, ordering: .relaxed)
    }

    /// Puts `new` in the place of `old` as the latency average; `false` if somebody was quicker.
    @usableFromInline
    func replaceLatency(_ old: LatencyWord, by new: LatencyWord) -> Bool {
        unsafe storage.pointee.latency.compareExchange(
            expected: old.bits, desired: new.bits, ordering: .relaxed
        ).exchanged
    }
}
