import Synchronization
import Testing

@testable import LoadBalancing

/// Everything at once on places that come and go: leases, waiting, updates, drains, health, promotions, readers, and at the
/// end a shutdown in the midst of it.
private final class TieredStorm: Sendable {
    typealias Tiered = TieredBalancer<String, AnyPolicy>

    let balancer: Tiered
    private let time = ManualTime()
    private let seed: UInt64
    /// What the leases ended with on whom, by those who ended them.
    private let ended = Guarded<[String: Outcomes]>([:])
    private let working = Atomic<Int>(TieredStorm.workerCount)
    private let afterShutdown = Atomic<Int>(0)
    private let leases = Atomic<Int>(0)

    static let workerCount = 4
    static let disturberCount = 2
    /// Enough for some hundred updates beneath them, and few enough for the sanitizers.
    private static let leaseCount = 4_000
    /// When threads stop that the shutdown does not reach, because other tests keep its task from running.
    private static let mostLeases = 4 * leaseCount
    /// Who stays all the time, in a place of its own; the others come, go and move.
    static let resident = "resident"
    private static let guests = "abcdefgh"

    init(seed: UInt64) throws {
        self.seed = seed
        balancer = try Tiered(
            policy: .powerOfTwoChoices, backends: Self.backends { _ in Place(zone: "a") },
            rules: TierRules(order: .activePassive(FailoverRules(failBack: .manual)), panicThreshold: 0.3),
            resilience: Resilience(
                slowStart: SlowStart(window: .milliseconds(200)),
                outliers: OutlierDetection(interval: .milliseconds(50), baseEjectionTime: .milliseconds(100)),
                limits: ConcurrencyLimits(perBackend: 6, total: 30, waiting: 10), retryBudget: .share()),
            time: .manual(time), seed: seed, stripeLimit: 8)
    }

    private static func backends(_ place: (Character) -> Place?) -> [PlacedBackend<String>] {
        [Backend(resident).at(zone: "home")]
            + guests.compactMap { name in place(name).map { PlacedBackend(Backend(String(name)), at: $0) } }
    }

    private func random(_ number: Int) -> SeededGenerator {
        SeededGenerator(seed: seed &+ UInt64(number) &* 0x1_0000)
    }

    func outcomes(of id: String) -> Outcomes { ended.withLock { $0[id] ?? Outcomes(0, 0, 0) } }

    /// Leases that began after a shutdown had returned.
    var lateLeases: Int { afterShutdown.load(ordering: .relaxed) }
    var leaseCount: Int { leases.load(ordering: .relaxed) }

    func thread(_ number: Int) {
        number < Self.workerCount ? work(number) : disturb(number)
    }

    private func outcome(_ random: inout SeededGenerator) -> Outcome {
        switch random.next(below: 8) {
        case 0: .failure
        case 1: .cancelled
        default: .success
        }
    }

    private func note(_ outcome: Outcome, of id: String) {
        leases.wrappingAdd(1, ordering: .relaxed)
        ended.withLock { ended in
            switch outcome {
            case .success: ended[id, default: Outcomes(0, 0, 0)].successes += 1
            case .failure: ended[id, default: Outcomes(0, 0, 0)].failures += 1
            case .cancelled: ended[id, default: Outcomes(0, 0, 0)].cancellations += 1
            }
        }
    }

    /// Takes leases until all work is refused, or enough is done.
    private func work(_ number: Int) {
        defer { working.wrappingSubtract(1, ordering: .releasing) }
        var random = random(number)
        var held: [(SharedLease<String>, Outcome)] = []
        func end(_ index: Int) {
            let (lease, outcome) = held.remove(at: index)
            note(outcome, of: lease.backend.id)
            lease.finish(outcome)
        }
        while leaseCount < Self.mostLeases {
            let wasShut = isShut.load(ordering: .acquiring)
            do throws(BalancerError) {
                let key = random.next(below: 2) == 0 ? random.next() : nil
                let lease = try balancer.lease(for: PickRequest(keyHash: key))
                if wasShut { afterShutdown.wrappingAdd(1, ordering: .relaxed) }
                held.append((lease.share(), outcome(&random)))
                if held.count > 5 { end(random.nextIndex(below: held.count)) }
            } catch {
                // Full, or everybody is away for now: those who disturb will change that.
                if error.reason == .shutDown { break }
                if !held.isEmpty { end(0) }
            }
            if number == 0 { time.advance(by: .microseconds(20)) }
        }
        while !held.isEmpty { end(0) }
    }

