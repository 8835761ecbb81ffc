import Synchronization
import Testing

@testable import LoadBalancing

/// Who was served, in order.
private final class Served: Sendable {
    let leases = Guarded<[(number: Int, lease: SharedLease<String>)]>([])
}

/// What many tasks count together.
private final class Tally: Sendable {
    let now = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    let served = Atomic<Int>(0)
    let refused = Atomic<Int>(0)
}

@Suite struct BalancerLimitsTests {
    private let time = ManualTime()

    private func balancer(
        _ names: String, _ limits: ConcurrencyLimits, policy: AnyPolicy = .roundRobin
    ) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: policy, backends: LoadBalancer<String>.named(names), resilience: Resilience(limits: limits),
            time: .manual(time), seed: 1)
    }

    private func inFlight(_ balancer: LoadBalancer<String>) -> [Int] { balancer.snapshot().backends.map(\.inFlight) }

    @Test(arguments: PolicyName.allCases, [1, 2, 7])
    func noBackendGetsMoreThanItsLimit(name: PolicyName, limit: Int) throws {
        let balancer = try balancer("abc", ConcurrencyLimits(perBackend: limit), policy: name.policy)
        var held: [SharedLease<String>] = []
        for number in 0..<(3 * limit) {
            let key = PickRequest(keyHash: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            held.append(try balancer.lease(for: key).share())
            #expect(inFlight(balancer).max() ?? 0 <= limit)
        }
        #expect(inFlight(balancer) == [limit, limit, limit])
        #expect(balancer.snapshot().backends.allSatisfy { $0.admission.gate == .saturated })
        #expect(balancer.snapshot()["a"]?.proposals.objections == [.limit])
        #expect(throws: BalancerError(.saturated)) { try balancer.lease().finish() }
        var worker = balancer.makeWorker()
        #expect(throws: BalancerError(.saturated)) { try worker.lease().finish() }
        // Room on one: the next goes there.
        let freed = held.remove(at: held.count / 2)
        freed.finish(.success)
        #expect(balancer.snapshot()[freed.backend.id]?.admission == .full)
        let next = try worker.lease()
        #expect(next.id == freed.backend.id)
        next.finish(.failure)
        for lease in held { lease.finish(.cancelled) }
        #expect(inFlight(balancer) == [0, 0, 0])
        #expect(balancer.snapshot().backends.allSatisfy { $0.admission == .full })
        #expect(balancer.snapshot().outcomes == Outcomes(1, 1, 3 * limit - 1))
    }

    @Test(arguments: PolicyName.allCases)
    func noMoreThanTheTotal(name: PolicyName) throws {
        let balancer = try balancer("abc", ConcurrencyLimits(total: 5), policy: name.policy)
        var held = try (0..<5).map { _ in try balancer.lease().share() }
        #expect(throws: BalancerError(.saturated)) { try balancer.lease().finish() }
        held.removeLast().finish()
        held.append(try balancer.lease().share())
        let connection = held[0]
        #expect(throws: BalancerError(.saturated)) { try connection.stream().finish() }
        held.removeLast().finish()
        try connection.stream().finish()
        for lease in held { lease.finish() }
        #expect(balancer.snapshot().inFlight == 0)
    }

    @Test func aRefusalForAnotherReasonTakesNoRoom() throws {
        let balancer = try balancer("a", ConcurrencyLimits(total: 1))
        balancer.setAdmission(Admission(gate: .down), for: "a")
        for _ in 0..<3 { #expect(throws: BalancerError(.noneAdmitted)) { try balancer.lease().finish() } }
        balancer.setAdmission(.full, for: "a")
        try balancer.lease().finish()
    }

    @Test func theLimitGoesWithTheSlotOverUpdates() throws {
        let balancer = try balancer("ab", ConcurrencyLimits(perBackend: 1))
        let held = try balancer.lease()
        try balancer.update(LoadBalancer<String>.named("bca"))
        let others = try [balancer.lease().share(), balancer.lease().share()]
        #expect(!others.map(\.backend.id).contains(held.id))
        #expect(throws: BalancerError(.saturated)) { try balancer.lease().finish() }
        held.finish()
        let last = try balancer.lease()
        #expect(inFlight(balancer) == [1, 1, 1])
        try balancer.update([])
        last.finish()
        for lease in others { lease.finish() }
        #expect(balancer.snapshot().draining.isEmpty)
    }

    /// A lease ends while an update gives its backend another place: whoever ends it knows the place of before.
    @Test(arguments: [0, 1, 2])
    func whoHasRoomAgainIsFoundWhereverItIs(place: Int) throws {
        let balancer = try balancer("abc", ConcurrencyLimits(perBackend: 1))
        var grants: [Grant] = []
        for _ in 0..<3 { grants.append(try balancer.grant(for: PickRequest())) }
        try balancer.update(LoadBalancer<String>.named("cab"))
        for grant in grants {
            let (id, name) = (grant.slot.id, grant.slot.identity)
            grant.slot.endUntold(Measurement.countingDeltas.end)
            balancer.control.leaseEnded(slotID: id, position: place, inFlight: 1)
            #expect(balancer.snapshot()[name]?.admission == .full)
        }
    }

    /// Waits until `count` stand in line.
    private func line(_ balancer: LoadBalancer<String>, _ count: Int) async {
        while balancer.snapshot().waiting != count { await Task.yield() }
    }

    @Test func firstComeFirstServed() async throws {
        let balancer = try balancer("a", ConcurrencyLimits(perBackend: 1))
        var held = try balancer.lease().share()
        let served = Served()
        let order = try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                group.addTask {
                    let lease = try await balancer.lease(waitingUpTo: .seconds(100)).share()
                    served.leases.withLock { $0.append((number, lease)) }
                }
                await line(balancer, number + 1)
            }
            #expect(throws: BalancerError(.saturated)) { try balancer.lease().finish() }
            for number in 0..<10 {
                held.finish()
                #expect(throws: BalancerError(.saturated), "nobody passes those who wait") {
                    try balancer.lease().finish()
                }
                while served.leases.withLock({ $0.count }) <= number { await Task.yield() }
                held = served.leases.withLock { $0[number].lease }
                await line(balancer, 9 - number)
            }
            try await group.waitForAll()
            return served.leases.withLock { $0.map(\.number) }
        }
        held.finish()
        #expect(order == Array(0..<10))
        try balancer.lease().finish()
    }

    @Test func whoeverWaitsTooLongIsSentHome() async throws {
        let balancer = try balancer("a", ConcurrencyLimits(total: 1))
        let held = try balancer.lease()
        let waiting = Task { () -> BalancerError? in
            do throws(BalancerError) {
                try await balancer.lease(waitingUpTo: .seconds(3)).finish()
                return nil
            } catch {
                return error
            }
        }
        await time.waitForSleepers(1)
        await line(balancer, 1)
        time.advance(by: .seconds(2))
        #expect(balancer.snapshot().waiting == 1)
        time.advance(by: .seconds(1))
        #expect(await waiting.value == BalancerError(.timedOut))
        #expect(balancer.snapshot().waiting == 0)
        held.finish()
        try balancer.lease().finish()
    }

    @Test func whoeverIsCancelledLeavesTheLine() async throws {
        let balancer = try balancer("a", ConcurrencyLimits(total: 1))
        let held = try balancer.lease()
        func waiter() -> Task<Void, any Error> {
            Task { try await balancer.withBackend(waitingUpTo: .seconds(9)) { _ async in } }
        }
        let (first, second) = (waiter(), waiter())
        await line(balancer, 2)
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        await line(balancer, 1)
        held.finish()
        try await second.value
        #expect(balancer.snapshot().outcomes == Outcomes(2, 0, 0))
    }

    @Test func theLineIsBounded() async throws {
        let balancer = try balancer("a", ConcurrencyLimits(total: 1, waiting: 1))
        let held = try balancer.lease()
        let waiting = Task { try await balancer.lease(waitingUpTo: .seconds(9)).finish() }
        await line(balancer, 1)
        await #expect(throws: BalancerError(.tooManyWaiting)) {
            try await balancer.lease(waitingUpTo: .seconds(9)).finish()
        }
        held.finish()
        try await waiting.value
        let none = try self.balancer("a", ConcurrencyLimits(total: 0, waiting: 0))
        await #expect(throws: BalancerError(.saturated)) { try await none.lease(waitingUpTo: .seconds(9)).finish() }
    }

    @Test func newBackendsServeThoseWhoWait() async throws {
        let balancer = try balancer("a", ConcurrencyLimits(perBackend: 1))
        let held = try balancer.lease()
        let waiting = Task { try await balancer.withBackend(waitingUpTo: .seconds(9)) { $0.id } }
        await line(balancer, 1)
        try balancer.update(LoadBalancer<String>.named("ab"))
        #expect(try await waiting.value == "b")
        held.finish()
    }

    /// A retry that may only go where there is no room lets those behind it pass.
    @Test func aRetryThatCannotGoElsewhereBlocksNobody() async throws {
        let balancer = try balancer("ab", ConcurrencyLimits(perBackend: 1))
        let held = try [balancer.lease().share(), balancer.lease().share()]
        var request = PickRequest()
        let slots = Dictionary(uniqueKeysWithValues: held.map { ($0.backend.id, $0) })
        let (a, b) = (try #require(slots["a"]), try #require(slots["b"]))
        request.tried.insert(balancer.slotsInForce[0].id)
        let retry = Task { [request] in
            try await balancer.withBackend(for: request, waitingUpTo: .seconds(9)) { $0.id }
        }
        await line(balancer, 1)
        let other = Task { try await balancer.withBackend(waitingUpTo: .seconds(9)) { $0.id } }
        await line(balancer, 2)
        a.finish()
        #expect(try await other.value == "a")
        b.finish()
        #expect(try await retry.value == "b")
    }

    /// Nor does it keep those from a backend with room who do not wait.
    @Test func aRetryThatCannotGoElsewhereIsPassed() async throws {
        let balancer = try balancer("ab", ConcurrencyLimits(perBackend: 1))
        let held = try [balancer.lease().share(), balancer.lease().share()]
        let busy = try #require(held.first { $0.backend.id == "b" })
        var request = PickRequest()
        request.tried.insert(balancer.slotsInForce[0].id)
        let retry = Task { [request] in
            try await balancer.withBackend(for: request, waitingUpTo: .seconds(9)) { $0.id }
        }
        await line(balancer, 1)
        held.first { $0.backend.id == "a" }?.finish()
        for _ in 0..<3 { #expect(try balancer.picks(1) == "a") }
        #expect(balancer.snapshot().waiting == 1)
        busy.finish()
        #expect(try await retry.value == "b")
    }

    /// Many tasks, few places, and everybody in a hurry: each gets its turn or is told why not, and nothing is left.
    @Test(arguments: [PolicyName.roundRobin, .leastConnections, .peakEWMA, .staticHash], 0..<3 as Range<UInt64>)
    func nobodyIsForgotten(name: PolicyName, seed: UInt64) async throws {
        let balancer = try balancer("abc", ConcurrencyLimits(perBackend: 2, total: 5, waiting: 50), policy: name.policy)
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x1_0000)
                    for _ in 0..<50 {
                        do throws(BalancerError) {
                            let request = PickRequest(keyHash: random.next())
                            let lease =
                                random.next(below: 4) == 0
                                ? try balancer.lease(for: request)
                                : try await balancer.lease(for: request, waitingUpTo: .seconds(1_000))
                            let count = tally.now.wrappingAdd(1, ordering: .relaxed).newValue
                            _ = tally.most.max(count, ordering: .relaxed)
                            for _ in 0..<random.next(below: 4) { await Task.yield() }
                            tally.now.wrappingSubtract(1, ordering: .relaxed)
                            lease.finish(random.next(below: 9) == 0 ? .failure : .success)
                            tally.served.wrappingAdd(1, ordering: .relaxed)
                        } catch {
                            #expect(error.reason == .saturated)
                            tally.refused.wrappingAdd(1, ordering: .relaxed)
                        }
                    }
                }
            }
        }
        let served = tally.served.load(ordering: .relaxed)
        #expect(served + tally.refused.load(ordering: .relaxed) == 2_000)
        #expect(served >= 1_000, "whoever waits is served, seed \(seed)")
        #expect(tally.most.load(ordering: .relaxed) <= 5, "seed \(seed)")
        let snapshot = balancer.snapshot()
        #expect(snapshot.waiting == 0 && snapshot.inFlight == 0, "seed \(seed)")
        #expect(snapshot.backends.allSatisfy { $0.admission == .full }, "seed \(seed)")
        #expect(snapshot.outcomes.total == served, "seed \(seed)")
        var held: [SharedLease<String>] = []
        while let lease = try? balancer.lease() { held.append(lease.share()) }
        #expect(held.count == 5, "all places are there again, seed \(seed)")
    }
}
