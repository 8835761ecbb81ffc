/// The backend on which one more request costs the least, by all that leases tell: what is in flight and since when, how long
/// answers took, how many of them were failures, and what servers report of their load.
///
/// ``AdaptivePolicy`` says what for. Up to a limit every backend is looked at; where there are more, the best of a few drawn
/// by weight is taken. A backend that is far slower than the others, or fails, is *suspended*: it gets one request as a trial
/// every one to two seconds, but not more than one pick in sixteen is a trial as long as there is anybody else, and one good
/// answer brings it back. A newcomer begins with one request as well.
///
/// The fraction of a backend is the part that it gets of what it would get with the whole: what it has in flight counts as more, and
/// when it is chosen nevertheless, a draw says whether it stays so.
///
/// - Complexity: O(n) a pick for n backends up to the limit, O(1) beyond; no allocation.
/// - Note: of the known policies, the load is least connections', the averaged latency Finagle's, its fading linkerd's, success in the
///   cost mosn's, trials Netflix's probation, reported loads C3's and Prequal's; ages and what follows from comparing with the
///   fleet are our own.
@frozen
public struct Adaptive: Picker {
    @usableFromInline var generator: SeededGenerator
    @usableFromInline var fleet = FleetAverages()
    /// Whose report is looked at next.
    @usableFromInline var cursor = 0
    /// How many of the picks since the last trial count, and whose trial that was.
    @usableFromInline var trials = TrialTurns()
    @usableFromInline let limits: AdaptiveLimits
    /// For draws by weight; `nil` with equal weights, or where everybody is looked at.
    @usableFromInline let table: AliasTable?

    init(for pool: borrowing BackendPool, limits: AdaptiveLimits, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        self.limits = limits
        table = pool.hasEqualWeights || pool.count <= limits.scanLimit ? nil : AliasTable(pool.weights)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        pickUnrestricted(at: request.nanoseconds, from: pool)
    }

    /// Chooses a backend.
    @inlinable
    @inline(__always)
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        pool.admitsAll(for: request)
            ? pickUnrestricted(request, from: pool) : pickAmongAdmitted(request, from: pool)
    }

    /// Goes on with what it knew of the backends as a whole.
    public mutating func resume(from old: borrowing Adaptive) {
        fleet = old.fleet
    }

    /// Draws from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

extension Adaptive {
    /// Chooses where everybody is admitted; compiled once, since nothing in it depends on who asks.
    @usableFromInline
    @inline(never)
    mutating func pickUnrestricted(at nanoseconds: UInt64, from pool: borrowing BackendPool) -> Int? {
        let request = PickRequest(time: Timestamp(nanoseconds: nanoseconds))
        // Nothing is known of anybody yet.
        guard fleet.latency > 0 else { return pickAmongAdmitted(request, from: pool) }
        let cost = cost(at: request, in: pool)
        if pool.count > limits.scanLimit { return draw(from: pool, cost: cost) }
        var best: Int?
        if pool.hasEqualWeights {
            best =
                cost.hasReports ? glance(at: pool, cost, hasReports: true) : glance(at: pool, cost, hasReports: false)
        }
        guard let best else { return scan(pool, cost: cost) }
        learn(from: best, in: pool, cost: cost)
        return best
    }

    /// The least cost of all, where nothing calls for a second look; `nil` where something does.
    @inline(__always)
    private func glance(at pool: borrowing BackendPool, _ cost: AdaptiveCost, hasReports: Bool) -> Int? {
        var least = Contest()
        for index in 0..<pool.count {
            let slot = pool.slot(at: index)
            guard let mine = cost.plainCost(of: slot, hasReports: hasReports) else {
                if cost.isAway(slot) { continue }
                return nil
            }
            if least.isTied(mine) { return nil }
            least.enter(index, mine)
        }
        return least.hasWinner && pool.weight(at: least.index) > 0 ? least.index : nil
    }

    @inline(__always)
    private func cost(at request: PickRequest, in pool: borrowing BackendPool) -> AdaptiveCost {
        AdaptiveCost(fleet: fleet, limits: limits, time: request.time, knowsAges: pool.generation.knowsAges)
    }

    /// The least cost of all, whatever there is.
    private mutating func scan(_ pool: borrowing BackendPool, cost: AdaptiveCost) -> Int? {
        var least = Contest()
        var tied = (weight: UInt64(0), cost: UInt64.max)
        let isWeighted = !pool.hasEqualWeights
        for index in 0..<pool.count {
            guard var mine = cost.cost(of: pool.slot(at: index)) else {
                if pool.weight(at: index) > 0, trials.isTurn(of: index), tries(index, in: pool, at: cost.stamp) {
                    return index
                }
                continue
            }
            if isWeighted {
                guard pool.weight(at: index) > 0 else { continue }
                mine /= Float(pool.weight(at: index))
            }
            if least.isTied(mine) {
                if tied.cost != least.word >> 32 { tied = (0, least.word >> 32) }
                if winsTie(index, against: least.index, of: &tied.weight, in: pool) { least.win(index, mine) }
            } else {
                least.enter(index, mine)
            }
        }
        if let trial = lateTrial(in: pool, at: cost.stamp, instead: least.hasWinner) { return trial }
        guard least.hasWinner, pool.weight(at: least.index) > 0 else { return nil }
        learn(from: least.index, in: pool, cost: cost)
        return least.index
    }

