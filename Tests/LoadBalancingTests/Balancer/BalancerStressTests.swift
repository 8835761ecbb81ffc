import Synchronization
import Testing

@testable import LoadBalancing

/// An endpoint that knows until when it is in the set, and what was done with it.
private final class Resident: Sendable {
    let name: String
    /// The last epoch of which it is a member; the epoch is the number of updates that have returned.
    let lastEpoch = Atomic<Int>(.max)
    private let begun = Atomic<Int>(0)
    private let ended = Guarded(Outcomes(0, 0, 0))

    init(_ name: String) {
        self.name = name
    }

    var tally: (begun: Int, ended: Outcomes) { (begun.load(ordering: .relaxed), ended.withLock { $0 }) }

    func begin() { begun.add(1, ordering: .relaxed) }

    func end(_ outcome: Outcome) {
        ended.withLock { ended in
            switch outcome {
            case .success: ended.successes += 1
            case .failure: ended.failures += 1
            case .cancelled: ended.cancellations += 1
            }
        }
    }
}

private struct Trouble: Error {}

/// Everybody who uses one balancer at once.
private final class Crowd: Sendable {
    let balancer: LoadBalancer<Resident>
    let residents: [Resident]
    private let seed: UInt64
    private let epoch = Atomic<Int>(0)
    private let strayPicks = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    /// Leases that one thread took and another will end.
    private let handedOn = Guarded<[SharedLease<Resident>]>([])
    private let guests = Guarded<[String: Resident]>([:])
    private let witness: Guarded<Witness>

    static let threadCount = 11
    /// Enough for some 200 updates beneath 6,000 leases, and few enough for the sanitizers.
    private let steps = 450

    init(_ name: PolicyName, seed: UInt64) throws {
        self.seed = seed
        residents = (0..<4).map { Resident("resident \($0)") }
        balancer = try LoadBalancer(
            policy: name.policy(slots: 509), backends: residents.map { Backend(id: $0.name, endpoint: $0) }, seed: seed,
            stripeLimit: 8)
        var witness = Witness()
        for resident in residents { witness.watch(resident) }
        self.witness = Guarded(witness)
    }

    var violations: (strayPicks: Int, refusals: Int) {
        (strayPicks.load(ordering: .relaxed), refusals.load(ordering: .relaxed))
    }

    /// What sees the endpoints go.
    var hosts: Witness { witness.withLock { $0 } }

    private func random(_ number: Int) -> SeededGenerator {
        SeededGenerator(seed: seed &+ UInt64(number) &* 0x1_0000)
    }

    private func request(_ random: inout SeededGenerator) -> PickRequest {
        PickRequest(keyHash: random.next(below: 2) == 0 ? random.next() : nil)
    }

    private func outcome(_ random: inout SeededGenerator) -> Outcome {
        switch random.next(below: 4) {
        case 0: .failure
        case 1: .cancelled
        default: .success
        }
    }

    /// Notes a pick that began when `epoch` updates had returned.
    private func begun(_ resident: Resident, epoch: Int) {
        if resident.lastEpoch.load(ordering: .acquiring) < epoch { strayPicks.add(1, ordering: .relaxed) }
        resident.begin()
    }

    private func end(_ lease: SharedLease<Resident>, _ outcome: Outcome) {
        lease.backend.endpoint.end(outcome)
        lease.finish(outcome)
        lease.finish(.failure)
    }

    func thread(_ number: Int) {
        switch number {
        case 0: update()
        case 1: admit()
        case 2, 3: pickAsWorker(number)
        default: pick(number)
        }
    }

    /// Keeps replacing the set: guests come, go, come back, or are replaced by others of the same name.
    private func update() {
        var random = random(0)
        var others: [String: Resident] = [:]
        for number in 0..<steps / 2 {
            let present = guests.withLock { $0 }
            var next: [String: Resident] = [:]
            for guest in 0..<6 {
                let name = "guest \(guest)"
                switch random.next(below: 5) {
                case 0, 1: next[name] = present[name]
                case 2: next[name] = others[name] ?? present[name]
                case 3:
                    let new = Resident(name)
                    witness.withLock { $0.watch(new) }
                    next[name] = new
                default: break
                }
            }
            for (name, guest) in present where next[name] !== guest {
                guest.lastEpoch.store(number, ordering: .releasing)
                others[name] = guest
            }
            for guest in next.values { guest.lastEpoch.store(.max, ordering: .releasing) }
            var backends = residents.map { Backend(id: $0.name, endpoint: $0, weight: 1 + Int(random.next(below: 3))) }
            for guest in next.values {
                backends.append(Backend(id: guest.name, endpoint: guest, weight: Int(random.next(below: 4))))
            }
            backends.shuffle(using: &random)
            do { try balancer.update(backends) } catch { Issue.record(error) }
            epoch.store(number + 1, ordering: .releasing)
            guests.withLock { $0 = next }
        }
    }

