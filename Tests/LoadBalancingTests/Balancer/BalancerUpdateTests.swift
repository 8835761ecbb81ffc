import Synchronization
import Testing

@testable import LoadBalancing

@Suite struct BalancerUpdateTests {
    private func ids(_ balancer: LoadBalancer<String>) -> [String: UInt32] {
        let names = balancer.snapshot().backends.map(\.id)
        return Dictionary(uniqueKeysWithValues: zip(names, balancer.slotsInForce.map(\.id)))
    }

    @Test(arguments: PolicyName.allCases)
    func countsAveragesAndAdmissionsSurvive(name: PolicyName) throws {
        let time = ManualTime()
        let balancer = try LoadBalancer(
            policy: name.policy, backends: LoadBalancer<String>.named("abc"), time: .manual(time), seed: 1)
        balancer.setAdmission(Admission(gate: .open, fraction: 0.5), for: "b")
        for count in 0..<60 {
            let lease = try balancer.lease()
            time.advance(by: .milliseconds(5))
            lease.finish(count % 3 == 0 ? .failure : count % 3 == 1 ? .success : .cancelled)
        }
        let held = try (0..<6).map { _ in try balancer.lease().share() }
        let before = balancer.snapshot()
        let slots = ids(balancer)

        try balancer.update([Backend("c"), Backend("d", weight: 7), Backend("b", weight: 4), Backend("a")])

        let after = balancer.snapshot()
        #expect(after.backends.map(\.id) == ["c", "d", "b", "a"])
        #expect(after.backends.map(\.weight) == [1, 7, 4, 1])
        #expect(after.version == before.version + 1)
        for id in ["a", "b", "c"] {
            let (old, new) = (try #require(before[id]), try #require(after[id]))
            #expect(old.picks == new.picks && old.inFlight == new.inFlight && old.latency == new.latency)
            #expect(old.successes == new.successes && old.failures == new.failures)
            #expect(old.cancellations == new.cancellations && old.admission == new.admission)
            #expect(ids(balancer)[id] == slots[id])
        }
        #expect(after["d"]?.picks == 0 && after["d"]?.admission == .full && after["d"]?.latency == nil)
        #expect(before.outcomes.total == 60 && before.inFlight == 6)
        held.forEach { $0.finish() }
        #expect(balancer.snapshot().inFlight == 0)
        #expect(balancer.snapshot().draining.isEmpty)
    }

    @Test(arguments: PolicyName.allCases)
    func whoComesBackWhileDrainingGoesOnWhereItWas(name: PolicyName) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: [Backend("a")], seed: 1)
        try balancer.lease().finish(.failure)
        let lease = try balancer.lease()
        let slot = lease.slotID

        try balancer.update([Backend("b")])
        #expect(balancer.snapshot().draining == [DrainingBackend(id: "a", inFlight: 1)])
        #expect(balancer.snapshot()["a"] == nil)

