import Testing

@testable import LoadBalancing

/// The ways in which a lease may end, each with what it counts as.
enum LeasePath: CaseIterable {
    case finished, failed, cancelled, dropped, thrownPast, heldAcrossAwait, droppedByATask
    case sharedAndFinishedTwice, sharedAndDropped, sharedByTasks, answered, answeredAndDropped
    case connection, streamOnAConnection, streamOutlivesItsConnection, streamOfAShared

    var outcomes: Outcomes {
        switch self {
        case .finished, .heldAcrossAwait, .answered, .connection: Outcomes(1, 0, 0)
        case .failed, .sharedAndFinishedTwice, .sharedByTasks: Outcomes(0, 1, 0)
        case .cancelled, .dropped, .thrownPast, .droppedByATask, .sharedAndDropped, .answeredAndDropped:
            Outcomes(0, 0, 1)
        case .streamOnAConnection: Outcomes(1, 1, 0)
        case .streamOutlivesItsConnection: Outcomes(1, 0, 1)
        case .streamOfAShared: Outcomes(1, 1, 0)
        }
    }

    private struct Trouble: Error {}

    func take(from balancer: LoadBalancer<String>) async throws {
        func expectInFlight(_ count: Int) { #expect(balancer.snapshot().inFlight == count, "\(self)") }
        switch self {
        case .finished:
            let lease = try balancer.lease()
            expectInFlight(1)
            lease.finish()
        case .failed:
            let lease = try balancer.lease()
            expectInFlight(1)
            lease.finish(.failure)
        case .cancelled:
            try balancer.lease().finish(.cancelled)
        case .dropped:
            let lease = try balancer.lease()
            expectInFlight(1)
            _ = consume lease
        case .thrownPast:
            #expect(throws: Trouble.self) {
                let lease = try balancer.lease()
                expectInFlight(1)
                if lease.id != "nobody" { throw Trouble() }
                lease.finish()
            }
        case .heldAcrossAwait:
            let lease = try balancer.lease()
            await Task { expectInFlight(1) }.value
            lease.finish()
        case .droppedByATask:
            let lease = try balancer.lease()
            await Task { [lease = lease.share()] in #expect(lease.isOpen) }.value
        case .sharedAndFinishedTwice:
            let lease = try balancer.lease().share()
            expectInFlight(1)
            #expect(lease.isOpen)
            lease.finish(.failure)
            #expect(!lease.isOpen)
            expectInFlight(0)
            lease.finish(.success)
        case .sharedAndDropped:
            let lease = try balancer.lease().share()
            let alias = lease
            expectInFlight(1)
            #expect(alias === lease)
        case .sharedByTasks:
            let lease = try balancer.lease().share()
            await withTaskGroup { group in
                for _ in 0..<8 { group.addTask { lease.finish(.failure) } }
            }
        case .answered:
            var lease = try balancer.lease()
            lease.answered(.failure)
            expectInFlight(1)
            lease.finish()
        case .answeredAndDropped:
            var lease = try balancer.lease()
            lease.answered()
            expectInFlight(1)
            _ = consume lease
        case .connection:
            let connection = try balancer.connectionLease()
            expectInFlight(1)
            connection.finish()
        case .streamOnAConnection:
            let connection = try balancer.connectionLease()
            let stream = try connection.stream()
            #expect(stream.id == connection.id)
            expectInFlight(2)
            stream.finish(.failure)
            expectInFlight(1)
            connection.finish()
        case .streamOutlivesItsConnection:
            let connection = try balancer.connectionLease()
            let stream = try connection.stream()
            connection.finish(.cancelled)
            expectInFlight(1)
            stream.finish()
        case .streamOfAShared:
            let connection = try balancer.connectionLease().share()
            let stream = try connection.stream()
            connection.finish(.failure)
            #expect(throws: BalancerError(.ended)) { try connection.stream().finish() }
            expectInFlight(1)
            stream.finish()
        }
        expectInFlight(0)
    }
}

@Suite struct LeaseTests {
    @Test(arguments: PolicyName.allCases, LeasePath.allCases)
    func endsExactlyOnceOnEveryPath(name: PolicyName, path: LeasePath) async throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named("ab"), seed: 1)
        try await path.take(from: balancer)
        let snapshot = balancer.snapshot()
        #expect(snapshot.inFlight == 0, "nothing is left in flight")
        #expect(snapshot.outcomes == path.outcomes)
        #expect(snapshot.backends.reduce(0) { $0 + Int($1.picks) } == path.outcomes.total)
    }

    @Test func sumsOfStartTimesFallToNothingAsWell() throws {
        let registry = SlotRegistry(
            time: .system, measurement: Measurement(latency: nil, sumsStartTimes: true), loadIndex: nil)
        let slots = registry.hold([("a", Host("a"))], isSame: { _, _ in true })
        defer { registry.release(slots) }
        for outcome in [Outcome.success, .failure, .cancelled, .success] {
            let start = Timestamp(nanoseconds: 7_000_000)
            let deltas = registry.measurement.deltas(start: start)
            #expect(slots[0].begin(deltas.begin))
            #expect(slots[0].load.inFlight == 1)
            #expect(slots[0].load.upper == 7_000)
            Lease<String>(slot: slots[0], start: start).finish(outcome)
        }
        let counters = slots[0].counters
        #expect(slots[0].load.bits == 1, "only the membership is left")
        #expect([counters.begun, counters.successes, counters.failures, counters.cancellations] == [4, 2, 1, 1])
    }

    @Test func knowsItsBackend() throws {
        let balancer = try LoadBalancer(
            policy: .roundRobin, backends: [Backend(id: "a", endpoint: 17, weight: 3)], seed: 1)
        let lease = try balancer.lease()
        #expect(lease.id == "a")
        #expect(lease.endpoint == 17)
        #expect(lease.backend.id == "a")
        #expect(lease.backend.endpoint == 17)
        #expect(lease.slotID == balancer.slotsInForce[0].id)
        let shared = lease.share()
        #expect(shared.backend.id == "a")
        #expect(shared.backend.endpoint == 17)
    }
}

