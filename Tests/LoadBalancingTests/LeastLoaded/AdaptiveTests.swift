import Foundation
import Testing

@testable import LoadBalancing

/// What Adaptive does behind a balancer, on a clock of its own.
@Suite struct AdaptiveTests {
    /// A balancer whose backends answer after a time that the test changes, one request after another.
    final class Service {
        let time = ManualTime(startingAt: .seconds(0))
        let balancer: LoadBalancer<String>
        var latency: [String: Duration] = [:]
        var failing: Set<String> = []
        private(set) var picks: [(name: String, at: Timestamp)] = []

        init(_ names: String, policy: AdaptivePolicy = AdaptivePolicy(), seed: UInt64 = 1) throws {
            balancer = try LoadBalancer(
                policy: AnyPolicy(policy), backends: LoadBalancer<String>.named(names), time: .manual(time), seed: seed,
                stripeLimit: 1)
        }

        /// `count` requests, each answered before the next.
        func serve(_ count: Int) throws {
            for _ in 0..<count {
                let lease = try balancer.lease()
                picks.append((lease.id, time.now))
                time.advance(by: latency[lease.id] ?? .milliseconds(10))
                let outcome: Outcome = failing.contains(lease.id) ? .failure : .success
                lease.finish(outcome)
            }
        }

        func count(of name: String, since place: Int) -> Int { picks[place...].count { $0.name == name } }
    }

    /// Within a hundred requests a bad backend has had five at the most, and one every second or two after that; when it is
    /// well it has its share back within three seconds.
    @Test(arguments: 0..<10 as Range<UInt64>, [true, false])
    func aBadBackendIsFoundOutAndForgiven(seed: UInt64, fails: Bool) throws {
        let service = try Service("abcd", seed: seed)
        try service.serve(400)
        #expect(service.count(of: "b", since: 0) > 20, "seed \(seed)")
        if fails {
            service.failing = ["b"]
            service.latency["b"] = .microseconds(100)
        } else {
            service.latency["b"] = .milliseconds(200)
        }
        let onset = service.picks.count
        try service.serve(100)
        #expect(service.count(of: "b", since: onset) <= 5, "seed \(seed)")
        try service.serve(1_000)
        let trials = service.picks[(onset + 100)...].filter { $0.name == "b" }
        #expect((4...13).contains(trials.count), "\(trials.count) in some ten seconds; seed \(seed)")
        for (one, next) in zip(trials, trials.dropFirst()) {
            #expect(next.at.nanoseconds(since: one.at) > 990_000_000, "seed \(seed)")
        }
        (service.failing, service.latency) = ([], [:])
        try service.serve(300)
        let healed = service.picks.count
        try service.serve(400)
        #expect(service.count(of: "b", since: healed) > 20, "seed \(seed)")
    }

