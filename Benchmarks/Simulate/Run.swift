/// What came of one run.
struct Run: Sendable {
    /// Milliseconds from a request to its answer, errors left out: median, 99th and 99.9th of a hundred.
    let p50, p99, p999: Double
    /// Errors, and requests that nobody was found for, in percent of the measured picks.
    let errorPercent: Double
    /// The most requests on any server, and on the watched one.
    let mostInFlight, mostOnWatched: Int
    /// From the first request to the last answer.
    let wallSeconds: Double
    /// What the watched servers got while they were watched, in percent of their fair share.
    let sharePercent: Double?
    /// Picks in other zones than the balancer's and in tiers behind the first, in percent: before the watched periods, and in
    /// their second halves.
    let away, standby: (before: Double, during: Double)
    /// From the beginning of the watched periods until less than one in a hundred requests fails, over 100 ms.
    let errorFreeMilliseconds: Double?
    /// Picks after the beginnings of the watched periods, added up, and after their ends.
    let afterOnset, afterEnd: [Recorder.Step]
    private let fairShare: Double

    init(of setup: Setup, _ recorder: Recorder, end: UInt64) {
        let sorted = recorder.latencies.sorted()
        p50 = Self.quantile(0.5, of: sorted)
        p99 = Self.quantile(0.99, of: sorted)
        p999 = Self.quantile(0.999, of: sorted)
        let asked = recorder.picks + recorder.refusals
        errorPercent = asked > 0 ? Double(recorder.failures + recorder.refusals) / Double(asked) * 100 : 0
        mostInFlight = recorder.mostInFlight
        mostOnWatched = recorder.mostOnWatched
        wallSeconds = Double(end) / 1e9
        fairShare = setup.fairShare
        let periods = setup.watch?.periods ?? []
        afterOnset = Self.sum(of: recorder.steps, from: periods.map { ($0.lowerBound, $0.upperBound) })
        let ends = periods.indices.map { index in
            let next = index + 1 < periods.count ? periods[index + 1].lowerBound : setup.duration
            return (periods[index].upperBound, next)
        }
        afterEnd = Self.sum(of: recorder.steps, from: ends)
        let before = periods.indices.map { index in
            let onset = periods[index].lowerBound
            return (index > 0 ? periods[index - 1].upperBound.middle(to: onset) : 0, onset)
        }
        let calm = Self.sum(of: recorder.steps, from: before)
        let late = afterOnset.suffix(afterOnset.count / 2)
        away = (Self.percent(\.away, of: calm[...]), Self.percent(\.away, of: late))
        standby = (Self.percent(\.standby, of: calm[...]), Self.percent(\.standby, of: late))
        let onset = afterOnset
        errorFreeMilliseconds =
            onset.isEmpty
            ? nil
            : (0..<max(0, onset.count - 10)).first { Self.percent(\.failures, of: onset[$0..<$0 + 10]) < 1 }
                .map { Double($0 * 10) } ?? .infinity
        sharePercent = afterOnset.isEmpty ? nil : Self.share(of: afterOnset[...]) / setup.fairShare * 100
    }

    /// From the end of the periods until the watched server has half of its fair share, over half a second, in steps of 100 ms;
    /// infinite if it has not got that far before the next.
    var backMilliseconds: Double? {
        guard !afterEnd.isEmpty else { return nil }
        let width = 50
        for start in stride(from: 0, through: max(0, afterEnd.count - width), by: 10)
        where Self.share(of: afterEnd[start..<min(start + width, afterEnd.count)]) >= fairShare / 2 {
            return Double(start * 10)
        }
        return .infinity
    }

    /// The part of the picks of some steps of which something is true.
    private static func percent(_ count: (Recorder.Step) -> Int32, of steps: ArraySlice<Recorder.Step>) -> Double {
        let picks = steps.reduce(0) { $0 + Int($1.picks) }
        return picks > 0 ? Double(steps.reduce(0) { $0 + Int(count($1)) }) / Double(picks) * 100 : 0
    }

    /// The watched server's part of the picks of some steps.
    static func share(of steps: ArraySlice<Recorder.Step>) -> Double {
        var (picks, watched) = (0, 0)
        for step in steps {
            picks += Int(step.picks)
            watched += Int(step.watched)
        }
        return picks > 0 ? Double(watched) / Double(picks) : 0
    }

    /// Steps of several stretches of time, added up; as many as the shortest stretch has.
    private static func sum(of steps: [Recorder.Step], from stretches: [(start: UInt64, end: UInt64)]) -> [Recorder
        .Step]
    {
        guard let shortest = stretches.map({ $0.end - $0.start }).min(), !steps.isEmpty else { return [] }
        var sum = Array(repeating: Recorder.Step(), count: Int(shortest / Recorder.stepNanoseconds))
        for stretch in stretches {
            let first = Int(stretch.start / Recorder.stepNanoseconds)
            for place in sum.indices where first + place < steps.count {
                sum[place].picks += steps[first + place].picks
                sum[place].watched += steps[first + place].watched
                sum[place].away += steps[first + place].away
                sum[place].standby += steps[first + place].standby
                sum[place].failures += steps[first + place].failures
            }
        }
        return sum
    }

    private static func quantile(_ part: Double, of sorted: [Float]) -> Double {
        guard !sorted.isEmpty else { return .nan }
        return Double(sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))])
    }
}
