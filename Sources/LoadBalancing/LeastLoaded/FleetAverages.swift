/// What a picker knows of the backends as a whole: moving averages over its own picks.
@frozen
@usableFromInline
struct FleetAverages: Sendable {
    /// Nanoseconds; 0 while nothing was measured.
    ///
    /// Averaged over the backends that are chosen, not over all there are: the latency that requests meet. So a bad backend cannot
    /// raise what it is compared with, be it one of two.
    @usableFromInline var latency: Float = 0
    /// The part of answers that are failures, of the backends that are chosen.
    @usableFromInline var failure: Float = 0
    /// What a backend has in flight from this balancer, on average over all.
    @usableFromInline var own: Float = 0
    /// What a backend has in flight from others, by their reports; not a number without reports.
    @usableFromInline var others: Float = .nan

    /// The weight of a new sample: the memory is some 64 picks long.
    private static var rate: Float { 0x1p-6 }

    @usableFromInline
    init() {}

    /// How many balancers like this one the backends serve, by what they have from others.
    var balancers: Float { min(1 + others / max(own, 0.01), 64) }

    /// Takes in the backend that was chosen.
    @inline(__always)
    mutating func chose(latency chosen: Float, failure chosenFailure: Float) {
        latency = latency == 0 ? chosen : latency + (chosen - latency) * Self.rate
        failure += (chosenFailure - failure) * Self.rate
    }

    /// Takes in what a backend, chosen or not, has reported and what it has from us.
    @inline(never)
    mutating func saw(_ report: ReportWord, own pending: UInt64) {
        let inFlight = Float(Int64(bitPattern: pending))
        if others.isNaN {
            others = report.inFlight
            own = inFlight
        } else {
            others += (report.inFlight - others) * Self.rate
            own += (inFlight - own) * Self.rate
        }
    }
}