    /// Who has never answered well has no latency, which must not pass for the least.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func whoFailsFromTheBeginningIsFoundOut(seed: UInt64) throws {
        let service = try Service("abcd", seed: seed)
        service.failing = ["b"]
        service.latency["b"] = .microseconds(100)
        try service.serve(90)
        #expect((1...3).contains(service.count(of: "b", since: 0)), "seed \(seed)")
    }

    /// Of two, one alone cannot raise what it is compared with.
    @Test func oneOfTwoIsEnoughToTellTheOther() throws {
        let service = try Service("ab")
        service.latency["b"] = .milliseconds(200)
        try service.serve(1_000)
        #expect(service.count(of: "b", since: 0) < 20)
    }

    /// A backend that does not answer any more gets nothing after a few requests, long before it has answered.
    @Test func silenceIsNoticed() throws {
        let service = try Service("abc")
        try service.serve(300)
        var held: [SharedLease<String>] = []
        for _ in 0..<200 {
            let lease = try service.balancer.lease()
            if lease.id == "c" {
                held.append(lease.share())
            } else {
                service.time.advance(by: .milliseconds(10))
                lease.finish()
            }
        }
        #expect((1...3).contains(held.count))
        for lease in held { lease.finish() }
    }

    @Test func aNewcomerBeginsWithOneRequest() throws {
        let service = try Service("ab")
        try service.serve(200)
        try service.balancer.update(LoadBalancer<String>.named("abc"))
        var held: [SharedLease<String>] = []
        var news = 0
        for _ in 0..<40 {
            let lease = try service.balancer.lease()
            if lease.id == "c" { news += 1 }
            held.append(lease.share())
        }
        #expect(news == 1)
        service.time.advance(by: .milliseconds(10))
        for lease in held { lease.finish() }
        let place = service.picks.count
        try service.serve(60)
        #expect(service.count(of: "c", since: place) > 10)
    }

    /// When all fail, somebody is chosen all the same, and each in turn or so.
    @Test func thereIsAlwaysSomebody() throws {
        let service = try Service("abc")
        try service.serve(100)
        service.failing = ["a", "b", "c"]
        try service.serve(600)
        for name in ["a", "b", "c"] { #expect(service.count(of: name, since: 100) > 30) }
    }

    /// Kept connections and answered streams weigh as requests, and not more the older they are.
    @Test func whatIsKeptOpenDoesNotAge() throws {
        let service = try Service("ab")
        try service.serve(100)
        let connection = try service.balancer.connectionLease()
        var stream = try service.balancer.lease()
        stream.answered()
        service.time.advance(by: .seconds(3_600))
        let place = service.picks.count
        try service.serve(200)
        #expect(service.count(of: "a", since: place) > 50 && service.count(of: "b", since: place) > 50)
        connection.finish()
        stream.finish(.failure)
        let snapshot = service.balancer.snapshot()
        #expect(snapshot.backends.allSatisfy { $0.inFlight == 0 })
        #expect(service.balancer.slotsInForce.allSatisfy { $0.load.bits == 1 && $0.keptCount == 0 })
    }

    /// Servers say that others keep b busy.
    @Test func reportsAreHeeded() throws {
        let service = try Service("ab")
        var picks = ["a": 0, "b": 0]
        for _ in 0..<400 {
            let lease = try service.balancer.lease()
            service.time.advance(by: .milliseconds(10))
            picks[lease.id, default: 0] += 1
            let load = lease.id == "b" ? 20 : 2
            lease.finish(report: LoadReport(inFlight: load))
        }
        #expect((picks["b"] ?? 0) * 5 < (picks["a"] ?? 0))
    }

    /// Of many backends the best of those drawn: the slow half gets next to nothing, the others about the same.
    @Test(arguments: 0..<5 as Range<UInt64>)
    func drawsFindGoodOnes(seed: UInt64) throws {
        let names = "abcdefghijklmnopqrst"
        let service = try Service(names, policy: AdaptivePolicy(scanLimit: 4, draws: 4), seed: seed)
        for name in names.prefix(10) { service.latency["\(name)"] = .milliseconds(20) }
        try service.serve(200)
        let place = service.picks.count
        try service.serve(2_000)
        let slow = names.prefix(10).reduce(0) { $0 + service.count(of: "\($1)", since: place) }
        // All four of a draw are slow once in 24 times.
        #expect(slow < 300, "seed \(seed)")
        for name in names.suffix(10) { #expect(service.count(of: "\(name)", since: place) > 60, "seed \(seed)") }
    }

    /// Fractions, weights, gates and tried backends with draws rather than scans.
    @Test func drawsHonourAdmission() {
        let weights = [1, 2, 3, 4, 2, 2, 0, 1]
        let fractions = [1, 0.5, 0.1, 1, 1, 1, 1, 0]
        let pool = ScriptedPool(weights: weights, admissions: fractions.map { Admission(fraction: $0) })
        var picker = AdaptivePolicy(scanLimit: 2, draws: 2).makePicker(for: pool.pool(), seed: 1)
        let counts = pool.counts(20_000, of: 8, with: &picker)
        let test = ChiSquare(of: counts, shares: zip(weights, fractions).map { Double($0) * $1 })
        #expect(test.isPassed, "\(test)")
        let tried = pool.request(tried: [0, 1, 2, 4, 5])
        for _ in 0..<50 { #expect(pool.pick(with: &picker, for: tried) == 3) }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func equalSeedsGiveEqualRuns(seed: UInt64) throws {
        let runs = try (0..<2).map { _ in
            let service = try Service("abcdef", seed: seed)
            service.failing = ["c"]
            try service.serve(300)
            return service.picks.map(\.name)
        }
        #expect(runs[0] == runs[1], "seed \(seed)")
    }

    @Test func decodesItsParameters() throws {
        let policy = AdaptivePolicy(
            alpha: 0.2, fading: .seconds(2), latencyFactor: 3, trialInterval: .milliseconds(500), scanLimit: 16,
            draws: 6)
        let json = try JSONEncoder().encode(policy)
        #expect(try JSONDecoder().decode(AdaptivePolicy.self, from: json) == policy)
        #expect(try JSONDecoder().decode(AdaptivePolicy.self, from: Data("{}".utf8)) == AdaptivePolicy())
        for refused in [#"{"fadingSeconds": -1}"#, #"{"trialIntervalSeconds": 1e10}"#, #"{"draws": "many"}"#] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(AdaptivePolicy.self, from: Data(refused.utf8))
            }
        }
    }

    /// Parameters that make no sense are brought to where they do.
    @Test func limitsAreKept() {
        let limits = AdaptiveLimits(AdaptivePolicy(fading: .zero, latencyFactor: 0, scanLimit: 0, draws: 0))
        #expect(limits.draws == 2 && limits.scanLimit == 2 && limits.latencyFactor == 1 && limits.fading.isFinite)
    }

    /// However seldom there are requests, a backend that only fails gets less than a fair share of them, and a backend that is
    /// well again is found out.
    @Test(arguments: [0.01, 0.1, 0.3, 0.5, 1, 1.5, 2, 3, 10], [3, 10])
    func trialsAreAFewOfThePicks(seconds: Double, count: Int) throws {
        let time = ManualTime()
        let balancer = try LoadBalancer(
            policy: .adaptive, backends: (0..<count).map { Backend("\($0)") }, time: .manual(time), seed: 1,
            stripeLimit: 1)
        func share(of id: String, failing: Set<String>) throws -> Double {
            var picks = 0
            for _ in 0..<1_000 {
                time.advance(by: .seconds(seconds))
                let lease = try balancer.lease()
                let fails = failing.contains(lease.id)
                if lease.id == id { picks += 1 }
                time.advance(by: .milliseconds(fails ? 1 : 5))
                lease.finish(fails ? .failure : .success)
            }
            return Double(picks) / 1_000
        }
        _ = try share(of: "0", failing: ["0", "1"])
        let fair = 1 / Double(count)
        #expect(try share(of: "0", failing: ["0", "1"]) < max(fair / 2, 0.07))
        #expect(try share(of: "1", failing: ["0", "1"]) < max(fair / 2, 0.07))
        _ = try share(of: "1", failing: ["0"])
        #expect(try share(of: "1", failing: ["0"]) > fair / 2, "the other still fails, and has its trials too")
    }
}
