import LoadBalancing

/// What is noted of a run while it goes on.
struct Recorder {
    /// Picks in one step of time.
    struct Step {
        var picks: Int32 = 0
        var watched: Int32 = 0
        /// In another zone than the balancer's.
        var away: Int32 = 0
        /// In a tier behind the first.
        var standby: Int32 = 0
        var failures: Int32 = 0
    }

    /// The width of a step.
    static let stepNanoseconds: UInt64 = 10_000_000

    private let measured: [Range<UInt64>]
    private let watched: Range<Int>
    private let zones: Setup.Zones?
    private var period = 0
    /// Milliseconds, of measured requests that succeeded.
    private(set) var latencies: [Float] = []
    private(set) var picks = 0
    private(set) var failures = 0
    /// Requests of measured periods that nobody was found for.
    private(set) var refusals = 0
    /// The most requests that any server had in a measured period.
    private(set) var mostInFlight = 0
    /// The same of the watched server.
    private(set) var mostOnWatched = 0
    private(set) var steps: [Step]

    init(of setup: Setup) {
        measured = setup.measured
        watched = setup.watch?.servers ?? 0..<0
        zones = setup.zones
        let isClosed = if case .closed = setup.arrivals { true } else { false }
        steps =
            isClosed || setup.watch == nil
            ? [] : Array(repeating: Step(), count: Int(setup.duration / Self.stepNanoseconds) + 1)
    }

    /// Whether a request that comes at `now` is measured; times do not go back.
    mutating func isMeasured(at now: UInt64) -> Bool {
        while period < measured.count, now >= measured[period].upperBound { period += 1 }
        return period < measured.count && measured[period].contains(now)
    }

    mutating func picked(_ server: Int, by balancer: Int, inFlight: Int, at now: UInt64, isMeasured: Bool) {
        let isWatched = watched.contains(server)
        let place = zones?.servers[server]
        let isAway = place?.zone != zones?.balancers[balancer]
        note(at: now) { step in
            step.picks += 1
            if isWatched { step.watched += 1 }
            if isAway { step.away += 1 }
            if (place?.priority ?? 0) > 0 { step.standby += 1 }
        }
        guard isMeasured else { return }
        picks += 1
        mostInFlight = max(mostInFlight, inFlight)
        if watched.contains(server) { mostOnWatched = max(mostOnWatched, inFlight) }
    }

    mutating func refused(at now: UInt64, isMeasured: Bool) {
        note(at: now) { step in
            step.picks += 1
            step.failures += 1
        }
        if isMeasured { refusals += 1 }
    }

    mutating func answered(after nanoseconds: UInt64) {
        latencies.append(Float(nanoseconds) / 1e6)
    }

    /// A request that came at `start` has failed.
    mutating func failed(of start: UInt64, isMeasured: Bool) {
        note(at: start) { $0.failures += 1 }
        if isMeasured { failures += 1 }
    }

    private mutating func note(at time: UInt64, _ change: (inout Step) -> Void) {
        let step = Int(time / Self.stepNanoseconds)
        if step < steps.count { change(&steps[step]) }
    }
}
