import Synchronization
import Testing

@testable import LoadBalancing

/// Policies by key with all that they can be told, while everything changes.
@Suite struct BalancerKeyedTests {
    static let table = MaglevDialect.standard(size: 509)

    static let policies: [AnyPolicy] = [
        AnyPolicy(MaglevPolicy(dialect: table)), AnyPolicy(MaglevPolicy(dialect: table, repairs: true)),
        AnyPolicy(RingHashPolicy(dialect: .libmemcachedWeighted)), AnyPolicy(MementoPolicy()),
        AnyPolicy(BoundedLoadPolicy(MaglevPolicy(dialect: table, repairs: true))),
        AnyPolicy(BoundedLoadPolicy(RingHashPolicy(dialect: .standard(pointsPerBackend: 20)), factor: 2)),
        AnyPolicy(BoundedLoadPolicy(MementoPolicy(), factor: 1)),
    ]

    /// Threads and workers lease by key while another replaces the set and moves gates: nobody gets a backend that had left when
    /// the lease began, somebody is found every time, and in the end nothing is in flight.
    @Test(arguments: policies.indices)
    func leasesByKeyWhileEverythingChanges(index: Int) async throws {
        // Four that stay, and one guest that is another in each set.
        let residents = WeightedName.servers([1, 2, 1, 3]).map { Backend($0.name, weight: $0.weight) }
        func set(_ number: Int) -> [Backend<String>] {
            residents + [Backend("10.9.\(number / 256).\(number % 256):8080", weight: 1 + number % 3)]
        }
        let balancer = try LoadBalancer(policy: Self.policies[index], backends: set(0), seed: 1)
        let inForce = Atomic<Int>(0)
        let strays = Atomic<Int>(0)
        let refusals = Atomic<Int>(0)
        let updates = 40
        let team = ThreadTeam(5) { number in
            var random = SeededGenerator(seed: UInt64(number))
            if number == 0 {
                for number in 1...updates {
                    let gate: Gate = random.number(in: 0...1) == 0 ? .down : .open
                    balancer.setAdmission(Admission(gate: gate), for: residents[1].id)
                    do { try balancer.update(set(number).shuffled(using: &random)) } catch { Issue.record(error) }
                    inForce.store(number, ordering: .releasing)
                }
                return
            }
            var worker = balancer.makeWorker()
            var held: [SharedLease<String>] = []
            while true {
                let least = inForce.load(ordering: .acquiring)
                let request = PickRequest(keyHash: random.next(below: 40) &* 0x9E37_79B9_7F4A_7C15)
                do {
                    let lease = try number == 1 ? worker.lease(for: request) : balancer.lease(for: request)
                    if let guest = Self.number(of: lease.id), guest < least {
                        strays.wrappingAdd(1, ordering: .relaxed)
                    }
                    held.append(lease.share())
                } catch {
                    refusals.wrappingAdd(1, ordering: .relaxed)
                }
                if held.count > 12 { held.remove(at: random.nextIndex(below: held.count)).finish() }
                if least == updates { break }
            }
            held.forEach { $0.finish() }
        }
        await team.joined()
        #expect(strays.load(ordering: .relaxed) == 0)
        #expect(refusals.load(ordering: .relaxed) == 0)
        #expect(balancer.snapshot().inFlight == 0 && balancer.snapshot().draining.isEmpty)
    }

    /// The number of a guest's set; `nil` for a resident.
    private static func number(of id: String) -> Int? {
        let parts = id.prefix { $0 != ":" }.split(separator: ".").compactMap { Int($0) }
        return parts.count == 4 && parts[1] == 9 ? 256 * parts[2] + parts[3] : nil
    }
}
