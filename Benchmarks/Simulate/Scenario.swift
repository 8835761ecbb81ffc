import LoadBalancing

/// A day in the life of a balancer, by name.
///
/// Servers have four slots and a first-come queue, and work is exponential with a mean of 10 ms, unless a scenario says otherwise.
enum Scenario: String, CaseIterable, Codable, Sendable {
    case uniform
    case manyBalancers = "many-balancers"
    case mixedSpeeds = "mixed-speeds"
    case grayFailure = "gray-failure"
    case fastFailure = "fast-failure"
    case seldom
    case coldStart = "cold-start"
    case tower
    case flapping
    case overload
    case zoneLoss = "zone-loss"

    /// What happens, in one line.
    var summary: String {
        switch self {
        case .uniform: "10 equal servers at 0.9 of their capacity, 1 and 8 balancers; other work, arrivals and servers"
        case .manyBalancers: "100 equal servers, 20 balancers, load 0.9"
        case .mixedSpeeds: "10 servers of speeds 1 to 4, which no balancer is told, 4 balancers, load 0.7 and 0.9"
        case .grayFailure: "one of 10 servers becomes 20 times slower for 10 s, 4 balancers, load 0.7"
        case .fastFailure: "one of 10 servers answers errors in 0.1 ms for 10 s, 4 balancers, load 0.7"
        case .seldom: "one of 3 servers answers errors for 10 min, 1 balancer, a request a second"
        case .coldStart: "an eleventh server joins and is 3 times slower for 30 s, 4 balancers, load 0.7 of the ten"
        case .tower:
            "50,000 requests, 50 at a time, servers that take up to 1, 10, 100 and 1,000 ms (tower, pull request 76)"
        case .flapping: "one of 10 servers answers errors every other second, 4 balancers, load 0.7"
        case .zoneLoss:
            "one of three zones, with 6 of 18 servers, refuses everything for 20 s; balancers in all zones probe, load 0.6"
        case .overload: "half a second in ten brings 1.3 times what 10 servers can do, 4 balancers, load 0.7 else"
        }
    }

    /// What is simulated; `quick` is shorter.
    func setups(quick: Bool) -> [Setup] {
        switch self {
        case .uniform: uniform(quick ? 8 : 40)
        case .manyBalancers: [manyBalancers(quick ? 3 : 6)]
        case .mixedSpeeds: [0.9, 0.7].map { mixedSpeeds(load: $0, quick ? 8 : 24) }
        case .grayFailure: [grayFailure(rounds: quick ? 1 : 4)]
        case .fastFailure: [fastFailure(rounds: quick ? 1 : 2)]
        case .seldom: [seldom(rounds: quick ? 1 : 4)]
        case .coldStart: [false, true].map(coldStart)
        case .tower: [tower(requests: quick ? 10_000 : 50_000)]
        case .flapping: [flapping(rounds: quick ? 5 : 20)]
        case .overload: [overload(rounds: quick ? 1 : 3)]
        case .zoneLoss: [false, true].map { zoneLoss(hasStandby: $0, rounds: quick ? 1 : 3) }
        }
    }

    /// Whether balancers stand in zones, and probe.
    var hasZones: Bool { self == .zoneLoss }

    private func uniform(_ seconds: UInt64) -> [Setup] {
        func variant(_ name: String, seconds: UInt64 = seconds, _ change: (inout Setup) -> Void) -> Setup {
            var setup = Setup(name, bound: .shortestQueue, seconds: seconds)
            setup.balancers = 8
            change(&setup)
            return setup
        }
        // Those that are not held against a goal are shorter.
        let short = min(seconds, 24)
        return [
            variant("8 balancers") { _ in },
            variant("1 balancer") { $0.balancers = 1 },
            variant("log-normal", seconds: short) { $0.work = .logNormal(mean: 10) },
            variant("bimodal", seconds: short) { $0.work = .bimodal(short: 5, long: 105, longShare: 0.05) },
            variant("bursty", seconds: short) { setup in
                setup.arrivals = .bursty
                setup.load = 0.7
            },
            variant("processor sharing", seconds: short) { $0.discipline = .sharing },
        ]
    }

    private func manyBalancers(_ seconds: UInt64) -> Setup {
        var setup = Setup("20 balancers", bound: .shortestQueue, seconds: seconds, warmUp: 2)
        setup.speeds = Array(repeating: 1, count: 100)
        setup.initialServers = 100
        setup.balancers = 20
        return setup
    }

    private func mixedSpeeds(load: Double, _ seconds: UInt64) -> Setup {
        var setup = Setup("load \(load)", bound: .shortestDelay, seconds: seconds)
        setup.speeds = (0..<10).map { 1 + Double($0) / 3 }
        setup.balancers = 4
        setup.load = load
        return setup
    }