    /// The backend that was passed over while others were looked at and is tried after all: it is its turn, or there is nobody else.
    @inline(__always)
    private mutating func lateTrial(in pool: borrowing BackendPool, at stamp: UInt32, instead hasWinner: Bool) -> Int? {
        guard trials.passedOver >= 0 else { return nil }
        let index = trials.takePassedOver()
        guard index < pool.count, trials.isAllowed || !hasWinner else { return nil }
        // Where somebody else was quicker to send the trial, there may still be nobody else to take.
        return tries(index, in: pool, at: stamp) || !hasWinner ? index : nil
    }

    /// Whether `index` takes the place of `best`, which costs the same: each of the tied ends up chosen with the probability of its
    /// weight.
    ///
    /// `tied` is the weight of those that were tied so far; 0 for none but the best.
    @inline(never)
    private mutating func winsTie(
        _ index: Int, against best: Int, of tied: inout UInt64, in pool: borrowing BackendPool
    ) -> Bool {
        if tied == 0 { tied = pool.summableShare(of: best) }
        let share = pool.summableShare(of: index)
        tied &+= share
        return generator.next(below: tied) < share
    }

    /// Sends a suspended backend a trial, unless somebody else is about to.
    @inline(never)
    private mutating func tries(_ index: Int, in pool: borrowing BackendPool, at stamp: UInt32) -> Bool {
        guard sendTrial(to: index, in: pool, at: stamp) else { return false }
        trials.tried(index)
        return true
    }

    private func sendTrial(to index: Int, in pool: borrowing BackendPool, at stamp: UInt32) -> Bool {
        let slot = pool.slot(at: index)
        let word = ConditionWord(slot.latency)
        // What it was is forgotten but for its failures: the answer is compared with the fleet.
        let trial = ConditionWord(latency: fleet.latency, failure: word.failure, isOnTrial: true, stamp: stamp)
        return slot.replaceLatency(word.word, by: trial.word)
    }

    /// Takes in what the choice says of the backends as a whole.
    @inline(__always)
    private mutating func learn(from best: Int, in pool: borrowing BackendPool, cost: AdaptiveCost) {
        let word = ConditionWord(pool.slot(at: best).latency)
        if word.bits >> 32 != 0 {
            fleet.chose(
                latency: cost.latency(of: word),
                failure: Float(Int32(bitPattern: word.failure)) * (1 / Float(ConditionWord.allFailures)))
        } else if fleet.latency > 0, cost.isTimed {
            // A newcomer's first request is its trial.
            _ = sendTrial(to: best, in: pool, at: cost.stamp)
        }
        trials.picked()
        cursor = cursor &+ 1 < pool.count ? cursor &+ 1 : 0
        let slot = pool.slot(at: cursor)
        let report = slot.report
        if !report.isNone { fleet.saw(report, own: slot.load.inFlight) }
    }

    /// The best of a few distinct backends, where there are too many to look at each.
    private mutating func draw(from pool: borrowing BackendPool, cost: AdaptiveCost) -> Int? {
        var least = Contest()
        // One from each of as many stretches, in a circle that is turned at random: distinct, and each equally often.
        let width = UInt64(truncatingIfNeeded: pool.count / limits.draws)
        var place = generator.nextIndex(below: pool.count)
        for _ in 0..<limits.draws {
            let random = generator.next()
            var index = place &+ Int(truncatingIfNeeded: (random >> 32 &* width) >> 32)
            if index >= pool.count { index &-= pool.count }
            place &+= Int(truncatingIfNeeded: width)
            if let table { index = table.backend(for: random) }
            let slot = pool.slot(at: index)
            guard var mine = cost.plainCost(of: slot, hasReports: cost.hasReports) ?? cost.cost(of: slot) else {
                if pool.weight(at: index) > 0, trials.isTurn(of: index), tries(index, in: pool, at: cost.stamp) {
                    return index
                }
                continue
            }
            if table != nil { mine /= Float(pool.weight(at: index)) }
            least.enter(index, mine)
        }
        if let trial = lateTrial(in: pool, at: cost.stamp, instead: least.hasWinner) { return trial }
        guard least.hasWinner, pool.weight(at: least.index) > 0 else { return nil }
        learn(from: least.index, in: pool, cost: cost)
        return least.index
    }

