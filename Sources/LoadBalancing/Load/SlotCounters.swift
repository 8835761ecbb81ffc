import Synchronization

/// What a slot has counted.
struct SlotCounters {
    let begun: UInt64
    let inFlight: UInt64
    let successes: UInt64
    let failures: UInt64
    let cancellations: UInt64
    let latency: LatencyWord
}

extension Slot {
    /// The counters of a member, read one after another.
    var counters: SlotCounters {
        // Endings are read before beginnings: a lease that begins and ends in between must not make a count negative.
        let failures = unsafe storage.pointee.failures.load(ordering: .acquiring)
        let cancellations = unsafe storage.pointee.cancellations.load(ordering: .acquiring)
        let successes = unsafe storage.pointee.successes.load(ordering: .acquiring)
        let load = load
        let others = failures + cancellations + load.inFlight
        let begun = measurement.sumsStartTimes ? successes + others : load.upper
        return SlotCounters(
            begun: begun, inFlight: load.inFlight, successes: begun > others ? begun - others : 0, failures: failures,
            cancellations: cancellations, latency: latency)
    }
}
