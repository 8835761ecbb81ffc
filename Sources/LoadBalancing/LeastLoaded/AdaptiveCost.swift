/// What one more request costs on each backend, at the moment of one pick: nanoseconds of waiting, in a sense.
///
///     cost = requests × max(latency, age / 3) / success⁴
///
/// - *requests*: in flight, and the one to place. Where servers report what they have, what they have from others counts as well, and
///   each request of our own as many times as there are balancers, since those think alike.
/// - *latency*: the average of answers, which fades to the fleet's in a straight line while none come.
/// - *age*: the mean age of the requests in flight: a server that has become slow is found out before it answers.
/// - *success*: the average of outcomes, relative to the fleet's, so that what fails fast is not cheap; it fades to 1 in a second.
struct AdaptiveCost {
    let fleet: FleetAverages
    /// What a lease that began now would add to a load word.
    let startTerm: UInt64
    let stamp: UInt32
    let isTimed: Bool
    let hasReports: Bool
    /// What a latency loses in a unit of stamps.
    let fading: Float
    /// Up to so many units nothing fades that would show.
    let freshUnits: UInt32
    /// What a report loses in a unit of stamps.
    let reportFading: Float
    /// What 2⁻²¹ µs of age cost; 0 where ages are not known.
    let agePrice: Float
    /// From this latency on a backend is suspended.
    let latencyLimit: Float
    /// What one request of our own counts as.
    let ownWeight: Float
    let trialUnits: Float

    // Constants are computed properties: what is stored would be asked for by a call.

    /// The part of an age that counts as latency: a third, since requests in flight are older on average than they will be when
    /// they end, if work is spread widely.
    static var agePart: Float { 0x1.555556p-2 }
    /// What a report loses in a unit of stamps: it is forgotten after half a second.
    static var reportFading: Float { 0x1p20 / 0.5e9 }
    /// What a failure loses in a unit of stamps: it is forgotten after a second, where it is not enough for a suspension.
    static var failureFading: Float { 0x1p20 / 1e9 }
    /// Below this part of the fleet's success a backend is suspended.
    static var leastSuccess: Float { 0.6 }
    /// What the cost of a suspended backend is multiplied by: it is chosen if all are suspended.
    static var suspension: Float { 0x1p20 }

    @inline(__always)
    init(fleet: FleetAverages, limits: AdaptiveLimits, time: Timestamp?, knowsAges: Bool) {
        self.fleet = fleet
        let nanoseconds = time?.nanoseconds ?? 0
        startTerm = LoadWord.startTerm(Timestamp(nanoseconds: nanoseconds))
        stamp = UInt32(truncatingIfNeeded: nanoseconds >> 20)
        isTimed = time != nil
        // Nothing fades to an average that nobody knows.
        let fades = isTimed && fleet.latency > 0
        fading = fades ? limits.fading : 0
        freshUnits = fades ? limits.freshUnits : .max
        reportFading = isTimed ? Self.reportFading : 0
        agePrice = isTimed && knowsAges ? Self.agePart * 1_000 * 0x1p-21 : 0
        latencyLimit = fleet.latency > 0 ? fleet.latency * limits.latencyFactor : .infinity
        hasReports = !fleet.others.isNaN
        ownWeight = hasReports ? fleet.balancers : 1
        trialUnits = limits.trialUnits
    }

    /// The latency that counts: the average, nearer to the fleet's the longer there was no answer; without any, the fleet's.
    @inline(__always)
    func latency(of word: ConditionWord) -> Float {
        let units = (stamp &- word.low) & ConditionWord.stampMask
        // Nothing to speak of fades in so short a time.
        if units < freshUnits { return word.latency }
        let kept = max(0, 1 - Float(Int32(bitPattern: units)) * fading)
        return fleet.latency + (word.latency - fleet.latency) * kept
    }

    /// The requests that one more would have to share the backend with, itself included, where backends report what they have.
    @inline(__always)
    private func reportedRequests(on slot: Slot, pending: Float, word: ConditionWord) -> Float {
        let report = slot.report
        let others = report.isNone ? fleet.others : report.inFlight
        let units = (stamp &- word.low) & ConditionWord.stampMask
        let kept = max(0, 1 - Float(Int32(bitPattern: units)) * reportFading)
        return pending * ownWeight + 1 + fleet.others + (others - fleet.others) * kept
    }

