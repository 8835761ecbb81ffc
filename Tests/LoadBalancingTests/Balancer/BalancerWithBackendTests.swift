import Synchronization
import Testing

@testable import LoadBalancing

private struct Trouble: Error, Equatable {
    var number = 0
}

/// A result that may not leave its isolation.
private final class NotSendable {
    var count = 0
}

@Suite struct BalancerWithBackendTests {
    private func balancer(
        _ name: PolicyName = .roundRobin, _ names: String = "abc"
    ) throws -> LoadBalancer<String> {
        try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named(names), seed: 1)
    }

    @Test(arguments: [
        (Outcome.success, Outcomes(1, 0, 0)), (.failure, Outcomes(0, 1, 0)), (.cancelled, Outcomes(0, 0, 1)),
    ])
    func aResultCountsAsItIsClassified(outcome: Outcome, outcomes: Outcomes) async throws {
        let (one, other) = (try balancer(), try balancer())
        let value = try await one.withBackend { backend async in
            #expect(one.snapshot()[backend.id]?.inFlight == 1)
            return backend.id
        } classify: { _ in
            outcome
        }
        #expect("abc".contains(value))
        #expect(one.snapshot().outcomes == outcomes)
        #expect(one.snapshot().inFlight == 0)
        #expect(
            try other.withBackend {
                $0.endpoint
            } classify: { _ in
                outcome
            } == value, "equal seeds, equal picks")
        #expect(other.snapshot().outcomes == outcomes)
    }

    @Test func anErrorCountsAsAFailure() async throws {
        let balancer = try balancer()
        await #expect(throws: Trouble()) { try await balancer.withBackend { _ async throws in throw Trouble() } }
        #expect(balancer.snapshot().outcomes == Outcomes(0, 1, 0))
        #expect(throws: Trouble()) { try balancer.withBackend { _ in throw Trouble() } }
        #expect(balancer.snapshot().outcomes == Outcomes(0, 2, 0))
        #expect(balancer.snapshot().inFlight == 0)
    }

    @Test func aCancellationErrorCountsAsCancelledAndIsNotRetried() async throws {
        let balancer = try balancer()
        var calls = 0
        await #expect(throws: CancellationError.self) {
            try await balancer.withBackend(attempts: 3) { _ async throws in
                calls += 1
                throw CancellationError()
            }
        }
        #expect(throws: CancellationError.self) {
            try balancer.withBackend(attempts: 3) { _ in
                calls += 1
                throw CancellationError()
            }
        }
        #expect(calls == 2)
        #expect(balancer.snapshot().outcomes == Outcomes(0, 0, 2))
    }

    /// Where a deadline that passed shows as a `CancellationError` of the body's own, the caller can say so.
    @Test func aCancellationErrorOfATaskThatGoesOnIsClassified() async throws {
        let balancer = try balancer()
        var tried: Set<String> = []
        await #expect(throws: CancellationError.self) {
            try await balancer.withBackend(attempts: 2) { backend async throws in
                tried.insert(backend.id)
                throw CancellationError()
            } classifyError: {
                $0 is CancellationError ? .failure : .cancelled
            }
        }
        #expect(throws: CancellationError.self) {
            try balancer.withBackend { _ in
                throw CancellationError()
            } classifyError: { _ in
                .failure
            }
        }
        #expect(tried.count == 2, "and done again elsewhere")
        #expect(balancer.snapshot().outcomes == Outcomes(0, 3, 0))
    }

    @Test func anErrorOfACancelledTaskCountsAsCancelledAndIsNotRetried() async throws {
        let balancer = try balancer()
        let task = Task {
            try await balancer.withBackend(attempts: 3) { _ async throws in
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                throw Trouble()
            }
        }
        await #expect(throws: Trouble()) { try await task.value }
        #expect(balancer.snapshot().outcomes == Outcomes(0, 0, 1))
    }

    @Test func aResultOfACancelledTaskIsItsResult() async throws {
        let balancer = try balancer()
        let task = Task {
            try await balancer.withBackend(attempts: 3) { _ async in
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                return 17
            }
        }
        #expect(try await task.value == 17)
        #expect(balancer.snapshot().outcomes == Outcomes(1, 0, 0))
    }

    @Test(arguments: PolicyName.allCases, 1...7)
    func retriesGoToDistinctBackends(name: PolicyName, attempts: Int) async throws {
        let balancer = try balancer(name, "abcdefg")
        var tried: [String] = []
        await #expect(throws: Trouble(number: attempts)) {
            try await balancer.withBackend(for: PickRequest(keyHash: 99), attempts: attempts) { backend async throws in
                tried.append(backend.id)
                #expect(balancer.snapshot().inFlight == 1, "the failed attempt has ended")
                throw Trouble(number: tried.count)
            }
        }
        #expect(tried.count == attempts && Set(tried).count == attempts, "\(tried)")
        tried = []
        #expect(throws: Trouble(number: attempts)) {
            try balancer.withBackend(for: PickRequest(keyHash: 99), attempts: attempts) { backend in
                tried.append(backend.id)
                throw Trouble(number: tried.count)
            }
        }
        #expect(tried.count == attempts && Set(tried).count == attempts, "\(tried)")
        #expect(balancer.snapshot().outcomes == Outcomes(0, 2 * attempts, 0))
    }

    @Test(arguments: PolicyName.allCases)
    func whenNobodyElseIsLeftTheLastAttemptStands(name: PolicyName) async throws {
        let balancer = try balancer(name, "abc")
        var calls = 0
        await #expect(throws: Trouble(number: 3)) {
            try await balancer.withBackend(attempts: 10) { _ async throws in
                calls += 1
                throw Trouble(number: calls)
            }
        }
        calls = 0
        let value = try balancer.withBackend(attempts: 10) { backend in
            calls += 1
            return calls
        } classify: { _ in
            .failure
        }
        #expect(value == 3, "a failed result is a result")
        #expect(balancer.snapshot().outcomes == Outcomes(0, 6, 0))
    }

    @Test func stopsAtTheFirstSuccess() async throws {
        let balancer = try balancer()
        var calls = 0
        let value = try await balancer.withBackend(attempts: 3) { _ async throws in
            calls += 1
            if calls < 2 { throw Trouble() }
            return calls
        }
        #expect(value == 2)
        #expect(balancer.snapshot().outcomes == Outcomes(1, 1, 0))
    }

    @Test func retriesOnlyWhatMayBeRetried() async throws {
        let balancer = try balancer()
        var asked: [Int?] = []
        let value = try await balancer.withBackend(attempts: 3) { _ async throws in
            if asked.isEmpty { throw Trouble() }
            return asked.count
        } classify: { _ in
            .failure
        } shouldRetry: { result in
            asked.append(try? result.get())
            return asked.count < 2
        }
        #expect(value == 1)
        #expect(asked == [nil, 1], "asked with what the attempt threw or returned")
        #expect(balancer.snapshot().outcomes == Outcomes(0, 2, 0))
    }

    @Test(arguments: [Int.min, -1, 0, 1])
    func doesTheWorkOnceAtTheLeast(attempts: Int) async throws {
        let balancer = try balancer()
        var asked = false
        let value = try await balancer.withBackend(attempts: attempts) { _ async in
            1
        } classify: { _ in
            .failure
        } shouldRetry: { _ in
            asked = true
            return true
        }
        #expect(value == 1 && !asked)
        #expect(balancer.snapshot().outcomes == Outcomes(0, 1, 0))
    }

    @Test func goesOnWithWhatTheCallerTried() throws {
        let balancer = try balancer(.leastConnections)
        var request = PickRequest()
        let first = try balancer.lease()
        request.tried.insert(first.slotID)
        let name = first.id
        first.finish(.failure)
        var names: [String] = []
        _ = try balancer.withBackend(for: request, attempts: 5) {
            names.append($0.id)
        } classify: { _ in
            .failure
        }
        #expect(names.count == 2 && !names.contains(name))
    }

    @Test func retriesAreTimedFromTheirOwnBeginning() throws {
        let time = ManualTime()
        let balancer = try LoadBalancer(
            policy: AnyPolicy(PeakEWMAPolicy(estimator: .ewma(alpha: 1, failurePenalty: .zero))),
            backends: LoadBalancer<String>.named("ab"), time: .manual(time), seed: 1)
        var order: [String] = []
        _ = try balancer.withBackend(for: .any.at(time.now), attempts: 2) { backend in
            order.append(backend.id)
            time.advance(by: .milliseconds(order.count == 1 ? 900 : 30))
        } classify: { _ in
            .failure
        }
        #expect(balancer.snapshot()[order[0]]?.latency == .milliseconds(900))
        #expect(balancer.snapshot()[order[1]]?.latency == .milliseconds(30))
    }

    @Test func anUpdateBetweenTwoAttemptsIsSeen() throws {
        let balancer = try balancer(.roundRobin, "ab")
        var order = ""
        _ = try balancer.withBackend(attempts: 3) { backend in
            if order.isEmpty { try? balancer.update(LoadBalancer<String>.named("c" + backend.id)) }
            order += backend.id
        } classify: { _ in
            .failure
        }
        #expect(order.count == 2 && order.hasSuffix("c"), "on the one that stayed it was tried before")
        #expect(balancer.snapshot().outcomes == Outcomes(0, 2, 0))
    }

    @Test func nobodyToChooseIsThrown() async throws {
        let balancer = try balancer(.random, "")
        await #expect(throws: BalancerError(.noBackends)) {
            try await balancer.withBackend(attempts: 3) { _ async in Issue.record("there is no backend") }
        }
    }
}