        try balancer.update([Backend("a"), Backend("b")])
        #expect(balancer.snapshot().draining.isEmpty)
        #expect(ids(balancer)["a"] == slot)
        let back = try #require(balancer.snapshot()["a"])
        #expect(back.picks == 2 && back.inFlight == 1 && back.failures == 1)
        lease.finish()
        let ended = try #require(balancer.snapshot()["a"])
        #expect(ended.picks == 2 && ended.inFlight == 0 && ended.successes == 1)
        #expect(try balancer.picks(1, for: trying(balancer, except: "a")) == "a", "and is picked again")
    }

    @Test(arguments: PolicyName.allCases)
    func whoComesBackAfterDrainingBeginsAnew(name: PolicyName) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: [Backend("a")], seed: 1)
        let lease = try balancer.lease()
        let slot = lease.slotID
        try balancer.update([Backend("b")])
        lease.finish()
        #expect(balancer.snapshot().draining.isEmpty)
        try balancer.update([Backend("a"), Backend("b")])
        #expect(ids(balancer)["a"] != slot)
        #expect(balancer.snapshot()["a"]?.picks == 0)
    }

    @Test func aRoundTripOfManyUpdatesWhileDraining() throws {
        let balancer = try LoadBalancer(policy: .leastConnections, backends: [Backend("a")], seed: 1)
        let lease = try balancer.lease()
        for _ in 0..<20 {
            try balancer.update([])
            #expect(balancer.snapshot().draining == [DrainingBackend(id: "a", inFlight: 1)])
            try balancer.update([Backend("a")])
            #expect(balancer.snapshot()["a"]?.inFlight == 1)
        }
        lease.finish()
        #expect(balancer.snapshot()["a"]?.inFlight == 0)
        #expect(balancer.snapshot()["a"]?.successes == 1)
        #expect(balancer.snapshot().version == 41)
    }

    @Test func theEmptySetIsASet() throws {
        for name in PolicyName.allCases {
            let balancer = try LoadBalancer(policy: name.policy, backends: [Backend("a")], seed: 1)
            try balancer.update([])
            #expect(balancer.snapshot().backends.isEmpty)
            #expect(throws: BalancerError(.noBackends)) { try balancer.lease().finish() }
            try balancer.update([Backend("b")])
            #expect(try balancer.picks(2) == "bb", "\(name)")
        }
    }

    @Test(arguments: [
        (
            [Backend("a"), Backend("b"), Backend("a")], BackendSetError(.duplicateIdentity, id: "a"),
            "\"a\" stands twice"
        ),
        ([Backend("a", weight: -1)], BackendSetError(.weightOutOfRange(-1), id: "a"), "has weight -1"),
        (
            [Backend("x"), Backend("y", weight: 1 << 31 + 1)], BackendSetError(.weightOutOfRange(1 << 31 + 1), id: "y"),
            "from 0 to 2147483648"
        ),
    ])
    func aSetWithAMistakeIsRefused(set: [Backend<String>], error: BackendSetError, text: String) throws {
        #expect(throws: error) { try LoadBalancer(policy: .random, backends: set) }
        #expect(error.description.contains(text))
        for name in PolicyName.allCases {
            let balancer = try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named("pq"), seed: 1)
            let held = try balancer.lease()
            #expect(throws: error) { try balancer.update(set) }
            let snapshot = balancer.snapshot()
            #expect(snapshot.backends.map(\.id) == ["p", "q"], "the set in force stays in force")
            #expect(snapshot.version == 1)
            #expect(snapshot.inFlight == 1)
            held.finish()
            #expect(Set(try balancer.picks(40)).isSubset(of: "pq"))
        }
    }

    @Test func weightsReachFromNothingToTheLargest() throws {
        for name in PolicyName.allCases where name != .random && name != .roundRobin {
            let largest = Self.keepsUnitsOfWeight(name) ? 1 << 22 : 1 << 31
            let balancer = try LoadBalancer(
                policy: name.policy, backends: [Backend("a", weight: 0), Backend("b", weight: largest)], seed: 1)
            #expect(try balancer.picks(5) == "bbbbb", "\(name)")
        }
    }

    /// Whether a policy has something for each unit of weight, and so an end to weights.
    static func keepsUnitsOfWeight(_ name: PolicyName) -> Bool {
        [.jumpHash, .multiProbe, .memento].contains(name)
    }

    @Test func admissionsGoWithTheIdentity() throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("ab"), seed: 1)
        #expect(balancer.setAdmission(Admission(gate: .down), for: "a"))
        #expect(!balancer.setAdmission(Admission(gate: .down), for: "x"))
        #expect(try balancer.picks(4) == "bbbb")
        try balancer.update(LoadBalancer<String>.named("ba"))
        #expect(balancer.snapshot()["a"]?.admission.gate == .down)
        #expect(try balancer.picks(4) == "bbbb")
        try balancer.update(LoadBalancer<String>.named("b"))
        #expect(!balancer.setAdmission(.full, for: "a"), "it is not in the set any more")
        try balancer.update(LoadBalancer<String>.named("ab"))
        #expect(balancer.snapshot()["a"]?.admission == .full, "who left and comes back begins with its whole share")
    }

    @Test func turnsGoOnOverAnUpdate() throws {
        let balancer = try LoadBalancer(
            policy: AnyPolicy(RoundRobinPolicy(start: 0)), backends: LoadBalancer<String>.named("abcd"), seed: 1)
        #expect(try balancer.picks(2) == "ab")
        try balancer.update(LoadBalancer<String>.named("abcde"))
        #expect(try balancer.picks(4) == "cdea")
    }

    @Test func followsASequenceOfSets() async throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("a"), seed: 1)
        let sets = AsyncStream { continuation in
            for names in ["ab", "b", "", "cd"] { continuation.yield(LoadBalancer<String>.named(names)) }
            continuation.finish()
        }
        try await balancer.follow(sets)
        #expect(balancer.snapshot().backends.map(\.id) == ["c", "d"])
        #expect(balancer.snapshot().version == 5)
    }

    @Test func followingPassesOverASetThatIsRefused() async throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("a"), seed: 1)
        func sets() -> AsyncStream<[Backend<String>]> {
            AsyncStream { continuation in
                for names in ["ab", "xx", "cd", "yzz"] { continuation.yield(LoadBalancer<String>.named(names)) }
                continuation.finish()
            }
        }
        var refused: [BackendSetError] = []
        var inForce: [String] = []
        try await balancer.follow(sets()) { error in
            refused.append(error)
            inForce.append(balancer.snapshot().backends.map(\.id).joined())
        }
        let duplicates = ["x", "z"].map { BackendSetError(.duplicateIdentity, id: $0) }
        #expect(refused == duplicates)
        #expect(inForce == ["ab", "cd"], "the last good set stays in force")
        #expect(balancer.snapshot().version == 3)
        try await balancer.follow(sets())
        #expect(balancer.snapshot().backends.map(\.id) == ["c", "d"])
        await #expect(throws: duplicates[0]) { try await balancer.follow(sets()) { throw $0 } }
        #expect(balancer.snapshot().backends.map(\.id) == ["a", "b"], "ended by the caller's word")
    }

    @Test func followingEndsWithItsTask() async throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("a"), seed: 1)
        let (sets, continuation) = AsyncStream.makeStream(of: [Backend<String>].self)
        let following = Task { try await balancer.follow(sets) }
        following.cancel()
        try await following.value
        continuation.yield(LoadBalancer<String>.named("b"))
        #expect(balancer.snapshot().backends.map(\.id) == ["a"])
    }

    @Test func slotsAreUsedAgain() throws {
        for name in [PolicyName.roundRobin, .leastConnections, .peakEWMA] {
            let balancer = try LoadBalancer<String>(policy: name.policy, backends: [], seed: 1)
            var addresses: Set<UInt> = []
            var ids: Set<UInt32> = []
            var leaves: Set<UInt32> = []
            for round in 0..<1_000 {
                try balancer.update((0..<4).map { Backend("\(round) \($0)") })
                try balancer.lease().finish()
                for slot in balancer.slotsInForce {
                    addresses.insert(unsafe UInt(bitPattern: slot.storage))
                    ids.insert(slot.id)
                    leaves.insert(slot.leaf)
                }
            }
            #expect(ids.count == 4_000, "each backend had a number of its own")
            // The new set's slots are taken before the old one's are given back: two sets, in slabs of eight.
            #expect(addresses.count <= 16, "\(addresses.count) places for two sets of four")
            #expect(leaves.count <= 8)
        }
    }

    /// A request that was tried on everybody but one.
    private func trying(_ balancer: LoadBalancer<String>, except id: String) -> PickRequest {
        var request = PickRequest()
        for (name, slot) in ids(balancer) where name != id { request.tried.insert(slot) }
        return request
    }
}