    /// A set-up in which some servers change at the beginning and at the end of some periods, which alone are measured.
    private func badPeriods(
        _ name: String, bound: Bound, good: UInt64, bad: UInt64, rounds: UInt64, begin: Setup.Change.Kind,
        end: Setup.Change.Kind, watched: Range<Int> = 0..<1
    ) -> Setup {
        let round = good + bad
        var setup = Setup(name, bound: bound, seconds: 0, warmUp: 0)
        // Time for the last to come back.
        setup.duration = round * rounds + good
        setup.balancers = 4
        setup.load = 0.7
        let periods = (0..<rounds).map { $0 * round + good..<($0 + 1) * round }
        setup.measured = periods
        setup.watch = Setup.Watch(servers: watched, periods: periods)
        setup.changes = periods.flatMap { period in
            watched.map { Setup.Change(time: period.lowerBound, server: $0, kind: begin) }
                + watched.map { Setup.Change(time: period.upperBound, server: $0, kind: end) }
        }
        return setup
    }

    private func grayFailure(rounds: UInt64) -> Setup {
        badPeriods(
            "1/20 of the speed", bound: .shortestDelay, good: UInt64(10).seconds, bad: UInt64(10).seconds,
            rounds: rounds, begin: .speed(1 / 20), end: .speed(1))
    }

    private func fastFailure(rounds: UInt64) -> Setup {
        badPeriods(
            "errors in 0.1 ms", bound: .shortestQueue, good: UInt64(40).seconds, bad: UInt64(10).seconds,
            rounds: rounds, begin: .failing(true), end: .failing(false))
    }

    /// Trials that are due by time must not be all that there is where requests are few.
    private func seldom(rounds: UInt64) -> Setup {
        var setup = badPeriods(
            "a request a second", bound: .shortestWorkingQueue, good: UInt64(200).seconds, bad: UInt64(600).seconds,
            rounds: rounds, begin: .failing(true), end: .failing(false))
        setup.speeds = [1, 1, 1]
        setup.initialServers = 3
        setup.balancers = 1
        // What 12 slots can do is 1,200 requests of 10 ms a second.
        setup.load = 1 / 1_200
        return setup
    }

    private func flapping(rounds: UInt64) -> Setup {
        badPeriods(
            "1 s good, 1 s bad", bound: .shortestQueue, good: UInt64(1).seconds, bad: UInt64(1).seconds,
            rounds: rounds, begin: .failing(true), end: .failing(false))
    }

    /// Two balancers and six servers in each of three zones, of which the last is lost; and six servers that stand by, or none.
    private func zoneLoss(hasStandby: Bool, rounds: UInt64) -> Setup {
        var setup = badPeriods(
            hasStandby ? "a standby tier" : "three zones", bound: .shortestWorkingQueue, good: UInt64(20).seconds,
            bad: UInt64(20).seconds, rounds: rounds, begin: .failing(true), end: .failing(false), watched: 12..<18)
        let near = (0..<18).map { Place(zone: ["a", "b", "c"][$0 / 6]) }
        let standby = Array(repeating: Place(priority: 1, zone: "d"), count: hasStandby ? 6 : 0)
        setup.zones = Setup.Zones(servers: near + standby, balancers: ["a", "b", "c", "a", "b", "c"])
        setup.speeds = Array(repeating: 1, count: near.count + standby.count)
        setup.initialServers = setup.speeds.count
        setup.balancers = 6
        // Six tenths of what the first tier can do.
        setup.load = 0.6 * Double(near.count) / Double(setup.speeds.count)
        return setup
    }

    private func coldStart(slowStart: Bool) -> Setup {
        let (joins, warm) = (UInt64(6).seconds, UInt64(36).seconds)
        var setup = Setup(slowStart ? "slow start" : "no slow start", bound: .shortestDelay, seconds: 46)
        setup.speeds = Array(repeating: 1, count: 10) + [1.0 / 3]
        setup.balancers = 4
        setup.load = 0.7
        setup.measured = [joins..<warm]
        setup.watch = Setup.Watch(servers: 10..<11, periods: setup.measured)
        setup.changes = [
            Setup.Change(time: joins, server: 10, kind: .joining),
            Setup.Change(time: warm, server: 10, kind: .speed(1)),
        ]
        // From a tenth of its share, in a line.
        if slowStart { setup.slowStart = SlowStart(window: .seconds(30)) }
        return setup
    }

    private func tower(requests: Int) -> Setup {
        var setup = Setup("closed loop", bound: .shortestDelay, seconds: 1_000_000, warmUp: 0)
        let limits = [1.0] + Array(repeating: 10, count: 4) + Array(repeating: 100, count: 4) + [1_000]
        setup.speeds = limits.map { 1 / $0 }
        setup.slots = .max
        setup.work = .uniform(below: 1)
        setup.arrivals = .closed(outstanding: 50, requests: requests)
        return setup
    }

    private func overload(rounds: UInt64) -> Setup {
        let round = UInt64(10).seconds
        var setup = Setup("bursts of 1.3", bound: .shortestQueue, seconds: 4 + 10 * rounds)
        setup.balancers = 4
        setup.load = 0.7
        setup.surges = (0..<rounds).map { number in
            let start = UInt64(6).seconds + number * round
            return start..<start + UInt64(500).milliseconds
        }
        setup.surgeFactor = 1.3 / 0.7
        return setup
    }
}
