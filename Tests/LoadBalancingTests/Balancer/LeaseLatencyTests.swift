import Synchronization
import Testing

@testable import LoadBalancing

/// One piece of work: when it begins after the one before, how long it takes, how it ends.
private typealias Work = (pause: Int, latency: Int, outcome: Outcome)

@Suite struct LeaseLatencyTests {
    static let withoutLatency: [PolicyName] = PolicyName.allCases.filter { $0.policy.requirements.latency == nil }
    static let withLatency: [PolicyName] = PolicyName.allCases.filter { $0.policy.requirements.latency != nil }

    /// A balancer with one backend whose latencies `estimator` averages.
    private func balancer(_ estimator: LatencyEstimator, _ time: ManualTime) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: AnyPolicy(PeakEWMAPolicy(estimator: estimator)), backends: [Backend("a")], time: .manual(time),
            seed: 1)
    }

    private func milliseconds(_ balancer: LoadBalancer<String>) -> Double? {
        balancer.snapshot().backends.first?.latency.map { $0 / .milliseconds(1) }
    }

    // e⁻¹ = 0.36788 and e⁻² = 0.13534 are what one and two seconds leave with a time constant of one.
    private static let facts: [(estimator: LatencyEstimator, works: [Work], average: Double)] = [
        (.ewma(alpha: 0.5), [(0, 100, .success)], 100),
        (.ewma(alpha: 0.5), [(0, 100, .success), (0, 200, .success)], 150),
        (.ewma(alpha: 0.5), [(0, 100, .success), (9_000, 200, .success)], 150),
        (.ewma(alpha: 0.5), [(0, 100, .success), (0, 200, .success), (0, 50, .success)], 100),
        (.ewma(alpha: 0.1), [(0, 100, .success), (0, 200, .success)], 110),
        // Who gave up waited at least this long: it raises the average, or says nothing.
        (.ewma(alpha: 0.5), [(0, 100, .success), (0, 50, .cancelled)], 100),
        (.ewma(alpha: 0.5), [(0, 100, .success), (0, 300, .cancelled)], 200),
        // A failure counts as the penalty, 5 s, at the least.
        (.ewma(alpha: 0.5), [(0, 100, .success), (0, 1, .failure)], 2_550),
        (.ewma(alpha: 0.5), [(0, 1, .failure)], 5_000),
        (.ewma(alpha: 0.5, failurePenalty: .zero), [(0, 100, .success), (0, 50, .failure)], 75),
        (.ewma(alpha: 0.5, failurePenalty: .seconds(1)), [(0, 100, .success), (0, 50, .failure)], 550),
        (.decaying(timeConstant: .seconds(1)), [(0, 100, .success), (800, 200, .success)], 200 - 100 * 0.36788),
        (.decaying(timeConstant: .seconds(1)), [(0, 200, .success), (900, 100, .success)], 100 + 100 * 0.36788),
        (.peak(timeConstant: .seconds(1)), [(0, 100, .success), (0, 300, .success)], 300),
        (.peak(timeConstant: .seconds(1)), [(0, 300, .success), (900, 100, .success)], 100 + 200 * 0.36788),
        (.peak(timeConstant: .seconds(1)), [(0, 300, .success), (1_900, 100, .success)], 100 + 200 * 0.13534),
        (.peak(timeConstant: .seconds(1)), [(0, 300, .success), (0, 1, .failure)], 5_000),
        (.peak(timeConstant: .seconds(1)), [(0, 300, .success), (900, 100, .cancelled)], 300),
    ]

    @Test(arguments: facts)
    private func averagesFollowTheEstimator(estimator: LatencyEstimator, works: [Work], average: Double) throws {
        let time = ManualTime()
        let balancer = try balancer(estimator, time)
        #expect(milliseconds(balancer) == nil)
        for work in works {
            time.advance(by: .milliseconds(work.pause))
            let lease = try balancer.lease()
            time.advance(by: .milliseconds(work.latency))
            lease.finish(work.outcome)
        }
        // Times are kept in steps of 65.5 µs, decays to 2 · 10⁻⁴.
        let measured = try #require(milliseconds(balancer))
        #expect(abs(measured - average) <= 0.001 * average, "\(measured) ms")
    }

    @Test func anAnswerIsMeasuredOnceAndItsEndIsNot() throws {
        let time = ManualTime()
        let balancer = try balancer(.ewma(alpha: 0.5), time)
        var lease = try balancer.lease()
        time.advance(by: .milliseconds(40))
        lease.answered()
        #expect(milliseconds(balancer) == 40)
        time.advance(by: .seconds(60))
        lease.answered()
        lease.finish(.failure)
        #expect(milliseconds(balancer) == 40)

        let shared = try balancer.lease().share()
        time.advance(by: .milliseconds(80))
        shared.answered()
        #expect(milliseconds(balancer) == 60)
        time.advance(by: .seconds(60))
        shared.answered()
        shared.finish()
        shared.answered()
        #expect(milliseconds(balancer) == 60)
    }

    @Test func connectionsAreNotTimedButTheirStreamsAre() throws {
        let time = ManualTime()
        let balancer = try balancer(.ewma(alpha: 0.5), time)
        let connection = try balancer.connectionLease()
        time.advance(by: .seconds(3_600))
        let stream = try connection.stream()
        time.advance(by: .milliseconds(20))
        stream.finish()
        #expect(milliseconds(balancer) == 20)
        time.advance(by: .seconds(3_600))
        let late = try connection.stream(at: time.now)
        connection.finish()
        #expect(milliseconds(balancer) == 20)
        late.finish(at: time.now.advanced(by: .milliseconds(40)))
        #expect(milliseconds(balancer) == 30)
    }

    @Test func aDroppedLeaseRaisesTheAverageOnly() throws {
        let time = ManualTime()
        let balancer = try balancer(.ewma(alpha: 0.5), time)
        try balancer.lease(for: .any.at(time.now)).finish(at: time.now.advanced(by: .milliseconds(100)))
        do {
            let lease = try balancer.lease()
            time.advance(by: .milliseconds(10))
            _ = consume lease
        }
        #expect(milliseconds(balancer) == 100)
        do {
            let lease = try balancer.lease().share()
            time.advance(by: .milliseconds(300))
            #expect(lease.isOpen)
        }
        #expect(milliseconds(balancer) == 200)
    }

    /// Everything that a lease can do; times are given where they can be, if `timed`.
    private func doEverything(with balancer: LoadBalancer<String>, timed: Bool) throws {
        let now: Timestamp? = timed ? Timestamp(nanoseconds: 1_000_000) : nil
        let request = PickRequest(keyHash: 1, time: now)
        try balancer.lease(for: request).finish(.failure, at: now)
        let connection = try balancer.connectionLease(for: request)
        var stream = try connection.stream(at: now)
        stream.answered(at: now)
        stream.finish(at: now)
        let shared = connection.share()
        try shared.stream(at: now).finish(at: now)
        shared.answered(at: now)
        shared.finish(at: now)
        var worker = balancer.makeWorker()
        try worker.lease(for: request).finish(at: now)
        try balancer.update([Backend("b"), Backend("c")])
        try worker.lease(for: request).finish(at: now)
        _ = balancer.snapshot()
    }

    @Test(arguments: withoutLatency)
    func whoNeedsNoClockReadsNone(name: PolicyName) throws {
        let readings = ClockReadings()
        let balancer = try LoadBalancer(
            policy: name.policy, backends: LoadBalancer<String>.named("ab"), time: readings.time, seed: 1)
        try doEverything(with: balancer, timed: false)
        #expect(try balancer.withBackend { $0.id } == "b" || balancer.snapshot()["c"]?.picks ?? 0 > 0)
        #expect(readings.count == 0)
    }

    @Test(arguments: withLatency)
    func whoIsGivenTheTimeReadsNone(name: PolicyName) throws {
        let readings = ClockReadings()
        let balancer = try LoadBalancer(
            policy: name.policy, backends: LoadBalancer<String>.named("ab"), time: readings.time, seed: 1)
        try doEverything(with: balancer, timed: true)
        #expect(readings.count == 0)
    }

    @Test(arguments: withLatency)
    func readsTheClockOnceToBeginAndOnceToEnd(name: PolicyName) throws {
        let readings = ClockReadings()
        let balancer = try LoadBalancer(
            policy: name.policy, backends: LoadBalancer<String>.named("ab"), time: readings.time, seed: 1)
        let lease = try balancer.lease()
        #expect(readings.count == 1)
        lease.finish()
        #expect(readings.count == 2)
        var answered = try balancer.lease()
        answered.answered()
        answered.finish()
        #expect(readings.count == 4)
    }

    @Test func averagesMoveOnWhileAPolicyIsErasedOrNot() throws {
        let time = ManualTime()
        let balancer = try Balancer(
            policy: LeastResponseTimePolicy(estimator: .ewma(alpha: 1)), backends: LoadBalancer<String>.named("ab"),
            time: .manual(time), seed: 1)
        let first = try balancer.lease()
        let second = try balancer.lease()
        #expect(first.id != second.id, "an unmeasured backend is given one request at a time")
        let fast = first.id
        time.advance(by: .milliseconds(1))
        first.finish()
        time.advance(by: .milliseconds(1))
        second.finish()
        let third = try balancer.lease()
        #expect(third.id == fast)
        third.finish(at: time.now.advanced(by: .milliseconds(9)))
        let fourth = try balancer.lease()
        #expect(fourth.id != fast)
    }
}

/// A clock that counts how often it is asked.
private final class ClockReadings: Sendable {
    private let readings = Atomic<Int>(0)

    var count: Int { readings.load(ordering: .relaxed) }

    var time: TimeSource {
        .monotonic { UInt64(self.readings.add(1, ordering: .relaxed).newValue) * 1_000 }
    }
}