/// An endpoint that asks its balancer something when it goes.
private final class Inquirer: Sendable {
    let balancer: Guarded<LoadBalancer<Inquirer>?>
    let answers: Answers

    init(_ answers: Answers) {
        balancer = Guarded(nil)
        self.answers = answers
    }

    func ask(_ balancer: LoadBalancer<Inquirer>) {
        self.balancer.withLock { $0 = balancer }
    }

    deinit {
        guard let balancer = balancer.withLock({ $0 }) else { return }
        answers.versions.withLock { $0.append(balancer.snapshot().version) }
    }
}

private final class Answers: Sendable {
    let versions = Guarded<[UInt64]>([])
}

/// Takes long to make a picker for three backends.
private struct SlowPolicy: Policy {
    let turnstile: Turnstile

    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> RoundRobin {
        if pool.count == 3 { turnstile.pass() }
        return RoundRobin(for: pool, start: 0, seed: seed)
    }
}

@Suite struct SlowUpdateTests {
    /// Until the other set is in force, a backend is who it was.
    @Test(.timeLimit(.minutes(1))) func anEndpointChangesWithItsSet() throws {
        let turnstile = Turnstile()
        let balancer = try Balancer(
            policy: SlowPolicy(turnstile: turnstile),
            backends: [Backend(id: "a", endpoint: 1), Backend(id: "b", endpoint: 1)],
            seed: 1)
        let update = ThreadTeam(1) { _ in
            try? balancer.update(["b", "a", "c"].map { Backend(id: $0, endpoint: $0 == "a" ? 2 : 1) })
        }
        turnstile.waitUntilInside()
        for (id, endpoint) in [("a", 1), ("b", 1)] {
            switch balancer.lease(on: id) {
            case .granted(let lease): #expect(lease.endpoint == endpoint)
            case .refused(let presence): Issue.record("\(id) is \(presence)")
            }
        }
        turnstile.release()
        update.join()
        switch balancer.lease(on: "a") {
        case .granted(let lease): #expect(lease.endpoint == 2)
        case .refused(let presence): Issue.record("a is \(presence)")
        }
    }

