/// What a balancer's leases measure.
@frozen
@usableFromInline
struct Measurement: Sendable {
    /// How latencies are averaged; `nil` when nobody asks for them, and then no clock is read.
    @usableFromInline var latency: LatencyEstimator?
    /// What else is done with leases.
    @usableFromInline let traits: Traits
    /// What is kept of load reports; `nil` when nobody asks for them.
    @usableFromInline var reports: ReportRule?

    /// Yes or no, several times; together, because the end of a lease asks for several at once.
    @frozen
    @usableFromInline
    struct Traits: OptionSet, Sendable {
        @usableFromInline let rawValue: UInt8

        @inlinable
        init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// ``LoadWord`` sums start times rather than counting leases.
        @inlinable static var sumsStartTimes: Traits { Traits(rawValue: 1) }
        /// Backends may have only so many leases: then somebody wants to know when one ends.
        @inlinable static var isLimited: Traits { Traits(rawValue: 2) }
        /// Latencies are kept in a histogram.
        @inlinable static var keepsHistogram: Traits { Traits(rawValue: 4) }
        /// Backends are kept in order of their load, or a total is counted.
        @inlinable static var tellsLoads: Traits { Traits(rawValue: 8) }
        /// Whatever makes the end of a lease more than its slot's concern.
        @inlinable static var tells: Traits { [.isLimited, .tellsLoads] }
    }

    @usableFromInline
    init(
        latency: LatencyEstimator?, sumsStartTimes: Bool, isLimited: Bool = false, keepsHistogram: Bool = false,
        tellsLoads: Bool = false, reports: ReportRule? = nil
    ) {
        self.latency = latency
        var traits = Traits()
        if sumsStartTimes { traits.insert(.sumsStartTimes) }
        if isLimited { traits.insert(.isLimited) }
        if keepsHistogram { traits.insert(.keepsHistogram) }
        if tellsLoads { traits.insert(.tellsLoads) }
        self.traits = traits
        self.reports = reports
    }

    @inlinable var sumsStartTimes: Bool { traits.contains(.sumsStartTimes) }
    @inlinable var isLimited: Bool { traits.contains(.isLimited) }
    @inlinable var keepsHistogram: Bool { traits.contains(.keepsHistogram) }

    /// Whether leases need to know when they began.
    @inlinable
    var readsClock: Bool { latency != nil || sumsStartTimes || keepsHistogram }

    /// The start of leases that are not timed.
    @inlinable
    var noStart: Timestamp { traits.isDisjoint(with: [.isLimited, .tellsLoads]) ? .untimed : .told }

    /// What counts leases: one more begun and one more reference, then one reference less.
    @inlinable
    static var countingDeltas: (begin: UInt64, end: UInt64) { (1 << LoadWord.upperShift + 1, 1) }

    /// What to add to the load word for a lease that begins at `start`, and what to subtract when it ends.
    @inlinable
    func deltas(start: Timestamp) -> (begin: UInt64, end: UInt64) {
        guard sumsStartTimes, start.isTime else { return Self.countingDeltas }
        let delta = LoadWord.startTerm(start) &+ 1
        return (delta, delta)
    }
}
