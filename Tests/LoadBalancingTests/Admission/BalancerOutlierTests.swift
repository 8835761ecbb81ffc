import Testing

@testable import LoadBalancing

@Suite struct BalancerOutlierTests {
    private let time = ManualTime()

    private func balancer(
        _ names: String, _ outliers: OutlierDetection = OutlierDetection(), slowStart: SlowStart? = nil,
        policy: AnyPolicy = .roundRobin
    ) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: policy, backends: LoadBalancer<String>.named(names),
            resilience: Resilience(slowStart: slowStart, outliers: outliers), time: .manual(time), seed: 1,
            stripeLimit: 1)
    }

    /// Gives `count` leases, of which those on `failing` fail.
    private func work(_ count: Int, on balancer: LoadBalancer<String>, failing: String = "") throws {
        for _ in 0..<count {
            let lease = try balancer.lease()
            lease.finish(failingOn: failing)
        }
    }

    private func ejected(_ balancer: LoadBalancer<String>) -> String {
        balancer.snapshot().backends.filter { $0.proposals[.outlierEjection] != .full }.map(\.id).joined()
    }

    private func advance(to seconds: Double, _ balancer: LoadBalancer<String>) {
        time.advance(by: .seconds(1 + seconds) - .nanoseconds(Int64(time.now.nanoseconds)))
        balancer.tick()
    }

    @Test(arguments: PolicyName.allCases)
    func fiveFailuresInARowEject(name: PolicyName) throws {
        let balancer = try balancer("abc", policy: name.policy)
        var failures = 0
        for number in 0..<1_000 where ejected(balancer) == "" {
            let lease = try balancer.lease(for: PickRequest(keyHash: UInt64(number) &* 0x9E37_79B9_7F4A_7C15))
            if lease.id == "a" { failures += 1 }
            lease.finish(failingOn: "a")
        }
        // Policies that look at failures, or at latencies in which failures are long, avoid it before.
        guard ![.leastResponseTime, .peakEWMA, .adaptive].contains(name) else { return #expect(failures < 5) }
        #expect(failures == 5 && ejected(balancer) == "a")
        #expect(try balancer.picks(100).contains("a") == false)
    }

    @Test func aSuccessBetweenBreaksTheRow() throws {
        let balancer = try balancer("a", OutlierDetection(successRate: nil))
        for round in 0..<10 {
            for _ in 0..<4 { try balancer.lease().finish(.failure) }
            #expect(ejected(balancer) == "", "round \(round)")
            try balancer.lease().finish(.success)
        }
        for _ in 0..<4 { try balancer.lease().finish(.failure) }
        #expect(ejected(balancer) == "")
        try balancer.lease().finish(.failure)
        #expect(ejected(balancer) == "a", "five without a success between")
    }

    @Test func cancelledWorkNeitherCountsNorBreaksTheRow() throws {
        let balancer = try balancer("a", OutlierDetection(successRate: nil))
        for _ in 0..<4 {
            try balancer.lease().finish(.failure)
            try balancer.lease().finish(.cancelled)
        }
        #expect(ejected(balancer) == "", "four failures, whatever was cancelled")
        try balancer.lease().finish(.failure)
        #expect(ejected(balancer) == "a", "the fifth, although work was cancelled between")
    }

    /// The course of Envoy's own test of success rates: ejected at 10 s, still at 19.999 s, back at 50.001 s.
    @Test func aSweepEjectsAndBringsBack() throws {
        let balancer = try balancer("abcde", OutlierDetection(consecutiveFailures: nil))
        let events = balancer.events()
        for number in 0..<1_000 {
            let lease = try balancer.lease()
            lease.finish(failingOn: number % 10 < 5 ? "e" : "")
        }
        advance(to: 9.999, balancer)
        #expect(ejected(balancer) == "")
        advance(to: 10, balancer)
        #expect(ejected(balancer) == "e")
        #expect(balancer.snapshot()["e"]?.ejections == 1)
        advance(to: 19.999, balancer)
        advance(to: 40, balancer)
        #expect(ejected(balancer) == "e", "30 s are over when more than 30 s have passed")
        advance(to: 50.001, balancer)
        #expect(ejected(balancer) == "")
        #expect(balancer.snapshot()["e"]?.ejections == 1, "the multiplier falls with the next clean interval")
        advance(to: 60.001, balancer)
        #expect(balancer.snapshot()["e"]?.ejections == 0)
        #expect(
            Events.read(events) == [
                .ejected(id: "e", for: .successRate, lasting: .seconds(30)), .returned(id: "e"),
            ])
    }

    /// Ejected k times in a row, a backend is away for k · 30 s; clean intervals take that back, one by one.
    @Test func ejectionsGrowAndDecay() throws {
        let balancer = try balancer("ab", OutlierDetection(successRate: nil))
        var seconds = 0.0
        for number in 1...4 {
            try work(10, on: balancer, failing: "a")
            #expect(ejected(balancer) == "a")
            #expect(balancer.snapshot()["a"]?.ejections == number)
            seconds += Double(30 * number)
            advance(to: seconds, balancer)
            #expect(ejected(balancer) == "a")
            seconds += 1
            advance(to: seconds + 10, balancer)
            seconds += 10
            #expect(ejected(balancer) == "", "after \(number) times 30 s, and the next sweep")
        }
        let before = try #require(balancer.snapshot()["a"]?.ejections)
        for clean in 1...10 {
            seconds += 10
            advance(to: seconds, balancer)
            #expect(balancer.snapshot()["a"]?.ejections == max(0, before - clean))
        }
    }

    @Test func noMoreThanTheShareIsEjected() throws {
        let half = OutlierDetection(largestEjectedShare: 0.5, successRate: nil)
        let balancer = try balancer("abcdef", half)
        try work(600, on: balancer, failing: "abcdef")
        #expect(ejected(balancer).count == 3)
        let few = try self.balancer("abcdef", OutlierDetection(successRate: nil))
        try work(600, on: few, failing: "abcdef")
        #expect(ejected(few).count == 1, "at least one")
    }

    @Test func whoReturnsWarmsUp() throws {
        let balancer = try balancer("ab", OutlierDetection(successRate: nil), slowStart: SlowStart())
        try work(10, on: balancer, failing: "a")
        #expect(balancer.snapshot()["a"]?.admission.fraction == 0)
        advance(to: 31, balancer)
        #expect(ejected(balancer) == "")
        let fraction = try #require(balancer.snapshot()["a"]?.admission.fraction)
        #expect(abs(fraction - 0.1) < 1e-4)
        advance(to: 61, balancer)
        #expect(abs((balancer.snapshot()["a"]?.admission.fraction ?? 0) - 0.5) < 1e-4)
        advance(to: 91, balancer)
        #expect(balancer.snapshot()["a"]?.admission == .full)
    }

    @Test func anEjectionSurvivesAnUpdate() throws {
        let balancer = try balancer("abc", OutlierDetection(successRate: nil))
        try work(15, on: balancer, failing: "c")
        #expect(ejected(balancer) == "c")
        try balancer.update(LoadBalancer<String>.named("cxyz"))
        #expect(ejected(balancer) == "c")
        advance(to: 31, balancer)
        #expect(ejected(balancer) == "")
    }

    /// Nobody ticks: the failures see to it.
    @Test func failuresTickInPassing() throws {
        let balancer = try balancer("abcdef", OutlierDetection(consecutiveFailures: nil))
        try work(1_200, on: balancer, failing: "")
        time.advance(by: .seconds(11))
        try work(6, on: balancer, failing: "f")
        #expect(ejected(balancer) == "")
        for number in 0..<1_200 {
            let lease = try balancer.lease()
            lease.finish(failingOn: number % 12 < 6 ? "f" : "")
        }
        time.advance(by: .seconds(11))
        try work(6, on: balancer, failing: "f")
        #expect(ejected(balancer) == "f")
    }

    /// A server that fails in no time is always idle; whoever looks at loads must not prefer it for long.
    @Test(arguments: [PolicyName.leastConnections, .powerOfTwoChoices, .leastResponseTime, .peakEWMA])
    func aFastFailureDoesNotAttract(name: PolicyName) throws {
        let balancer = try balancer("abcdefghij", OutlierDetection(), policy: name.policy)
        var held: [SharedLease<String>] = []
        for _ in 0..<10_000 {
            let lease = try balancer.lease()
            if lease.id == "a" {
                time.advance(by: .microseconds(100))
                lease.finish(.failure)
            } else {
                held.append(lease.share())
                time.advance(by: .milliseconds(1))
                if held.count > 50 { held.removeFirst().finish() }
            }
        }
        let failures = try #require(balancer.snapshot()["a"]?.failures)
        // It is ejected after five; 10,000 leases take 10 s, in which it does not come back.
        #expect(failures == 5)
    }
}

extension Lease where Endpoint == String {
    /// Ends the lease: with a failure, if its backend is one of those named.
    consuming func finish(failingOn names: String) {
        let fails = names.contains(id)
        finish(fails ? .failure : .success)
    }
}

/// What a reader has got so far.
enum Events {
    static func read(_ events: BalancerEvents) -> [BalancerEvent.Kind] {
        events.takeUnread().map(\.kind)
    }
}
