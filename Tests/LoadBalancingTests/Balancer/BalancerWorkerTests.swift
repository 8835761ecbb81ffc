import Testing

@testable import LoadBalancing

@Suite struct BalancerWorkerTests {
    private func picks(_ worker: inout BalancerWorker<String, AnyPolicy>, _ count: Int) throws -> String {
        var names = ""
        for _ in 0..<count {
            let lease = try worker.lease()
            names += lease.id
            lease.finish()
        }
        return names
    }

    @Test(arguments: PolicyName.allCases)
    func seesAnUpdateAtItsNextPick(name: PolicyName) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named("ab"), seed: 1)
        var worker = balancer.makeWorker()
        #expect(Set(try picks(&worker, 20)).isSubset(of: "ab"))
        for (set, pick) in [("c", "c"), ("", nil), ("de", "de"), ("f", "f")] {
            try balancer.update(LoadBalancer<String>.named(set))
            if let pick {
                #expect(Set(try picks(&worker, 20)).isSubset(of: pick))
            } else {
                var reason: BalancerError.Reason?
                do throws(BalancerError) { try worker.lease().finish() } catch { reason = error.reason }
                #expect(reason == .noBackends)
            }
        }
    }

    @Test(arguments: PolicyName.allCases)
    func countsInTheSameSlots(name: PolicyName) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named("ab"), seed: 1)
        var one = balancer.makeWorker()
        var other = balancer.makeWorker()
        let held = [try balancer.lease().share(), try one.lease().share(), try other.lease().share()]
        #expect(balancer.snapshot().inFlight == 3)
        #expect(balancer.snapshot().backends.reduce(0) { $0 + $1.picks } == 3)
        held[0].finish()
        held[1].finish(.failure)
        held[2].finish(.cancelled)
        #expect(balancer.snapshot().inFlight == 0)
        #expect(balancer.snapshot().outcomes == Outcomes(1, 1, 1))
    }

    @Test(arguments: [PolicyName.random, .weightedRandom, .powerOfTwoChoices, .staticHash])
    func goesItsOwnWay(name: PolicyName) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named("abcdefgh"), seed: 1)
        var sequences: Set<String> = []
        for _ in 0..<8 {
            var worker = balancer.makeWorker()
            let sequence = try picks(&worker, 64)
            // 64 draws of 8 leave four out with a probability below 70 · 2⁻⁶⁴.
            #expect(Set(sequence).count > 4, "\(sequence)")
            sequences.insert(sequence)
        }
        sequences.insert(try balancer.picks(64))
        #expect(sequences.count == 9, "no two copies draw alike")
    }

    @Test func takesTurnsOfItsOwn() throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("abcd"), seed: 1)
        var starts: Set<Character> = []
        for _ in 0..<32 {
            var worker = balancer.makeWorker()
            let sequence = try picks(&worker, 8)
            #expect("abcdabcdabcd".contains(sequence), "\(sequence)")
            starts.formUnion(sequence.prefix(1))
        }
        #expect(starts.count == 4, "workers do not all begin with the same backend")
    }

    @Test func isRepeatable() throws {
        for name in PolicyName.allCases {
            let sequences = try (0..<2).map { _ in
                let balancer = try LoadBalancer(
                    policy: name.policy, backends: LoadBalancer<String>.named("abcd"), time: .manual(ManualTime()),
                    seed: 7)
                var one = balancer.makeWorker()
                var other = balancer.makeWorker()
                return try picks(&one, 20) + picks(&other, 20)
            }
            #expect(sequences[0] == sequences[1], "\(name)")
        }
    }

    @Test func turnsGoOnOverAnUpdate() throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: LoadBalancer<String>.named("abcd"), seed: 1)
        var worker = balancer.makeWorker()
        let before = try picks(&worker, 3)
        try balancer.update(LoadBalancer<String>.named("abcd"))
        #expect("abcdabcdabcd".contains(before + (try picks(&worker, 3))))
    }

    @Test func sharesDoNotSufferFromManyUpdates() throws {
        let balancer = try LoadBalancer(policy: .random, backends: LoadBalancer<String>.named("abcd"), seed: 1)
        var worker = balancer.makeWorker()
        var counts: [Character: Int] = [:]
        for _ in 0..<400 {
            try balancer.update(LoadBalancer<String>.named("abcd"))
            for name in try picks(&worker, 1) + balancer.picks(1) { counts[name, default: 0] += 1 }
        }
        // 800 draws: 200 each, with a standard deviation of √(800 · ¼ · ¾) = 12; ten of them.
        for name in "abcd" { #expect(abs(counts[name, default: 0] - 200) < 120, "\(counts)") }
    }

    @Test func keepsTheSetThatItUsedLastWhileIdle() throws {
        var hosts = Witness()
        func backend(_ name: String) -> Backend<Host> {
            let host = Host(name)
            hosts.watch(host)
            return Backend(id: name, endpoint: host)
        }
        let balancer = try LoadBalancer(policy: .leastConnections, backends: [backend("a")], seed: 1)
        do {
            var worker = balancer.makeWorker()
            try worker.lease().finish()
            try balancer.update([backend("b")])
            #expect(hosts.living == 2)
            let lease = try worker.lease()
            #expect([lease.id] == ["b"])
            lease.finish()
            #expect(hosts.living == 1, "the old set went at the first pick from the new one")
            try balancer.update([])
            #expect(hosts.living == 1)
        }
        #expect(hosts.living == 0, "and the last one with the worker")
    }

    @Test func whoComesBackWhileAWorkerKeepsTheOldSetGoesOn() throws {
        let balancer = try LoadBalancer(policy: .leastConnections, backends: [Backend("a")], seed: 1)
        var worker = balancer.makeWorker()
        try worker.lease().finish()
        try balancer.update([Backend("b")])
        try balancer.update([Backend("a")])
        #expect(balancer.snapshot()["a"]?.picks == 1)
        #expect(try picks(&worker, 3) == "aaa")
        #expect(balancer.snapshot()["a"]?.successes == 4)
    }

    @Test func removedBackendsWithWorkAreDrainingWhateverAnIdleWorkerKeeps() throws {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: [Backend("a")], seed: 1)
        var worker = balancer.makeWorker()
        let lease = try worker.lease()
        try balancer.update([Backend("b")])
        #expect(balancer.snapshot().draining == [DrainingBackend(id: "a", inFlight: 1)])
        lease.finish()
        #expect(balancer.snapshot().draining.isEmpty)
        #expect(try picks(&worker, 1) == "b")
    }

    @Test func leastConnectionsStayExactBesideAnIdleWorker() throws {
        let balancer = try LoadBalancer(policy: .leastConnections, backends: LoadBalancer<String>.named("abc"), seed: 1)
        var worker = balancer.makeWorker()
        try worker.lease().finish()
        try balancer.update(LoadBalancer<String>.named("cde"))
        let held = try (0..<30).map { _ in try balancer.lease().share() }
        #expect(balancer.snapshot().backends.map(\.inFlight) == [10, 10, 10])
        held.forEach { $0.finish() }
        #expect(Set(try picks(&worker, 9)) == ["c", "d", "e"])
    }
}