@Suite struct LeaseLifetimeTests {
    /// Two hosts behind a balancer, and what sees them go.
    private func balancer(_ policy: AnyPolicy) throws -> (balancer: LoadBalancer<Host>, hosts: Witness) {
        let hosts = [Host("a"), Host("b")]
        var witness = Witness()
        for host in hosts { witness.watch(host) }
        let backends = hosts.map { Backend(id: $0.name, endpoint: $0) }
        return (try LoadBalancer(policy: policy, backends: backends, seed: 1), witness)
    }

    /// A lease of a balancer that is gone; `hosts` watches the balancer and its two hosts.
    private func leaseOfAFormerBalancer(_ policy: AnyPolicy, hosts: inout Witness) throws -> Lease<Host> {
        let made = try balancer(policy)
        hosts = made.hosts
        hosts.watch(made.balancer)
        return try made.balancer.lease()
    }

    @Test(arguments: PolicyName.allCases)
    func outlivesItsBalancer(name: PolicyName) throws {
        var hosts = Witness()
        let first = try leaseOfAFormerBalancer(name.policy, hosts: &hosts)
        let stream = try first.stream()
        #expect(hosts.living == 1, "the host of the leases is kept; the other and the balancer are not")
        #expect([first.endpoint.name] == [first.id])
        first.finish()
        #expect(hosts.living == 1)
        #expect([stream.endpoint.name] == [stream.id])
        stream.finish(.failure)
        #expect(hosts.living == 0, "gone with the last lease")
    }

    @Test(arguments: PolicyName.allCases)
    func keepsARemovedBackendsEndpointAndNoLonger(name: PolicyName) throws {
        let (balancer, hosts) = try balancer(name.policy)
        let lease = try balancer.lease().share()
        try balancer.update([])
        #expect(hosts.living == 1)
        #expect(balancer.snapshot().draining == [DrainingBackend(id: lease.backend.id, inFlight: 1)])
        let name = lease.backend.endpoint.name
        #expect(name == lease.backend.id)
        lease.finish()
        #expect(balancer.snapshot().draining.isEmpty)
    }

    @Test func aBalancerWithoutLeasesLetsGoOfEverything() throws {
        for name in PolicyName.allCases {
            var (balancer, hosts): (LoadBalancer<Host>?, Witness) = try balancer(name.policy)
            for _ in 0..<10 { try balancer?.lease().finish() }
            balancer = nil
            #expect(hosts.living == 0, "\(name)")
        }
    }

    @Test func removalFreesAnIdleBackendAtOnce() throws {
        for name in PolicyName.allCases {
            let (balancer, hosts) = try balancer(name.policy)
            for _ in 0..<10 { try balancer.lease().finish() }
            try balancer.update([])
            #expect(hosts.living == 0, "\(name)")
        }
    }
}
