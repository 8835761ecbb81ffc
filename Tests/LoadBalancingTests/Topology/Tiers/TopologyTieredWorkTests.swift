import Testing

@testable import LoadBalancing

/// Work on a balancer of many places: attempts, hedges, waiting, sessions, draining, events, health checks.
@Suite struct TopologyTieredWorkTests {
    typealias Tiered = TieredBalancer<String, AnyPolicy>

    private struct Refused: Error {}

    /// Who was asked, in order.
    private final class Log: Sendable {
        private let names = Guarded<[String]>([])

        func add(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0 } }
    }

    private let time = ManualTime()

    private static func backends(_ names: String, priority: Int = 0, zone: String = "") -> [PlacedBackend<String>] {
        names.map { Backend(String($0)).at(priority: priority, zone: zone) }
    }

    /// Two zones, and a tier on standby.
    private static var world: [PlacedBackend<String>] {
        backends("ab", zone: "1") + backends("cd", zone: "2") + backends("xy", priority: 1)
    }

    private func balancer(
        _ backends: [PlacedBackend<String>] = world, _ resilience: Resilience = Resilience()
    ) throws -> Tiered {
        try Tiered(
            policy: .roundRobin, backends: backends, resilience: resilience, time: .manual(time), seed: 7,
            stripeLimit: 1)
    }

    private func outcomes(_ balancer: Tiered) -> Outcomes {
        balancer.balancers.values.map { $0.snapshot().outcomes }.reduce(into: Outcomes(0, 0, 0)) { sum, place in
            sum.successes += place.successes
            sum.failures += place.failures
            sum.cancellations += place.cancellations
        }
    }

    @Test func attemptsGoToEveryBackendOnceAcrossPlaces() async throws {
        let balancer = try balancer()
        let log = Log()
        let rules = AttemptRules(attempts: 99, backoff: Backoff(base: .zero))
        await #expect(throws: Refused.self) {
            try await balancer.withAttempts(rules) { backend in
                log.add(backend.id)
                throw Refused()
            }
        }
        #expect(log.all.sorted() == ["a", "b", "c", "d", "x", "y"])
        #expect(Set(log.all.suffix(2)) == ["x", "y"], "those on standby last")
        #expect(outcomes(balancer) == Outcomes(0, 6, 0))
    }

    @Test func aThreadMayBlockAcrossPlaces() throws {
        let balancer = try balancer()
        var asked: [String] = []
        let answer = try balancer.withBackend(attempts: 99) { backend in
            asked.append(backend.id)
            return backend.id
        } classify: { id in
            id == "x" ? .success : .failure
        }
        #expect(answer == "x")
        #expect(Set(asked.prefix(4)) == ["a", "b", "c", "d"] && asked.last == "x")
        asked = []
        let refused = try balancer.withBackend(attempts: 99) { backend in
            asked.append(backend.id)
            return backend.id
        } classify: { _ in
            .failure
        } shouldRetry: { _ in
            asked.count < 3
        }
        #expect(asked.count == 3 && asked.last == refused)
    }

    /// A budget for each place would give each place its retries.
    @Test func allPlacesHaveOneBudget() async throws {
        let budget = RetryBudget.tokens(maximum: 6, ratio: 0)
        let log = Log()
        let balancer = try balancer(Self.world, Resilience(retryBudget: budget))
        let rules = AttemptRules(attempts: 99, backoff: Backoff(base: .zero))
        await #expect(throws: Refused.self) {
            try await balancer.withAttempts(rules) { backend in
                log.add(backend.id)
                throw Refused()
            }
        }
        // Of 6 tokens 5 and 4 are left after the first failures: more than half; then 3, which is not.
        #expect(log.all.count == 3)
        let failed: Void? = try? balancer.withBackend(attempts: 99) { backend in
            log.add(backend.id)
            throw Refused()
        }
        #expect(failed == nil && log.all.count == 4, "nor is there one for the next call")
        let place = try #require(balancer.balancers.values.first)
        #expect(place.retries === balancer.retries, "nor for work on one place")
    }

    @Test func hedgesGoToAnotherBackendAndTheLoserHasNotFailed() async throws {
        let balancer = try balancer(Self.backends("a") + Self.backends("x", priority: 1))
        let time = time
        async let answer = balancer.withAttempts(AttemptRules(attempts: 2, hedgeDelay: .milliseconds(50))) {
            backend -> String in
            if backend.id == "a" { try await TimeSource.manual(time).sleep(until: time.now.advanced(by: .seconds(9))) }
            return backend.id
        }
        // The slow attempt, and the pause before the hedge.
        await time.waitForSleepers(2)
        time.advance(by: .milliseconds(50))
        #expect(try await answer == "x")
        #expect(balancer.balancer(of: "a")?.snapshot().outcomes == Outcomes(0, 0, 1))
        #expect(balancer.balancer(of: "x")?.snapshot().outcomes == Outcomes(1, 0, 0))
    }

    @Test func workWaitsWhereItWasDrawn() async throws {
        let limits = Resilience(limits: ConcurrencyLimits(perBackend: 1, waiting: 9))
        let balancer = try balancer(Self.backends("a") + Self.backends("x", priority: 1), limits)
        let near = try balancer.lease()
        let far = try balancer.lease().share()
        #expect(near.id == "a" && far.backend.id == "x", "where one place is full, the next is asked at once")
        #expect(throws: BalancerError(.saturated)) { try balancer.lease().finish() }
        async let answer = balancer.withAttempts(waitingUpTo: .seconds(5)) { $0.id }
        await time.waitForSleepers(1)
        #expect(balancer.balancer(of: "a")?.snapshot().waiting == 1)
        near.finish()
        #expect(try await answer == "a")
        let again = try balancer.lease()
        let late = Task { try await balancer.withAttempts(waitingUpTo: .seconds(5)) { $0.id } }
        await time.waitForSleepers(1)
        time.advance(by: .seconds(5))
        await #expect(throws: BalancerError(.timedOut)) { try await late.value }
        again.finish()
        far.finish()
    }

    @Test func whoeverWaitsInAPlaceThatGoesIsServedElsewhere() async throws {
        let limits = Resilience(limits: ConcurrencyLimits(perBackend: 1, waiting: 9))
        let balancer = try balancer(Self.backends("a"), limits)
        let held = try balancer.lease()
        async let answer = balancer.withBackend(waitingUpTo: .seconds(5)) { $0.id }
        await time.waitForSleepers(1)
        try balancer.update(Self.backends("b", zone: "2"))
        #expect(try await answer == "b")
        held.finish()
    }

    @Test func shuttingDownWaitsForAllPlaces() async throws {
        let balancer = try balancer()
        let left = try balancer.lease().share()
        let gone = balancer.balancer(of: left.backend.id)
        try balancer.update(Self.world.filter { balancer.balancers[$0.place] !== gone })
        let held = try balancer.lease().share()
        let shutDown = Task { await balancer.shutdown(within: .seconds(10)) }
        // One waits for each of the two places with work in flight.
        await time.waitForSleepers(2)
        #expect(throws: BalancerError(.shutDown)) { try balancer.lease().finish() }
        held.finish()
        left.finish()
        #expect(await shutDown.value == DrainReport(inFlight: 0))
        try balancer.update(Self.backends("new", zone: "3"))
        #expect(throws: BalancerError(.shutDown)) { try balancer.lease().finish() }
        try balancer.update([])
        #expect(throws: BalancerError(.shutDown)) { try balancer.lease().finish() }
    }

    @Test func shuttingDownTellsWhatIsLeft() async throws {
        let balancer = try balancer()
        let held = try (0..<3).map { _ in try balancer.lease().share() }
        #expect(await balancer.shutdown(within: .zero) == DrainReport(inFlight: 3))
        held.forEach { $0.finish() }
        #expect(await balancer.shutdown(within: .zero).isComplete)
    }

    @Test func whatADrainedBackendCarriedIsSharedAnew() async throws {
        let balancer = try balancer(Self.backends("a") + Self.backends("x", priority: 1))
        #expect(await balancer.drain("a", within: .seconds(1)) == DrainReport(inFlight: 0))
        #expect(balancer.plan[priority: 1] == 1)
        #expect(balancer.resume("a"))
        #expect(balancer.plan[priority: 0] == 1)
        #expect(try await balancer.remove("a", within: .seconds(1)) == DrainReport(inFlight: 0))
        #expect(balancer.balancer(of: "a") == nil)
        #expect(balancer.plan[priority: 1] == 1)
        for id in ["a", "nobody"] {
            #expect(await balancer.drain(id, within: .zero) == nil)
            #expect(!balancer.resume(id))
        }
    }

    @Test func aReaderLearnsOfAllPlaces() async throws {
        var balancer: Tiered? = try balancer(Self.backends("ab") + Self.backends("x", priority: 1))
        let events = try #require(balancer).events()
        let (near, far, new) = (Place(), Place(priority: 1), Place(zone: "n"))
        try balancer?.update(Self.backends("ab") + Self.backends("y", priority: 1) + Self.backends("n", zone: "n"))
        var seen = events.takeUnread().map(\.kind)
        #expect(seen.contains(.inPlace(far, .updated(version: 2, added: ["y"], removed: ["x"]))))
        #expect(seen.contains(.inPlace(new, .updated(version: 1, added: ["n"], removed: []))))
        #expect(seen.contains(try .shared(#require(balancer).plan)), "a third of the work is the new zone's")
        balancer?.tick()
        #expect(events.takeUnread().isEmpty, "nothing has happened")
        for id in ["a", "b"] { _ = balancer?.balancer(of: id)?.takeHealth(.unhealthy(), of: id) }
        balancer?.tick()
        seen = events.takeUnread().map(\.kind)
        #expect(seen.contains(.inPlace(near, .healthChanged(id: "a", from: nil, to: .unhealthy))))
        #expect(seen.contains(try .shared(#require(balancer).plan)))
        try balancer?.update(Self.backends("ab") + Self.backends("y", priority: 1))
        seen = events.takeUnread().map(\.kind)
        #expect(seen.contains(.inPlace(new, .updated(version: 2, added: [], removed: ["n"]))))
        await balancer?.shutdown(within: .zero)
        #expect(events.takeUnread().map(\.kind).last == .shutDown(inFlight: 0))
        balancer = nil
        for await event in events { Issue.record("\(event) after the end") }
    }

    @Test func aSessionStaysWithItsBackendWhateverItsPlaceGets() throws {
        let balancer = try balancer()
        #expect(balancer.plan[priority: 1] == 0)
        for _ in 0..<5 {
            let bound = try balancer.lease(boundTo: "x")
            #expect(bound.id == "x" && bound.binding == .bound)
            #expect(bound.lease.place == Place(priority: 1))
            bound.finish()
        }
        let unbound = try balancer.lease(boundTo: nil)
        #expect(unbound.binding == .unbound(nil))
        unbound.finish()
        let gone = try balancer.lease(boundTo: "nobody")
        #expect(gone.binding == .rebound(.gone) && gone.lease.place.priority == 0)
        gone.finish()
        #expect(throws: BalancerError(.noneAdmitted)) {
            try balancer.lease(boundTo: "nobody", rules: RebindingRules(isStrict: true)).finish()
        }
        balancer.balancer(of: "x")?.setAdmission(Admission(gate: .down), for: "x")
        let down = try balancer.lease(boundTo: "x")
        #expect(down.binding == .rebound(.down) && down.id != "x")
        down.finish()
    }

    @Test func aSessionLeavesABackendThatFailedIt() throws {
        let balancer = try balancer()
        var tried = TriedPlaces()
        let first = try balancer.lease(boundTo: "y", avoiding: tried)
        tried.insert(first.lease)
        first.finish(.failure)
        let second = try balancer.lease(boundTo: "y", avoiding: tried)
        #expect(second.binding == .rebound(.down) && second.id != "y")
        second.finish()
    }

    @Test func oneBackendMayBeAskedForByName() throws {
        let balancer = try balancer()
        for id in ["d", "x"] {
            guard case .granted(let lease) = balancer.lease(on: id) else {
                Issue.record("\(id) is there")
                continue
            }
            #expect(lease.id == id)
            lease.finish()
        }
        if case .refused(let presence) = balancer.lease(on: "nobody") { #expect(presence == .gone) }
    }

    /// The probes of a place that goes are cancelled, and nothing keeps its balancer.
    @Test func probesGoWithTheirPlace() async throws {
        let balancer = try balancer(
            Self.backends("a") + Self.backends("x", priority: 1),
            Resilience(healthChecks: HealthChecks(interval: .seconds(2), jitter: 0, timeout: .seconds(9))))
        let (time, log) = (time, Log())
        weak let place = balancer.balancer(of: "x")
        #expect(place != nil)
        let checking = Task {
            await balancer.runHealthChecks { endpoint in
                log.add(endpoint)
                // One answers, the other's probes are under way until they are cancelled.
                if endpoint == "x" {
                    do {
                        try await time.sleep(until: Timestamp(nanoseconds: .max))
                    } catch {
                        log.add("cancelled")
                    }
                }
                return .healthy
            }
        }
        // The next probe of the one; the other's probe and its time limit.
        await time.waitForSleepers(3)
        #expect(log.all.sorted() == ["a", "x"])
        try balancer.update(Self.backends("a"))
        for _ in 0..<1_000_000 where place != nil { await Task.yield() }
        #expect(place == nil)
        #expect(log.all.last == "cancelled")
        #expect(time.deadlines.map(\.nanoseconds) == [3_000_000_000], "the other place's go on")
        // A place of the same name is another place.
        try balancer.update(Self.backends("a") + Self.backends("x", priority: 1))
        await time.waitForSleepers(3)
        #expect(log.all.sorted() == ["a", "cancelled", "x", "x"])
        checking.cancel()
        await checking.value
        #expect(time.deadlines.isEmpty)
    }

    @Test func followsSetsAndPassesOverWhatIsRefused() async throws {
        let balancer = try balancer()
        let sets = AsyncStream { continuation in
            continuation.yield(Self.backends("a", zone: "1") + Self.backends("a", zone: "2"))
            continuation.yield(Self.backends("pq", zone: "9"))
            continuation.finish()
        }
        var refused: [BackendSetError] = []
        try await balancer.follow(sets) { refused.append($0) }
        #expect(refused == [BackendSetError(.duplicateIdentity, id: "a")])
        #expect(Array(balancer.balancers.keys) == [Place(zone: "9")])
    }
}
