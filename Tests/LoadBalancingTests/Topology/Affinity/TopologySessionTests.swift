import Testing

@testable import LoadBalancing

@Suite struct TopologySessionTests {
    @Test(arguments: [
        (presence: BackendPresence.present, binding: SessionBinding.bound, strict: SessionBinding.bound),
        (.draining, .bound, .bound), (.saturated, .rebound(.saturated), .refused(.saturated)),
        (.down, .rebound(.down), .refused(.down)), (.gone, .rebound(.gone), .refused(.gone)),
    ])
    func rules(presence: BackendPresence, binding: SessionBinding, strict: SessionBinding) {
        #expect(RebindingRules().binding(for: presence) == binding)
        #expect(RebindingRules(isStrict: true).binding(for: presence) == strict)
    }

    private static func balancer(_ resilience: Resilience = Resilience()) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: .roundRobin, backends: LoadBalancer<String>.named("abc"), resilience: resilience, seed: 1,
            stripeLimit: 1)
    }

    @Test func aSessionFollowsItsBackendToItsEnd() throws {
        let balancer = try Self.balancer()
        func request(_ id: String?, _ rules: RebindingRules = RebindingRules()) throws -> (String, SessionBinding) {
            let lease = try balancer.lease(boundTo: id, rules: rules)
            let result = (lease.id, lease.binding)
            lease.finish()
            return result
        }
        for _ in 0..<5 { #expect(try request("b") == ("b", .bound)) }
        balancer.setAdmission(Admission(gate: .draining), for: "b")
        #expect(try request("b") == ("b", .bound))
        #expect(try request("b", RebindingRules(staysWhileDraining: false)).1 == .rebound(.draining))
        balancer.setAdmission(Admission(gate: .down), for: "b")
        #expect(try request("b").1 == .rebound(.down))
        #expect(throws: BalancerError(.noneAdmitted)) { try request("b", RebindingRules(isStrict: true)) }
        #expect(try request("nobody").1 == .rebound(.gone))
        #expect(try request(nil).1 == .unbound(nil))
        #expect(balancer.snapshot().inFlight == 0)
        #expect(balancer.presence(of: "b") == .down && balancer.presence(of: "x") == .gone)
    }

    @Test func aRetryLeavesTheBackendThatFailed() throws {
        let balancer = try Self.balancer()
        let first = try balancer.lease(boundTo: "b")
        var request = PickRequest()
        request.tried.insert(first.lease.slotID)
        first.finish(.failure)
        let second = try balancer.lease(boundTo: "b", for: request)
        #expect(second.id != "b")
        #expect(second.binding == .rebound(.down))
        second.finish()
    }

    @Test func limitsHoldForSessionsToo() throws {
        let balancer = try Self.balancer(Resilience(limits: ConcurrencyLimits(perBackend: 1)))
        let held = try balancer.lease(boundTo: "b")
        let other = try balancer.lease(boundTo: "b")
        #expect(other.binding == .rebound(.saturated))
        #expect(other.id != "b")
        #expect(throws: BalancerError(.saturated)) {
            try balancer.lease(boundTo: "b", rules: RebindingRules(staysWhileSaturated: true)).finish()
        }
        other.finish()
        held.finish()
        let again = try balancer.lease(boundTo: "b")
        #expect(again.binding == .bound)
        again.finish()
    }

    @Test func aTableIsBoundedAndForgets() {
        let time = { (seconds: Int) in Timestamp(nanoseconds: UInt64(seconds) * 1_000_000_000) }
        var table = StickyTable(capacity: 2, idleTime: .seconds(10), key: SipKey(1, 1))
        table.learn("s1", backend: "a", at: time(1))
        table.learn("s2", backend: "b", at: time(2))
        #expect(table.backend(of: "s1", at: time(3)) == "a")
        table.learn("s3", backend: "a", at: time(4))
        #expect(table.backend(of: "s2", at: time(4)) == nil)
        #expect(table.evictionCount == 1)
        #expect(table.count == 2)
        #expect(table.backend(of: "s1", at: time(13)) == nil)
        table.learn("s3", backend: "b", at: time(13))
        #expect(table.backend(of: "s3", at: time(14)) == "b")
        table.forgetAll(of: "b")
        #expect(table.count == 0)
        table.learn("s4", backend: "c", at: time(20))
        table.forget("s4")
        #expect(table.backend(of: "s4", at: time(20)) == nil)
    }

    /// Against a table that keeps all and looks through all.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func aTableAgreesWithAPlainOne(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = StickyTable(capacity: 8, idleTime: .nanoseconds(40), key: SipKey(seed, 1))
        var plain: [(session: String, backend: String, lastUse: UInt64)] = []
        for now in 1...500 as ClosedRange<UInt64> {
            let session = "s\(random.next(below: 14))"
            let time = Timestamp(nanoseconds: now)
            if random.next(below: 2) == 0 {
                let backend = "b\(random.next(below: 3))"
                table.learn(session, backend: backend, at: time)
                plain.removeAll { $0.session == session }
                plain.append((session, backend, now))
                if plain.count > 8 { plain.removeFirst() }
            } else {
                let found = plain.firstIndex { $0.session == session && now - $0.lastUse < 40 }
                #expect(table.backend(of: session, at: time) == found.map { plain[$0].backend }, "seed \(seed)")
                if let found { plain.append((session, plain.remove(at: found).backend, now)) }
            }
            #expect(table.count <= 8, "seed \(seed)")
        }
    }

    @Test func keysOfSourcesAndSessions() throws {
        let one = try #require(NetworkAddress("2001:db8::1"))
        let two = try #require(NetworkAddress("2001:db8::2"))
        #expect(AffinityKey.source(one) == AffinityKey.source(two))
        #expect(AffinityKey.source(one, ipv6Length: 128) != AffinityKey.source(two, ipv6Length: 128))
        #expect(AffinityKey.session("") == nil)
        #expect(AffinityKey.session("x") == XXH64.hash("x"))
        #expect(AffinityKey.firstRoute(nil, "", "r1", "r2") == "r1")
        // MD5("127.0.0.1:80"), as `printf 127.0.0.1:80 | md5sum` gives it.
        #expect(AffinityKey.nginxCookie(address: "127.0.0.1:80") == "cef54f47984626c9efbf070c50bfad1b")
    }
}