    /// Moves gates and fractions of all but the first resident, and looks at everything.
    private func admit() {
        var random = random(1)
        var version: UInt64 = 0
        for _ in 0..<steps {
            let name =
                random.next(below: 2) == 0 ? "resident \(1 + random.next(below: 3))" : "guest \(random.next(below: 6))"
            let gate: Gate = random.next(below: 3) > 0 ? .open : Gate.allCases[random.nextIndex(below: 4)]
            let fraction = Double(random.next(below: 5)) / 4
            balancer.setAdmission(Admission(gate: gate, fraction: fraction), for: name)
            let snapshot = balancer.snapshot()
            #expect(snapshot.version >= version && snapshot.backends.count >= residents.count)
            version = snapshot.version
            for backend in snapshot.backends { #expect(backend.inFlight >= 0 && backend.inFlight < 100_000) }
            for backend in snapshot.draining { #expect(backend.inFlight > 0) }
        }
        for resident in residents { balancer.setAdmission(.full, for: resident.name) }
    }

    /// Takes leases, holds them for a while, and ends them in every way.
    private func pick(_ number: Int) {
        var random = random(number)
        var held: [SharedLease<Resident>] = []
        for _ in 0..<steps {
            let epoch = epoch.load(ordering: .acquiring)
            do throws(BalancerError) {
                let outcome = outcome(&random)
                switch random.next(below: 6) {
                case 0:
                    let lease = try balancer.lease(for: request(&random))
                    begun(lease.endpoint, epoch: epoch)
                    lease.endpoint.end(.cancelled)
                case 1:
                    let connection = try balancer.connectionLease(for: request(&random))
                    begun(connection.endpoint, epoch: epoch)
                    var stream = try connection.stream()
                    connection.endpoint.begin()
                    connection.endpoint.end(outcome)
                    connection.finish(outcome)
                    stream.answered()
                    held.append(stream.share())
                case 2:
                    let lease = try balancer.lease(for: request(&random)).share()
                    begun(lease.backend.endpoint, epoch: epoch)
                    handedOn.withLock { $0.append(lease) }
                case 3:
                    let lease = try balancer.lease(for: request(&random)).share()
                    begun(lease.backend.endpoint, epoch: epoch)
                    held.append(lease)
                default:
                    let lease = try balancer.lease(for: request(&random))
                    begun(lease.endpoint, epoch: epoch)
                    lease.endpoint.end(outcome)
                    lease.finish(outcome)
                }
                while held.count > 8 { end(held.remove(at: random.nextIndex(below: held.count)), outcome) }
            } catch {
                refusals.add(1, ordering: .relaxed)
            }
        }
        for lease in held { end(lease, outcome(&random)) }
    }

    private func pickAsWorker(_ number: Int) {
        var random = random(number)
        var worker = balancer.makeWorker()
        for step in 0..<steps {
            if step % 100 == 99 { worker = balancer.makeWorker() }
            let epoch = epoch.load(ordering: .acquiring)
            do throws(BalancerError) {
                let lease = try worker.lease(for: request(&random))
                begun(lease.endpoint, epoch: epoch)
                let outcome = outcome(&random)
                if random.next(below: 3) > 0 {
                    lease.endpoint.end(outcome)
                    lease.finish(outcome)
                } else {
                    let shared = lease.share()
                    handedOn.withLock { $0.append(shared) }
                }
            } catch {
                refusals.add(1, ordering: .relaxed)
            }
        }
    }

    /// Works across suspensions, with retries, and ends what others have handed on.
    func task(_ number: Int) async {
        var random = random(number + 100)
        for _ in 0..<steps / 2 {
            if let lease = handedOn.withLock({ $0.popLast() }) {
                await Task.yield()
                end(lease, outcome(&random))
            }
            let outcome = outcome(&random)
            let throwing = random.next(below: 3) == 0
            var epoch = epoch.load(ordering: .acquiring)
            do {
                try await balancer.withBackend(for: request(&random), attempts: 2) { backend async throws in
                    begun(backend.endpoint, epoch: epoch)
                    await Task.yield()
                    if throwing {
                        backend.endpoint.end(.failure)
                        epoch = self.epoch.load(ordering: .acquiring)
                        throw Trouble()
                    }
                    backend.endpoint.end(outcome)
                    epoch = self.epoch.load(ordering: .acquiring)
                } classify: {
                    outcome
                }
            } catch is Trouble {
            } catch {
                refusals.add(1, ordering: .relaxed)
            }
        }
    }

    /// Ends what is left over.
    func leave() {
        for lease in handedOn.withLock({ $0 }) { end(lease, .success) }
        handedOn.withLock { $0 = [] }
    }
}

@Suite(.serialized) struct BalancerStressTests {
    @Test(arguments: PolicyName.allCases)
    func everythingAtOnce(name: PolicyName) async throws {
        let seed: UInt64 = 20_260_101
        let hosts = try await everythingAtOnce(name, seed: seed)
        #expect(hosts.living == 0, "nothing is left when the balancer has gone, seed \(seed)")
    }

    private func everythingAtOnce(_ name: PolicyName, seed: UInt64) async throws -> Witness {
        let crowd = try Crowd(name, seed: seed)
        let team = ThreadTeam(Crowd.threadCount) { crowd.thread($0) }
        await withTaskGroup { group in
            for number in 0..<8 { group.addTask { await crowd.task(number) } }
        }
        await team.joined()
        crowd.leave()

        let violations = crowd.violations
        #expect(violations.strayPicks == 0, "after an update nobody picks who is not in the set, seed \(seed)")
        #expect(violations.refusals == 0, "one backend is open all the time, seed \(seed)")
        let snapshot = crowd.balancer.snapshot()
        #expect(snapshot.inFlight == 0, "seed \(seed)")
        #expect(snapshot.draining.isEmpty, "\(snapshot.draining), seed \(seed)")
        for resident in crowd.residents {
            let backend = try #require(snapshot[resident.name])
            let ended = Outcomes(Int(backend.successes), Int(backend.failures), Int(backend.cancellations))
            #expect(Int(backend.picks) == resident.tally.begun && ended == resident.tally.ended, "seed \(seed)")
            #expect(resident.tally.begun == resident.tally.ended.total, "the test ends what it begins")
        }
        return crowd.hosts
    }
}
