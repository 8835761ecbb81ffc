import Testing

@testable import LoadBalancing

@Suite struct BalancerDrainTests {
    private let time = ManualTime()

    private func balancer(
        _ names: String, limits: ConcurrencyLimits? = nil, slowStart: SlowStart? = nil
    ) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: .roundRobin, backends: LoadBalancer<String>.named(names),
            resilience: Resilience(slowStart: slowStart, limits: limits), time: .manual(time), seed: 1, stripeLimit: 1)
    }

    /// Waits until `task` waits, and then for `task`, while the time stands still.
    private func finish<Value: Sendable>(_ task: Task<Value, Never>, then: () -> Void) async -> Value {
        await time.waitForSleepers(1)
        then()
        return await task.value
    }

    @Test func aDrainEndsWithTheLastLease() async throws {
        let balancer = try balancer("ab")
        let events = balancer.events()
        let held = try balancer.lease().share()
        let id = held.backend.id
        let draining = Task { await balancer.drain(id, within: .seconds(10)) }
        let report = await finish(draining) {
            #expect(balancer.snapshot()[id]?.admission.gate == .draining)
            #expect(balancer.snapshot()[id]?.proposals.objections == [.drain])
            held.finish()
        }
        #expect(report == DrainReport(inFlight: 0) && report?.isComplete == true)
        #expect(try balancer.picks(10).contains(id) == false, "it goes on draining")
        #expect(balancer.resume(id))
        #expect(try balancer.picks(10).contains(id))
        #expect(Events.read(events) == [.drained(id: id, inFlight: 0)])
    }

    @Test func aDrainEndsWhenItsTimeIsOver() async throws {
        let balancer = try balancer("a")
        let held = try [balancer.lease().share(), balancer.lease().share()]
        let draining = Task { await balancer.drain("a", within: .milliseconds(25)) }
        for step in [10, 10, 5] {
            await time.waitForSleepers(1)
            time.advance(by: .milliseconds(step))
        }
        #expect(await draining.value == DrainReport(inFlight: 2))
        #expect(balancer.slotsInForce.map(\.load.isWatched) == [false], "nobody waits any more")
        for lease in held { lease.finish() }
        #expect(await balancer.drain("a", within: .zero)?.isComplete == true)
        #expect(await balancer.drain("x", within: .zero) == nil)
        #expect(!balancer.resume("x"))
    }

    @Test func aDrainEndsWithItsTask() async throws {
        let balancer = try balancer("a")
        let held = try balancer.lease()
        let draining = Task { await balancer.drain("a", within: .seconds(10)) }
        #expect(await finish(draining) { draining.cancel() } == DrainReport(inFlight: 1))
        held.finish()
    }

    @Test func manyMayWaitForOne() async throws {
        let balancer = try balancer("ab")
        let held = try balancer.lease().share()
        let id = held.backend.id
        let brief = Task { await balancer.drain(id, within: .seconds(1)) }
        await time.waitForSleepers(1)
        let long = Task { await balancer.drain(id, within: .seconds(10)) }
        await time.waitForSleepers(2)
        let ending = Task { await balancer.shutdown(within: .seconds(10)) }
        await time.waitForSleepers(3)
        time.advance(by: .seconds(1))
        #expect(await brief.value == DrainReport(inFlight: 1))
        held.finish()
        #expect(await long.value == DrainReport(inFlight: 0))
        #expect(await ending.value == DrainReport(inFlight: 0))
        #expect(balancer.slotsInForce.allSatisfy { !$0.load.isWatched })
    }

    @Test func aDrainOutlivesMembershipAndName() async throws {
        let balancer = try balancer("ab")
        let held = try balancer.lease().share()
        let id = held.backend.id
        let draining = Task { await balancer.drain(id, within: .seconds(10)) }
        await time.waitForSleepers(1)
        try balancer.update(LoadBalancer<String>.named("c"))
        #expect(balancer.snapshot().draining.map(\.id) == [id])
        held.finish()
        #expect(await draining.value == DrainReport(inFlight: 0))
        #expect(balancer.snapshot().draining.isEmpty)
    }

    @Test func whoResumesWarmsUp() async throws {
        let balancer = try balancer("ab", slowStart: SlowStart())
        await balancer.drain("a", within: .zero)
        balancer.resume("a")
        #expect(balancer.snapshot()["a"]?.proposals.objections == [.slowStart])
        balancer.resume("b")
        #expect(balancer.snapshot()["b"]?.admission == .full, "it was not drained")
    }

    @Test func aRemovalWaits() async throws {
        let balancer = try balancer("abc")
        let held = try balancer.lease().share()
        let id = held.backend.id
        let removing = Task { try? await balancer.remove(id, within: .seconds(1)) }
        let report = await finish(removing) {
            #expect(balancer.snapshot().backends.count == 3)
            held.finish()
        }
        #expect(report?.isComplete == true)
        #expect(balancer.snapshot().backends.map(\.id).joined() == "abc".filter { String($0) != id })

        let late = try balancer.lease()
        let other = late.id
        #expect(try await balancer.remove(other, within: .zero) == DrainReport(inFlight: 1))
        #expect(balancer.snapshot().draining.map(\.id) == [other])
        late.finish()
        #expect(balancer.snapshot().draining.isEmpty)
        #expect(try await balancer.remove("x", within: .zero) == nil)
    }

    @Test func aShutdownRefusesAndWaits() async throws {
        let balancer = try balancer("ab", limits: ConcurrencyLimits(perBackend: 1))
        let events = balancer.events()
        let held = try [balancer.lease().share(), balancer.lease().share()]
        let waiting = Task { () -> BalancerError? in
            do throws(BalancerError) {
                try await balancer.lease(waitingUpTo: .seconds(100)).finish()
                return nil
            } catch {
                return error
            }
        }
        while balancer.snapshot().waiting == 0 { await Task.yield() }
        try balancer.update(LoadBalancer<String>.named("b"))
        let ending = Task { await balancer.shutdown(within: .seconds(1)) }
        #expect(await waiting.value == BalancerError(.shutDown))
        held[0].finish()
        let report = await finish(ending) {
            #expect(throws: BalancerError(.shutDown)) { try balancer.lease().finish() }
            held[1].finish()
        }
        #expect(report.isComplete)
        try balancer.update(LoadBalancer<String>.named("bxy"))
        #expect(throws: BalancerError(.shutDown)) { try balancer.lease().finish() }
        var worker = balancer.makeWorker()
        #expect(throws: BalancerError(.shutDown)) { try worker.lease().finish() }
        await #expect(throws: BalancerError(.shutDown)) { try await balancer.lease(waitingUpTo: .seconds(1)).finish() }
        await balancer.shutdown(within: .zero)
        #expect(Events.read(events).filter { $0 == .shutDown(inFlight: 0) }.count == 1)
    }
}
