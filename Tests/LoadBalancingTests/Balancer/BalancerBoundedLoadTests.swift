import Foundation
import Synchronization
import Testing

@testable import LoadBalancing

/// Bounds where leases count in.
@Suite struct BalancerBoundedLoadTests {
    typealias Rule = BoundedLoadPolicy<RendezvousPolicy>

    private static func balancer(
        _ weights: [Int], factor: Double = 1.25, stripeLimit: Int = 64
    ) throws -> Balancer<String, Rule> {
        try Balancer(
            policy: Rule(RendezvousPolicy(), factor: factor),
            backends: WeightedName.servers(weights).map { Backend($0.name, weight: $0.weight) }, seed: 1,
            stripeLimit: stripeLimit)
    }

    /// What a backend of `weight` may have where `total` leases are in flight.
    private static func bound(_ total: Int, weight: Int = 1, of sum: Int, factor: Double = 1.25) -> Int {
        Int((factor * Double(total * weight) / Double(sum) - 1e-9).rounded(.up))
    }

    /// After each lease its backend has no more than its bound by the leases then in flight; whatever ends meanwhile.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func noLeaseExceedsTheBound(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let weights = random.numbers(random.number(in: 1...8), in: 1...5)
        let sum = weights.reduce(0, +)
        let balancer = try Self.balancer(weights)
        var held: [SharedLease<String>] = []
        for _ in 0..<400 {
            if held.count > 60 || random.number(in: 0...3) == 0, let lease = held.indices.randomElement(using: &random)
            {
                held.remove(at: lease).finish()
                continue
            }
            // Two keys in three are one and the same.
            let key = random.number(in: 0...2) == 0 ? random.next() : 1
            let lease = try balancer.lease(for: PickRequest(keyHash: key)).share()
            held.append(lease)
            let snapshot = balancer.snapshot()
            let backend = try #require(snapshot[lease.backend.id])
            #expect(
                backend.inFlight <= Self.bound(held.count, weight: backend.weight, of: sum), "seed \(seed)")
            #expect(snapshot.inFlight == held.count)
        }
        #expect(balancer.totalInFlight == held.count)
        held.forEach { $0.finish() }
        #expect(balancer.totalInFlight == 0)
    }

    @Test func everyKindOfLeaseIsInTheTotal() throws {
        let balancer = try Self.balancer([1, 1])
        var lease = try balancer.lease()
        lease.answered()
        let connection = try balancer.connectionLease()
        let stream = try connection.stream()
        var worker = balancer.makeWorker()
        let other = try worker.lease()
        #expect(balancer.totalInFlight == 4)
        try balancer.update([])
        #expect(balancer.totalInFlight == 4, "who has left has its leases still")
        lease.finish()
        connection.finish(.failure)
        stream.finish(.cancelled)
        other.finish()
        #expect(balancer.totalInFlight == 0)
        #expect(throws: BalancerError(.noBackends)) { try balancer.lease().finish() }
        #expect(balancer.totalInFlight == 0)
    }

    @Test func updatesAndGatesMoveTheBound() throws {
        let balancer = try Self.balancer([1, 1, 1, 1])
        let names = balancer.snapshot().backends.map(\.id)
        let held = try (0..<80).map { _ in try balancer.lease(for: PickRequest(keyHash: 1)).share() }
        #expect(balancer.snapshot().backends.map(\.inFlight).max() == 25)
        balancer.setAdmission(Admission(gate: .down), for: names[0])
        balancer.setAdmission(Admission(gate: .down), for: names[1])
        let more = try (0..<40).map { _ in try balancer.lease(for: PickRequest(keyHash: 1)).share() }
        #expect(more.allSatisfy { [names[2], names[3]].contains($0.backend.id) })
        try balancer.update([Backend(names[3])])
        let last = try balancer.lease(for: PickRequest(keyHash: 1))
        #expect(last.id == names[3], "alone it may have all")
        last.finish()
        (held + more).forEach { $0.finish() }
        #expect(balancer.totalInFlight == 0)
    }

    @Test func anErasedBoundIsABound() throws {
        let backends = WeightedName.servers(4).map { Backend($0.name) }
        let erased = try LoadBalancer(policy: AnyPolicy(Rule(RendezvousPolicy())), backends: backends, seed: 1)
        let concrete = try Self.balancer([1, 1, 1, 1])
        var held: [SharedLease<String>] = []
        for _ in 0..<100 {
            let one = try erased.lease(for: .key("hot")).share()
            let other = try concrete.lease(for: .key("hot")).share()
            #expect(one.backend.id == other.backend.id)
            held += [one, other]
        }
        #expect(erased.snapshot().backends.map(\.inFlight).max() == 32)
        held.forEach { $0.finish() }
        let policy = try #require(AnyPolicy(Rule(RendezvousPolicy())).base as? Rule)
        #expect(policy == Rule(RendezvousPolicy()) && policy.requirements.countsInFlight)
    }

    /// Threads that all want one key's backend, and never let go: at every moment nobody has more than the bound by what is in
    /// flight at that moment or later.
    @Test(arguments: [1, 8], [[1, 1, 1, 1, 1], [4, 1, 2]])
    func threadsThatRaceForTheLastPlaceKeepTheBound(stripeLimit: Int, weights: [Int]) async throws {
        let balancer = try Self.balancer(weights, stripeLimit: stripeLimit)
        let sum = weights.reduce(0, +)
        let held = Guarded<[SharedLease<String>]>([])
        let excesses = Atomic<Int>(0)
        let team = ThreadTeam(6) { _ in
            for _ in 0..<200 {
                do {
                    let lease = try balancer.lease(for: PickRequest(keyHash: 1)).share()
                    let loads = balancer.snapshot().backends
                    // Read after the loads: leases only begin here.
                    let total = balancer.snapshot().inFlight
                    for backend in loads
                    where backend.inFlight > Self.bound(total, weight: backend.weight, of: sum) {
                        excesses.add(1, ordering: .relaxed)
                    }
                    held.withLock { $0.append(lease) }
                } catch {
                    Issue.record(error)
                }
            }
        }
        await team.joined()
        #expect(excesses.load(ordering: .relaxed) == 0)
        #expect(balancer.totalInFlight == 1_200)
        let loads = balancer.snapshot().backends
        #expect(loads.allSatisfy { $0.inFlight <= Self.bound(1_200, weight: $0.weight, of: sum) })
        held.withLock { $0.forEach { $0.finish() } }
        #expect(balancer.totalInFlight == 0)
    }

    /// Threads with up to ten leases each, on a handful of keys, while gates and sets change: nobody ever has more than the
    /// bound by the most that can be in flight.
    @Test func theBoundHoldsWhileLeasesComeAndGo() async throws {
        let balancer = try Self.balancer([1, 1, 1, 1, 1, 1])
        let backends = balancer.snapshot().backends.map { Backend($0.id) }
        let (threads, most) = (6, 10)
        let excesses = Atomic<Int>(0)
        let refusals = Atomic<Int>(0)
        let team = ThreadTeam(threads + 1) { number in
            var random = SeededGenerator(seed: UInt64(number))
            guard number < threads else {
                for _ in 0..<300 {
                    // Who is up: at the least the four that the bound is reckoned by.
                    let id = backends[random.number(in: 4...5)].id
                    balancer.setAdmission(Admission(gate: random.number(in: 0...1) == 0 ? .down : .open), for: id)
                    do { try balancer.update(backends.shuffled(using: &random)) } catch { Issue.record(error) }
                    for backend in balancer.snapshot().backends
                    where backend.inFlight > Self.bound(threads * most, of: 4) {
                        excesses.add(1, ordering: .relaxed)
                    }
                }
                return
            }
            var held: [SharedLease<String>] = []
            for _ in 0..<1_000 {
                if held.count == most { held.remove(at: random.number(in: 0...most - 1)).finish() }
                do {
                    held.append(try balancer.lease(for: PickRequest(keyHash: random.next(below: 3))).share())
                } catch {
                    refusals.add(1, ordering: .relaxed)
                }
            }
            held.forEach { $0.finish() }
        }
        await team.joined()
        #expect(excesses.load(ordering: .relaxed) == 0)
        #expect(refusals.load(ordering: .relaxed) == 0, "there is always somebody who is not full")
        #expect(balancer.totalInFlight == 0)
        #expect(balancer.snapshot().inFlight == 0)
    }
}

extension Balancer {
    /// The leases in flight as counted over all slots.
    fileprivate var totalInFlight: Int? { membership.registry.totalInFlight }
}