    /// While a picker is made for another set, everything else goes on with the old one.
    @Test(.timeLimit(.minutes(1))) func nobodyWaitsForAPickerThatIsBeingMade() throws {
        let turnstile = Turnstile()
        let balancer = try Balancer(
            policy: SlowPolicy(turnstile: turnstile), backends: Balancer<String, SlowPolicy>.named("ab"), seed: 1)
        let update = ThreadTeam(1) { _ in try? balancer.update(Balancer<String, SlowPolicy>.named("cba")) }
        turnstile.waitUntilInside()
        #expect(try balancer.picks(4) == "abab")
        #expect(balancer.snapshot().backends.map(\.id) == ["a", "b"])
        #expect(balancer.presence(of: "a") == .present && balancer.presence(of: "c") == .gone)
        switch balancer.lease(on: "b") {
        case .granted(let lease): lease.finish()
        case .refused(let presence): Issue.record("b is \(presence)")
        }
        #expect(balancer.setAdmission(Admission(gate: .draining), for: "a"))
        #expect(!balancer.setAdmission(Admission(gate: .draining), for: "c"))
        var worker = balancer.makeWorker()
        try worker.lease().finish()
        let next = ThreadTeam(1) { _ in try? balancer.update(Balancer<String, SlowPolicy>.named("abcd")) }
        turnstile.release()
        update.join()
        next.join()
        #expect(balancer.snapshot().backends.map(\.id) == ["a", "b", "c", "d"])
        #expect(balancer.presence(of: "a") == .draining, "what was set meanwhile counts")
        #expect(balancer.snapshot().version == 3)
        #expect(try worker.lease().id != "a")
        var other = balancer.makeWorker()
        #expect(try other.lease().id != "a")
    }
}

@Suite struct BalancerReentranceTests {
    @Test func anEndpointThatGoesMayAskTheBalancer() throws {
        let answers = Answers()
        let balancer = try LoadBalancer<Inquirer>(policy: .leastConnections, backends: [], seed: 1)
        func add(_ name: String) throws {
            let inquirer = Inquirer(answers)
            inquirer.ask(balancer)
            try balancer.update([Backend(id: name, endpoint: inquirer)])
        }
        try add("a")
        #expect(answers.versions.withLock { $0 } == [])
        try add("b")
        #expect(answers.versions.withLock { $0 } == [3])
        let lease = try balancer.lease()
        try balancer.update([])
        #expect(answers.versions.withLock { $0 } == [3], "the lease keeps it")
        lease.finish()
        #expect(answers.versions.withLock { $0 } == [3, 4])
    }
}