    /// Chooses where not everybody is admitted.
    @usableFromInline
    mutating func pickAmongAdmitted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        let cost = cost(at: request, in: pool)
        let chosen =
            pool.count <= limits.scanLimit
            ? scanAdmitted(request, from: pool, cost: cost) : drawAdmitted(request, from: pool, cost: cost)
        guard let (best, isTrial) = chosen else { return nil }
        if !isTrial { learn(from: best, in: pool, cost: cost) }
        return best
    }

    private mutating func scanAdmitted(
        _ request: PickRequest, from pool: borrowing BackendPool, cost: AdaptiveCost
    ) -> (index: Int, isTrial: Bool)? {
        var (best, least, tied) = (-1, Float.infinity, UInt64(0))
        // The best of those whose draw lets them stay chosen.
        var (second, secondLeast) = (-1, Float.infinity)
        for index in 0..<pool.count where pool.admits(index, for: request) {
            let steps = pool.admission(at: index).steps
            let isAccepted = steps >= Admission.one || UInt32(truncatingIfNeeded: generator.next() >> 48) < steps
            let fraction = Float(max(steps, 1)) / Float(Admission.one)
            guard var mine = costOrUnknown(of: index, in: pool, cost: cost, fraction: fraction) else {
                if isAccepted, trials.isTurn(of: index), tries(index, in: pool, at: cost.stamp) { return (index, true) }
                continue
            }
            mine /= Float(pool.weight(at: index))
            if isAccepted, mine < secondLeast { (second, secondLeast) = (index, mine) }
            if mine < least {
                (best, least, tied) = (index, mine, isAccepted ? 0 : .max)
            } else if mine == least {
                // A draw among the tied goes by fraction already.
                if tied == .max { tied = 0 }
                if winsTie(index, against: best, of: &tied, in: pool) { best = index }
            }
        }
        if let trial = lateTrial(in: pool, at: cost.stamp, instead: best >= 0) { return (trial, true) }
        if tied == .max, second >= 0 { best = second }
        return best >= 0 ? (best, false) : nil
    }

    private mutating func drawAdmitted(
        _ request: PickRequest, from pool: borrowing BackendPool, cost: AdaptiveCost
    ) -> (index: Int, isTrial: Bool)? {
        var (best, least) = (-1, Float.infinity)
        for _ in 0..<limits.draws {
            let index = table?.backend(for: generator.next()) ?? generator.nextIndex(below: pool.count)
            guard pool.accepts(index, for: request, using: &generator) else { continue }
            guard let mine = costOrUnknown(of: index, in: pool, cost: cost, fraction: 1) else {
                if trials.isTurn(of: index), tries(index, in: pool, at: cost.stamp) { return (index, true) }
                continue
            }
            if mine / Float(pool.weight(at: index)) < least {
                (best, least) = (index, mine / Float(pool.weight(at: index)))
            }
        }
        if let trial = lateTrial(in: pool, at: cost.stamp, instead: best >= 0) { return (trial, true) }
        if best >= 0 { return (best, false) }
        return pool.drawAmongAdmitted(for: request, evenly: false, using: &generator).map { ($0, false) }
    }

    /// The cost on a backend, also while nothing is known of anybody: one request each then, and one more after that; those that
    /// have failed come last.
    private func costOrUnknown(
        of index: Int, in pool: borrowing BackendPool, cost: AdaptiveCost, fraction: Float
    ) -> Float? {
        let slot = pool.slot(at: index)
        if fleet.latency == 0, slot.latency.isUnmeasured {
            return 0x1p40 * Float(Int64(bitPattern: slot.load.inFlight) + Int64(ConditionWord(slot.latency).failure))
        }
        return cost.cost(of: slot, fraction: fraction)
    }
}

/// The least cost so far, and whose it is, in one word: costs are not negative, so their bits are in their order.
///
/// Which of several is the least cannot be predicted, and half of all predictions failing costs more than the pick: so
/// nothing here branches.
private struct Contest {
    var word: UInt64 = Contest.nobody

    private static var nobody: UInt64 { 0x7FFF_FFFF << 32 }

    var hasWinner: Bool { word < Self.nobody }

    var index: Int { Int(truncatingIfNeeded: word & 0xFFFF_FFFF) }

    @inline(__always)
    func isTied(_ cost: Float) -> Bool { word >> 32 == UInt64(cost.bitPattern) }

    @inline(__always)
    mutating func win(_ index: Int, _ cost: Float) {
        word = UInt64(cost.bitPattern) << 32 | UInt64(truncatingIfNeeded: index)
    }

    /// Takes in another; a tie goes to who was there first.
    @inline(__always)
    mutating func enter(_ index: Int, _ cost: Float) {
        let other = UInt64(cost.bitPattern) << 32
        let difference = Int64(bitPattern: other &- (word & ~0xFFFF_FFFF))
        let mine = other | UInt64(truncatingIfNeeded: index)
        word ^= (word ^ mine) & UInt64(bitPattern: difference >> 63)
    }
}