/// State that only its actor may touch; that these compile is half of the test.
@Suite struct BalancerIsolationTests {
    private actor Caller {
        var seen: [String] = []

        func call(_ balancer: LoadBalancer<String>) async throws -> [String] {
            let result = try await balancer.withBackend(attempts: 2) { backend async in
                assertIsolated()
                seen.append(backend.id)
                await Task.yield()
                seen.append(backend.endpoint)
                let result = NotSendable()
                result.count = seen.count
                return result
            } classify: { result in
                result.count < 4 ? .failure : .success
            }
            #expect(result.count == 4)
            return seen
        }
    }

    @Test func runsOnTheCallersActor() async throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("ab"), seed: 1)
        let seen = try await Caller().call(balancer)
        #expect(seen.count == 4 && Set(seen) == ["a", "b"])
    }

    @Test @MainActor func runsOnTheMainActor() async throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("ab"), seed: 1)
        let local = NotSendable()
        let result = try await balancer.withBackend { _ async in
            MainActor.assertIsolated()
            local.count += 1
            await Task.yield()
            MainActor.assertIsolated()
            return local
        }
        #expect(result === local && local.count == 1)
    }

    @Test func followsOnTheCallersActor() async throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("ab"), seed: 1)
        let sets = AsyncStream { continuation in
            continuation.yield(LoadBalancer<String>.named("c"))
            continuation.finish()
        }
        try await balancer.follow(sets.map { $0 + LoadBalancer<String>.named("d") })
        #expect(balancer.snapshot().backends.map(\.id) == ["c", "d"])
    }
}
