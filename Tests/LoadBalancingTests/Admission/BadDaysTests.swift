import Testing

@testable import LoadBalancing

/// Several troubles at once: what each rule proposes, and what follows.
@Suite struct BadDaysTests {
    private let time = ManualTime()

    private func balancer(_ names: String, policy: AnyPolicy = .roundRobin) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: policy, backends: LoadBalancer<String>.named(names),
            resilience: Resilience(
                panicThreshold: 0.5, slowStart: SlowStart(),
                outliers: OutlierDetection(largestEjectedShare: 0.9, successRate: nil), softDrain: SoftDrain(),
                limits: ConcurrencyLimits(perBackend: 100, total: nil), retryBudget: .tokens(),
                keepsHistograms: true),
            time: .manual(time), seed: 1, stripeLimit: 1)
    }

    /// Lets everybody in `names` fail until it is ejected.
    private func fail(_ names: String, on balancer: LoadBalancer<String>) throws {
        for _ in 0..<2_000 {
            let lease = try balancer.lease()
            time.advance(by: .milliseconds(1))
            lease.finish(failingOn: names)
        }
    }

    private func admission(_ balancer: LoadBalancer<String>, _ id: String) -> (Gate, Double, [AdmissionSource])? {
        balancer.snapshot()[id].map {
            ($0.admission.gate, ($0.admission.fraction * 100).rounded() / 100, $0.proposals.objections)
        }
    }

    /// What pickers see in one load.
    private func isUnrestricted(_ balancer: LoadBalancer<String>) -> Bool {
        let state = balancer.membership.current.make(0)
        return state.pool.isUnrestricted
    }

    /// Ejection during slow start, during an update, in a panic; and everything comes to an end.
    @Test func ejectionDuringSlowStartDuringAnUpdateInAPanic() throws {
        let balancer = try balancer("abcd")
        let events = balancer.events(bufferLimit: 1_000)
        try balancer.update(LoadBalancer<String>.named("abcdef"))
        #expect(try #require(admission(balancer, "e")) == (.open, 0.1, [.slowStart]))
        try fail("e", on: balancer)
        #expect(try #require(admission(balancer, "e")) == (.open, 0, [.outlierEjection]))
        balancer.setAdmission(Admission(gate: .down), for: "d")
        try fail("abe", on: balancer)
        let snapshot = balancer.snapshot()
        #expect(snapshot.isPanicking, "c and f of a, b, c, e, f")
        // Fractions are ignored; the gate that was shut by hand is not.
        #expect(snapshot.backends.map(\.admission.fraction) == [1, 1, 1, 1, 1, 1])
        #expect(snapshot.backends.filter { $0.admission.gate != .open }.map(\.id) == ["d"])
        #expect(try Set(balancer.picks(100)) == Set("abcef"))

        // Newcomers warm up for when the panic is over, and end it: 4 of 7.
        try balancer.update(LoadBalancer<String>.named("abcdefgh"))
        #expect(!balancer.snapshot().isPanicking)
        #expect(try #require(admission(balancer, "g")) == (.open, 0.1, [.slowStart]))
        #expect(try #require(admission(balancer, "a")) == (.open, 0, [.outlierEjection]))
        // Removing them brings it back.
        try balancer.update(LoadBalancer<String>.named("abcdef"))
        #expect(balancer.snapshot().isPanicking)

        time.advance(by: .seconds(45))
        balancer.tick()
        #expect(!balancer.snapshot().isPanicking, "the ejections are over")
        #expect(try #require(admission(balancer, "a")) == (.open, 0.1, [.slowStart]))
        time.advance(by: .seconds(100))
        balancer.tick()
        balancer.setAdmission(.full, for: "d")
        #expect(balancer.snapshot().backends.allSatisfy { $0.admission == .full && $0.proposals.objections == [] })
        #expect(isUnrestricted(balancer))

        let kinds = Events.read(events)
        #expect(kinds.count { if case .ejected = $0 { true } else { false } } == 3)
        #expect(kinds.count { if case .returned = $0 { true } else { false } } == 3)
        #expect(kinds.count { if case .panicBegan = $0 { true } else { false } } == 2)
        #expect(kinds.count { if case .panicEnded = $0 { true } else { false } } == 2)
        #expect(kinds.count { if case .updated = $0 { true } else { false } } == 3)
        #expect(events.droppedCount == 0)
    }

    /// What is shut by hand, full, draining or going down stays shut in a panic.
    @Test(arguments: PolicyName.allCases)
    func aPanicOpensNoGate(name: PolicyName) async throws {
        let balancer = try balancer("abcdef", policy: name.policy)
        balancer.setAdmission(Admission(gate: .down), for: "a")
        balancer.setAdmission(Admission(fraction: 0), for: "b")
        await balancer.drain("c", within: .zero)
        for index in 3..<6 {
            balancer.control.change { $0.keepRecords() }
            _ = balancer.control.take(.unhealthy(), from: index)
        }
        #expect(balancer.snapshot().isPanicking)
        let keys = (0..<200 as Range<UInt64>).map { PickRequest(keyHash: $0 &* 0x9E37_79B9_7F4A_7C15) }
        let picked = try Set(keys.map { try balancer.picks(1, for: $0) })
        #expect(picked == ["d", "e", "f"])
    }

    /// When nothing is wrong, pickers are told so with one load, whatever rules there are.
    @Test func nothingIsRestrictedWhenNothingIsWrong() throws {
        let balancer = try balancer("abcd")
        try fail("", on: balancer)
        balancer.tick()
        #expect(isUnrestricted(balancer))
    }

    @Test func withoutRulesNothingIsKept() throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("abc"), seed: 1)
        for _ in 0..<100 { try balancer.lease().finish(.failure) }
        balancer.tick()
        #expect(balancer.control.inspect { $0.records.isEmpty })
        #expect(balancer.snapshot().backends.allSatisfy { $0.admission == .full })
    }
}

/// Rules that call each other on their way, with one thread: nobody waits for itself.
@Suite struct BalancerPassingTests {
    /// Whoever waits is served by picks, failures and time that also tick.
    @Test func ticksAndTheLineDoNotMeet() async throws {
        let time = ManualTime()
        let balancer = try LoadBalancer(
            policy: .roundRobin, backends: LoadBalancer<String>.named("ab"),
            resilience: Resilience(
                slowStart: SlowStart(window: .seconds(1)), outliers: OutlierDetection(consecutiveFailures: 2),
                limits: ConcurrencyLimits(perBackend: 1)),
            time: .manual(time), seed: 1)
        try balancer.update(LoadBalancer<String>.named("abc"))
        await withTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    let outcome: Outcome = number % 3 == 0 ? .failure : .success
                    try? await balancer.withBackend(waitingUpTo: .seconds(1_000)) { _ async in
                        time.advance(by: .milliseconds(30))
                        await Task.yield()
                    } classify: { _ in
                        outcome
                    }
                }
            }
        }
        let snapshot = balancer.snapshot()
        #expect(snapshot.waiting == 0 && snapshot.inFlight == 0)
        #expect(snapshot.outcomes == Outcomes(133, 67, 0))
    }
}