    /// The cost on a backend; `nil` if it should be tried now.
    func cost(of slot: Slot, fraction: Float = 1) -> Float? {
        let word = ConditionWord(slot.latency)
        let load = slot.load
        let latency = latency(of: word)
        let pending = Float(Int64(bitPattern: load.inFlight))
        let requests =
            hasReports
            ? reportedRequests(on: slot, pending: pending / fraction, word: word) : pending / fraction + 1
        var cost = latency * requests
        let age = Float(load.totalAge(at: startTerm)) * agePrice
        if age > latency * pending { cost = max(cost, agedCost(slot, load: load, requests: requests)) }
        guard isUnusual(word, latency: latency) else { return cost }
        // Who has done nothing but fail is as slow as the fleet, and not as fast as nothing.
        if word.latency == 0 { cost = max(cost, fleet.latency * requests) }
        return unusualCost(of: word, cost: cost, latency: latency)
    }

    /// The same where nothing calls for a second look, and `nil` where something does: without calls, for which a loop would have
    /// to keep what it knows in memory.
    @inline(__always)
    func plainCost(of slot: Slot, hasReports: Bool) -> Float? {
        let word = ConditionWord(slot.latency)
        let load = slot.load
        let latency = latency(of: word)
        let pending = Float(Int64(bitPattern: load.inFlight))
        let requests = hasReports ? reportedRequests(on: slot, pending: pending, word: word) : pending + 1
        if isUnusual(word, latency: latency) { return nil }
        let age = Float(load.totalAge(at: startTerm)) * agePrice
        guard age > latency * pending else { return latency * requests }
        return slot.keptCount == 0 ? age / pending * requests : nil
    }

    /// Whether there were failures, a trial is under way, or the latency is beyond the limit.
    @inline(__always)
    private func isUnusual(_ word: ConditionWord, latency: Float) -> Bool {
        word.low >> 22 != 0 || latency > latencyLimit
    }

    /// Whether a backend is suspended and no trial can be due: its cost is beyond those of all that are not.
    ///
    /// Without calls as well, and `false` where they would be needed: a backend that is away for long must not have every pick
    /// look at everybody twice.
    @inline(__always)
    func isAway(_ slot: Slot) -> Bool {
        let word = ConditionWord(slot.latency)
        if isTimed, Float(Int32(bitPattern: word.units(until: stamp))) >= trialUnits { return false }
        return word.isOnTrial || latency(of: word) > latencyLimit || isFailing(word)
    }

    /// Whether a backend fails so often that it is suspended.
    ///
    /// Where many requests fail everywhere, a few failures in a row say little.
    @inline(__always)
    private func isFailing(_ word: ConditionWord) -> Bool {
        let fleetSquare = fleetSuccess * fleetSuccess
        return 1 - Self.part(of: word) < Self.leastSuccess * fleetSquare * fleetSquare
    }

    /// The part of the answers that are failures.
    @inline(__always)
    private static func part(of word: ConditionWord) -> Float {
        Float(Int32(bitPattern: word.failure)) / Float(ConditionWord.allFailures)
    }

    @inline(__always)
    private var fleetSuccess: Float { max(1 - fleet.failure, 0.01) }

    /// What the age of the requests in flight says.
    @inline(never)
    private func agedCost(_ slot: Slot, load: LoadWord, requests: Float) -> Float {
        let aged = load.inFlight &- slot.keptCount
        guard aged > 0, aged <= load.inFlight else { return 0 }
        let age = Float(load.totalAge(at: startTerm, kept: slot.keptCount))
        return age / Float(aged) * requests * agePrice
    }

    /// The cost on a backend of which there is more to say than its latency; `nil` if it should be tried now.
    @inline(never)
    private func unusualCost(of word: ConditionWord, cost: Float, latency: Float) -> Float? {
        let units = Float(word.units(until: stamp))
        let forgotten = isTimed ? min(1, units * Self.failureFading) : 0
        let success = max(min(1, (1 - Self.part(of: word) * (1 - forgotten)) / fleetSuccess), 0.03)
        let square = success * success
        let cost = cost / (square * square)
        guard isFailing(word) || word.isOnTrial || latency > latencyLimit else { return cost }
        if isTimed, units > trialUnits * Self.patience(word.stamp) { return nil }
        return cost * Self.suspension
    }

    /// From 1 to 2, another for each trial and each balancer, so that balancers do not try in step.
    private static func patience(_ stamp: UInt32) -> Float {
        1 + Float((stamp &* 0x9E37_79B1) >> 8) * 0x1p-24
    }
}
