import Foundation
import Synchronization
import Testing

@testable import LoadBalancing

/// Everything at once, on a balancer with every rule: leases that fail by chance, updates, drains, health, time.
private final class Storm: Sendable {
    let balancer: LoadBalancer<String>
    private let time = ManualTime()
    private let seed: UInt64
    private let leases: Int
    private let ended = Guarded(Outcomes(0, 0, 0))
    private let left = Atomic<Int>(Storm.workerCount)

    static let workerCount = 4
    static let names = "abcdefgh"

    init(_ name: PolicyName, leases: Int, seed: UInt64) throws {
        self.seed = seed
        self.leases = leases / Self.workerCount
        balancer = try LoadBalancer(
            policy: name.withSmallTables, backends: LoadBalancer<String>.named(Self.names),
            resilience: Resilience(
                slowStart: SlowStart(window: .milliseconds(200)),
                outliers: OutlierDetection(
                    interval: .milliseconds(50), baseEjectionTime: .milliseconds(100), largestEjectedShare: 0.4,
                    failurePercentage: OutlierDetection.FailurePercentage(threshold: 0.5),
                    latency: OutlierDetection.SlowBackends()),
                softDrain: SoftDrain(), limits: ConcurrencyLimits(perBackend: 12, total: 40, waiting: 10),
                retryBudget: .share(), keepsHistograms: true),
            time: .manual(time), seed: seed, stripeLimit: 8)
    }

    /// What the leases ended with, by those who ended them.
    var outcomes: Outcomes { ended.withLock { $0 } }

    func thread(_ number: Int) {
        number < Self.workerCount ? work(number) : disturb(number)
    }

    private func work(_ number: Int) {
        defer { left.wrappingSubtract(1, ordering: .releasing) }
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x1_0000)
        var mine = Outcomes(0, 0, 0)
        var held: [(SharedLease<String>, Outcome)] = []
        func end(_ index: Int) {
            let (lease, outcome) = held.remove(at: index)
            lease.finish(outcome)
        }
        var step = 0
        while step < leases {
            guard let lease = try? balancer.lease(for: PickRequest(keyHash: random.next())) else {
                // Full, or everybody is away for now: those who disturb will change that.
                if !held.isEmpty { end(0) }
                continue
            }
            step += 1
            // One backend fails for a while, then another.
            let sick = Self.names.utf8.map { $0 }[(step / 5_000) % Self.names.count]
            let isSick = lease.id.utf8.first == sick
            let outcome: Outcome =
                switch random.next(below: 16) {
                case 0: .cancelled
                case 1: .failure
                default: isSick ? .failure : .success
                }
            switch outcome {
            case .success: mine.successes += 1
            case .failure: mine.failures += 1
            case .cancelled: mine.cancellations += 1
            }
            if random.next(below: 8) == 0 {
                held.append((lease.share(), outcome))
                if held.count > 8 { end(random.nextIndex(below: held.count)) }
            } else {
                lease.finish(outcome)
            }
            if number == 0, step % 16 == 0 { time.advance(by: .microseconds(200)) }
        }
        while !held.isEmpty { end(0) }
        ended.withLock { ended in
            ended.successes += mine.successes
            ended.failures += mine.failures
            ended.cancellations += mine.cancellations
        }
    }

    /// Moves everything that can be moved but the backends' names, as long as somebody works.
    private func disturb(_ number: Int) {
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x1_0000)
        while left.load(ordering: .acquiring) > 0 {
            let id = Self.names.randomElement(using: &random).map(String.init) ?? ""
            switch random.next(below: 8) {
            case 0:
                let backends = Self.names.map { Backend(String($0), weight: 1 + Int(random.next(below: 3))) }
                do { try balancer.update(backends.shuffled(using: &random)) } catch { Issue.record(error) }
            case 1: balancer.tick()
            case 2: balancer.setAdmission(Admission(fraction: Double(1 + random.next(below: 4)) / 4), for: id)
            case 3: _ = balancer.membership.propose(Admission(gate: .draining), by: .drain, for: id)
            case 4, 5: balancer.resume(id)
            case 6:
                let report = [HealthReport.healthy, .healthy, .degraded(), .draining, .unhealthy()]
                balancer.control.change { ledger in
                    ledger.keepRecords()
                    guard let index = ledger.indices.randomElement(using: &random) else { return }
                    _ = ledger.take(
                        report[random.nextIndex(below: 5)], from: index, at: Timestamp(nanoseconds: 0))
                }
            default:
                let snapshot = balancer.snapshot()
                #expect(snapshot.backends.allSatisfy { $0.inFlight <= 12 })
            }
        }
    }

    /// Lifts all that was set, and lets all rules come to rest.
    func calm() {
        for id in Self.names.map(String.init) {
            balancer.resume(id)
            balancer.setAdmission(.full, for: id)
            for index in balancer.control.inspect({ $0.indices }) {
                for _ in 0..<3 { _ = balancer.control.take(.healthy, from: index) }
            }
        }
        for _ in 0..<20_000 {
            time.advance(by: .milliseconds(50))
            balancer.tick()
        }
    }
}

@Suite(.serialized) struct BalancerResilienceStressTests {
    /// A million leases in all; `LEASES` sets another number.
    @Test(arguments: PolicyName.allCases)
    func everyLeaseIsCounted(name: PolicyName) async throws {
        let seed: UInt64 = 20_260_102
        let all = ProcessInfo.processInfo.environment["LEASES"].flatMap { Int($0) } ?? 1_000_000
        let storm = try Storm(name, leases: all / PolicyName.allCases.count, seed: seed)
        let team = ThreadTeam(Storm.workerCount + 2) { storm.thread($0) }
        await team.joined()

        let ended = storm.outcomes
        let snapshot = storm.balancer.snapshot()
        #expect(snapshot.outcomes == ended, "seed \(seed)")
        #expect(ended.total > all / PolicyName.allCases.count - Storm.workerCount)
        #expect(snapshot.inFlight == 0 && snapshot.draining.isEmpty, "seed \(seed)")
        #expect(snapshot.backends.allSatisfy { $0.proposals[.limit] == .full }, "nobody stays full, seed \(seed)")
        let measured = snapshot.backends.reduce(0) { $0 + ($1.latencies?.count ?? 0) }
        #expect(Int(measured) == ended.successes + ended.failures)

        storm.calm()
        for backend in storm.balancer.snapshot().backends {
            #expect(backend.proposals.objections.allSatisfy { $0 == .softDrain }, "\(backend), seed \(seed)")
        }
        var held: [SharedLease<String>] = []
        while let lease = try? storm.balancer.lease(for: PickRequest(keyHash: UInt64(held.count))) {
            held.append(lease.share())
        }
        #expect(held.count == 40, "all room is there again, seed \(seed)")
    }
}
