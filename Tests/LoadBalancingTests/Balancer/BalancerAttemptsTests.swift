import Testing

@testable import LoadBalancing

@Suite struct BalancerAttemptsTests {
    private struct Refused: Error {}

    /// Who was asked, in order.
    private final class Log: Sendable {
        private let names = Guarded<[String]>([])

        func add(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0 } }
    }

    /// A balancer that begins with the first of its backends.
    private static func balancer(
        _ time: ManualTime = ManualTime(), resilience: Resilience = Resilience()
    ) throws -> LoadBalancer<String> {
        func balancer(_ seed: UInt64) throws -> LoadBalancer<String> {
            try LoadBalancer(
                policy: .roundRobin, backends: LoadBalancer<String>.named("abc"), resilience: resilience,
                time: .manual(time), seed: seed, stripeLimit: 1)
        }
        let seed = (0..<100).first { (try? balancer($0).picks(1)) == "a" }
        return try balancer(try #require(seed))
    }

    @Test func whatFailsIsTriedElsewhereAfterAPause() async throws {
        let time = ManualTime()
        let balancer = try Self.balancer(time)
        let log = Log()
        async let answer = balancer.withAttempts(AttemptRules(attempts: 3)) { backend -> String in
            log.add(backend.id)
            if backend.id != "c" { throw Refused() }
            return backend.id
        }
        for _ in 0..<2 {
            await time.waitForSleepers(1)
            time.advance(by: .milliseconds(250))
        }
        #expect(try await answer == "c")
        #expect(log.all == ["a", "b", "c"])
        #expect(balancer.snapshot().outcomes == Outcomes(1, 2, 0))
    }

    @Test func attemptsEndWhenTheirTimeIsOver() async throws {
        let time = ManualTime()
        let balancer = try Self.balancer(time)
        let rules = AttemptRules(attempts: 2, perTryTimeout: .seconds(1), backoff: Backoff(base: .zero))
        async let answer = balancer.withAttempts(rules) { backend -> String in
            if backend.id == "a" { try await TimeSource.manual(time).sleep(until: time.now.advanced(by: .seconds(9))) }
            return backend.id
        }
        await time.waitForSleepers(2)
        time.advance(by: .seconds(1))
        #expect(try await answer == "b")
        #expect(balancer.snapshot()["a"]?.failures == 1)
        await #expect(throws: AttemptTimeoutError(id: "c", limit: .zero)) {
            try await balancer.withAttempts(AttemptRules(attempts: 1, perTryTimeout: .zero)) { _ in
                try await TimeSource.manual(time).sleep(until: time.now.advanced(by: .seconds(9)))
            }
        }
        #expect(balancer.snapshot().inFlight == 0)
    }

    /// The body that is out of time waits for the next attempt's, which could not come if that waited for it.
    @Test(.timeLimit(.minutes(1))) func aBodyDeafToItsCancellationHoldsUpNoOther() async throws {
        let time = ManualTime()
        let balancer = try Self.balancer(time)
        let log = Log()
        let call = WakeUpCall()
        let rules = AttemptRules(attempts: 2, perTryTimeout: .seconds(1), backoff: Backoff(base: .zero))
        async let answer = balancer.withAttempts(rules) { backend -> String in
            log.add(backend.id)
            if backend.id == "a" { await Task.detached { await call.wait() }.value } else { call.make() }
            return backend.id
        }
        await time.waitForSleepers(1)
        time.advance(by: .seconds(1))
        #expect(try await answer == "b")
        #expect(log.all == ["a", "b"])
        #expect(balancer.snapshot().outcomes == Outcomes(1, 1, 0))
        #expect(balancer.snapshot()["a"]?.failures == 1)
    }

    /// What comes at the time limit and what comes in time: one of them ends the attempt, and its lease once.
    @Test func anAttemptEndsOnce() async throws {
        let time = ManualTime()
        let balancer = try Self.balancer(time)
        let rules = AttemptRules(attempts: 1, perTryTimeout: .seconds(1))
        for number in 1...200 as ClosedRange<UInt64> {
            async let answer = balancer.withAttempts(rules) { backend -> String in
                try? await TimeSource.manual(time).sleep(until: time.now.advanced(by: .seconds(1)))
                return backend.id
            }
            await time.waitForSleepers(2)
            time.advance(by: .seconds(1))
            _ = try? await answer
            let backends = balancer.snapshot().backends
            #expect(backends.reduce(0) { $0 + $1.successes + $1.failures } == number)
            #expect(backends.allSatisfy { $0.inFlight == 0 })
        }
    }

    @Test func aHedgeWinsAndTheLoserHasNotFailed() async throws {
        let time = ManualTime()
        let balancer = try Self.balancer(time)
        async let answer = balancer.withAttempts(AttemptRules(attempts: 2, hedgeDelay: .milliseconds(50))) {
            backend -> String in
            if backend.id == "a" { try await TimeSource.manual(time).sleep(until: time.now.advanced(by: .seconds(9))) }
            return backend.id
        }
        // The slow attempt, and the pause before the hedge.
        await time.waitForSleepers(2)
        time.advance(by: .milliseconds(50))
        #expect(try await answer == "b")
        let snapshot = balancer.snapshot()
        #expect(snapshot["a"]?.cancellations == 1)
        #expect(snapshot["a"]?.failures == 0)
        #expect(snapshot.inFlight == 0)
    }

    @Test func aServerPushesBack() async throws {
        let time = ManualTime()
        let balancer = try Self.balancer(time)
        let log = Log()
        await #expect(throws: Refused.self) {
            try await balancer.withAttempts(AttemptRules(attempts: 3)) { backend in
                log.add(backend.id)
                throw Refused()
            } judge: { (_: Result<Void, any Error>) in
                .failure(.never)
            }
        }
        #expect(log.all == ["a"])
        async let answer = balancer.withAttempts(AttemptRules(attempts: 2, hedgeDelay: .seconds(1))) { backend in
            log.add(backend.id)
            return backend.id
        } judge: { result in
            (try? result.get()) == "b" ? .failure(.after(.seconds(7))) : .success
        }
        // The pause before a hedge, which counts no more, and the server's.
        await time.waitForSleepers(2)
        time.advance(by: .seconds(6))
        #expect(log.all == ["a", "b"])
        time.advance(by: .seconds(1))
        #expect(try await answer == "c")
    }

    @Test func aSpentBudgetEndsIt() async throws {
        let balancer = try Self.balancer(resilience: Resilience(retryBudget: .tokens(maximum: 2, ratio: 0)))
        let log = Log()
        await #expect(throws: Refused.self) {
            try await balancer.withAttempts(AttemptRules(attempts: 9, backoff: Backoff(base: .zero))) { backend in
                log.add(backend.id)
                throw Refused()
            } judge: { (_: Result<Void, any Error>) in
                .failure(.allowed)
            }
        }
        #expect(log.all == ["a"])
        let free = try Self.balancer()
        await #expect(throws: Refused.self) {
            try await free.withAttempts(AttemptRules(attempts: 9, backoff: Backoff(base: .zero))) { backend in
                log.add(backend.id)
                throw Refused()
            }
        }
        #expect(log.all == ["a", "a", "b", "c"])
    }

    @Test func aCallersCancellationIsNoFailure() async throws {
        let time = ManualTime()
        let balancer = try Self.balancer(time)
        let task = Task {
            try await balancer.withAttempts(AttemptRules(perTryTimeout: .seconds(5), hedgeDelay: .seconds(1))) { _ in
                try await TimeSource.manual(time).sleep(until: time.now.advanced(by: .seconds(9)))
            }
        }
        await time.waitForSleepers(3)
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(balancer.snapshot().outcomes == Outcomes(0, 0, 1))
        try balancer.update([])
        await #expect(throws: BalancerError(.noBackends)) { try await balancer.withAttempts { $0.id } }
    }

    /// A balancer whose backends are all full, and a line to wait in.
    private static func full(
        _ names: String, _ time: ManualTime
    ) throws -> (balancer: LoadBalancer<String>, held: [SharedLease<String>]) {
        let balancer = try LoadBalancer(
            policy: .roundRobin, backends: LoadBalancer<String>.named(names),
            resilience: Resilience(limits: ConcurrencyLimits(perBackend: 1, waiting: 9)), time: .manual(time), seed: 1,
            stripeLimit: 1)
        return (balancer, try names.map { _ in try balancer.lease().share() })
    }

    @Test func theFirstAttemptWaitsInLine() async throws {
        let time = ManualTime()
        let (balancer, held) = try Self.full("a", time)
        let rules = AttemptRules(attempts: 2, hedgeDelay: .milliseconds(50))
        await #expect(throws: BalancerError(.saturated), "unless it is not to wait") {
            try await balancer.withAttempts(rules) { $0.id }
        }
        async let answer = balancer.withAttempts(rules, waitingUpTo: .seconds(5)) { $0.id }
        await time.waitForSleepers(1)
        #expect(balancer.snapshot().waiting == 1)
        #expect(time.deadlines.map(\.nanoseconds) == [6_000_000_000], "no hedge before the first attempt")
        held[0].finish()
        #expect(try await answer == "a")
        #expect(balancer.snapshot().outcomes == Outcomes(2, 0, 0))
    }

    @Test func whoeverHasWaitedLongEnoughIsSentHome() async throws {
        let time = ManualTime()
        let (balancer, held) = try Self.full("a", time)
        let late = Task { try await balancer.withAttempts(waitingUpTo: .seconds(5)) { $0.id } }
        await time.waitForSleepers(1)
        time.advance(by: .seconds(5))
        await #expect(throws: BalancerError(.timedOut)) { try await late.value }
        let waiting = Task { try await balancer.withAttempts(waitingUpTo: .seconds(5)) { $0.id } }
        await time.waitForSleepers(1)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(balancer.snapshot().waiting == 0)
        held[0].finish()
        #expect(balancer.snapshot().outcomes == Outcomes(1, 0, 0))
    }

    @Test func hedgesAndRetriesDoNotWait() async throws {
        let time = ManualTime()
        let (balancer, held) = try Self.full("ab", time)
        held[0].finish()
        let free = held[0].backend.id
        let end = time.now.advanced(by: .seconds(1))
        // The other is full: no hedge while the first attempt is under way, and no retry when it has failed.
        let rules = AttemptRules(attempts: 3, hedgeDelay: .milliseconds(50))
        let answer = Task {
            try await balancer.withAttempts(rules, waitingUpTo: .seconds(60)) { backend -> String in
                try await TimeSource.manual(time).sleep(until: end)
                if backend.id == free { throw Refused() }
                return backend.id
            }
        }
        await time.waitForSleepers(2)
        time.advance(by: .milliseconds(50))
        #expect(balancer.snapshot().waiting == 0)
        time.advance(by: .milliseconds(950))
        await #expect(throws: Refused.self) { try await answer.value }
        held[1].finish()
        #expect(balancer.snapshot().outcomes == Outcomes(2, 1, 0))
    }
}
