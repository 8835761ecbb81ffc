/// What came of a contender's runs of one set-up with several seeds.
struct Summary: Encodable, Sendable {
    /// A figure over all seeds.
    struct Figure: Encodable, Sendable {
        let median: Double
        /// Half of the range, in percent of the median.
        let spreadPercent: Double
        /// The same divided by the bound's of the same seed, median of the ratios.
        let ratio: Double?

        init(_ values: [Double], bound: [Double] = []) {
            median = Self.median(of: values)
            let range = (values.max() ?? 0) - (values.min() ?? 0)
            spreadPercent = median > 0 && range.isFinite ? range / 2 / median * 100 : 0
            ratio = bound.count == values.count ? Self.median(of: zip(values, bound).map { $0 / $1 }) : nil
        }

        static func median(of values: [Double]) -> Double {
            let sorted = values.sorted()
            guard !sorted.isEmpty else { return .nan }
            let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
            return low == high ? low : (low + high) / 2
        }
    }

    /// What leaves the zone of its balancer, and the first tier, in percent; and how long errors last.
    struct Spill: Encodable, Sendable {
        let awayBefore, awayDuring, standbyBefore, standbyDuring: Double
        /// From the beginning of the watched periods until less than one in a hundred requests fails, over 100 ms.
        let errorFreeMilliseconds: Double

        init(_ runs: [Run]) {
            awayBefore = Figure.median(of: runs.map(\.away.before))
            awayDuring = Figure.median(of: runs.map(\.away.during))
            standbyBefore = Figure.median(of: runs.map(\.standby.before))
            standbyDuring = Figure.median(of: runs.map(\.standby.during))
            errorFreeMilliseconds = Figure.median(of: runs.compactMap(\.errorFreeMilliseconds))
        }
    }

    let scenario: Scenario
    let setup: String
    let policy: String
    let p50, p99, p999: Figure
    let errorPercent: Figure
    let mostInFlight, mostOnWatched: Int
    /// The most on one server, and on the watched one, run by run.
    let mostInFlightOfRuns, mostOnWatchedOfRuns: Figure
    let wallSeconds: Double
    /// In percent of the watched server's fair share.
    let sharePercent: Double?
    /// From the beginning of the watched periods until 50 ms of picks, of all seeds together, have less than a tenth of the
    /// watched server's fair share; infinite for never.
    let avoidedMilliseconds: Double?
    /// From the end of the periods until it has half of its fair share again, mean of the seeds; infinite for never.
    let backMilliseconds: Double?
    /// Where zones count.
    let spill: Spill?
    /// The share in percent of the fair one, in steps of 50 ms, from the beginning of the watched periods and from their end.
    let shareAfterOnset, shareAfterEnd: [Double]

    init(_ scenario: Scenario, _ setup: Setup, _ contender: Contender, _ runs: [Run], bound: [Run]) {
        self.scenario = scenario
        self.setup = setup.name
        policy = contender.name
        p50 = Figure(runs.map(\.p50), bound: bound.map(\.p50))
        p99 = Figure(runs.map(\.p99), bound: bound.map(\.p99))
        p999 = Figure(runs.map(\.p999), bound: bound.map(\.p999))
        errorPercent = Figure(runs.map(\.errorPercent))
        spill = setup.zones == nil ? nil : Spill(runs)
        mostInFlight = runs.map(\.mostInFlight).max() ?? 0
        mostOnWatched = runs.map(\.mostOnWatched).max() ?? 0
        mostInFlightOfRuns = Figure(runs.map { Double($0.mostInFlight) })
        mostOnWatchedOfRuns = Figure(runs.map { Double($0.mostOnWatched) })
        wallSeconds = Figure.median(of: runs.map(\.wallSeconds))
        guard setup.watch != nil, let first = runs.first else {
            (sharePercent, avoidedMilliseconds, backMilliseconds) = (nil, nil, nil)
            (shareAfterOnset, shareAfterEnd) = ([], [])
            return
        }
        let fair = setup.fairShare
        let onset = Self.sum(runs.map(\.afterOnset), count: first.afterOnset.count)
        let end = Self.sum(runs.map(\.afterEnd), count: first.afterEnd.count)
        sharePercent = Figure.median(of: runs.compactMap(\.sharePercent))
        avoidedMilliseconds =
            (0..<max(0, onset.count - 5)).first { start in
                Run.share(of: onset[start..<start + 5]) < fair / 10
            }.map { Double($0 * 10) } ?? .infinity
        let backs = runs.compactMap(\.backMilliseconds)
        backMilliseconds = backs.reduce(0, +) / Double(max(backs.count, 1))
        shareAfterOnset = Self.course(of: onset, fair: fair)
        shareAfterEnd = Self.course(of: end, fair: fair)
    }

    private static func sum(_ runs: [[Recorder.Step]], count: Int) -> [Recorder.Step] {
        var sum = Array(repeating: Recorder.Step(), count: count)
        for run in runs {
            for (place, step) in run.enumerated() where place < count {
                sum[place].picks += step.picks
                sum[place].watched += step.watched
            }
        }
        return sum
    }

    private static func course(of steps: [Recorder.Step], fair: Double) -> [Double] {
        stride(from: 0, to: steps.count, by: 5).map { start in
            Run.share(of: steps[start..<min(start + 5, steps.count)]) / fair * 100
        }
    }
}