    private let isShut = Atomic<Bool>(false)

    /// Moves everything that can be moved as long as somebody works.
    private func disturb(_ number: Int) {
        var random = random(number)
        while working.load(ordering: .acquiring) > 0 {
            let id = Self.guests.randomElement(using: &random).map(String.init) ?? ""
            switch random.next(below: 9) {
            case 0, 1:
                let backends = Self.backends { _ in
                    switch random.next(below: 5) {
                    case 0: nil
                    case 1: Place(zone: "a")
                    case 2: Place(zone: "b")
                    case 3: Place(priority: 1, zone: "b")
                    default: Place(priority: 2)
                    }
                }
                do { try balancer.update(backends) } catch { Issue.record(error) }
            case 2: balancer.tick()
            case 3: balancer.promote(Int(random.next(below: 3)))
            case 4: balancer.balancer(of: id)?.setAdmission(Admission(fraction: 0.5), for: id)
            case 5: _ = balancer.balancer(of: id)?.membership.propose(Admission(gate: .draining), by: .drain, for: id)
            case 6: balancer.resume(id)
            case 7: balancer.balancer(of: id)?.takeHealth(random.next(below: 2) == 0 ? .healthy : .unhealthy(), of: id)
            default:
                let plan = balancer.plan
                #expect(plan.shares.allSatisfy { $0.share >= 0 && $0.share <= 1 })
                for place in balancer.balancers.values {
                    #expect(place.snapshot().backends.allSatisfy { 0...6 ~= $0.inFlight })
                }
            }
        }
    }

    /// Works across suspensions: with retries, waiting for room, until all work is refused.
    func task(_ number: Int) async {
        var random = random(number + 100)
        while true {
            let outcome = outcome(&random)
            do {
                try await balancer.withBackend(attempts: 2, waitingUpTo: .milliseconds(1)) { backend async in
                    await Task.yield()
                    note(outcome, of: backend.id)
                } classify: {
                    outcome
                } shouldRetry: { _ in
                    false
                }
            } catch {
                if (error as? BalancerError)?.reason == .shutDown { return }
                await Task.yield()
            }
        }
    }

    /// Drains somebody again and again, and reads all that happens, until all work is refused.
    func drainAndRead() async -> Int {
        let events = balancer.events(bufferLimit: 1_000_000)
        var random = random(200)
        while leaseCount < Self.leaseCount {
            let id = Self.guests.randomElement(using: &random).map(String.init) ?? ""
            await balancer.drain(id, within: .zero)
            balancer.resume(id)
            await Task.yield()
        }
        await balancer.shutdown(within: .zero)
        isShut.store(true, ordering: .releasing)
        var count = 0
        for await event in events {
            count += 1
            if case .shutDown = event.kind { break }
        }
        return count
    }
}

@Suite struct TopologyTieredStressTests {
    @Test(arguments: 0..<3 as Range<UInt64>)
    func everythingAtOnce(seed: UInt64) async throws {
        let storm = try TieredStorm(seed: seed)
        let team = ThreadTeam(TieredStorm.workerCount + TieredStorm.disturberCount) { storm.thread($0) }
        await withTaskGroup { group in
            for number in 0..<4 { group.addTask { await storm.task(number) } }
            group.addTask {
                let events = await storm.drainAndRead()
                #expect(events > 0, "seed \(seed)")
            }
        }
        await team.joined()

        #expect(storm.lateLeases == 0, "nobody begins after the shutdown, seed \(seed)")
        let places = storm.balancer.balancers.values.map { $0.snapshot() }
        for place in places {
            #expect(place.inFlight == 0 && place.draining.isEmpty && place.waiting == 0, "seed \(seed)")
        }
        let resident = try #require(places.lazy.compactMap { $0[TieredStorm.resident] }.first)
        let ended = Outcomes(Int(resident.successes), Int(resident.failures), Int(resident.cancellations))
        #expect(ended == storm.outcomes(of: TieredStorm.resident), "seed \(seed)")
        #expect(resident.picks == ended.total, "seed \(seed)")
        #expect(storm.balancer.state.withLock { $0.leaving.allSatisfy { $0.snapshot().inFlight == 0 } }, "seed \(seed)")
    }
}
