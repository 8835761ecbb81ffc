import Testing

@testable import LoadBalancing

/// What a policy is asked when a set is replaced.
@Suite struct PolicyTests {
    /// A policy with a memory: its pickers know the sizes of all sets so far; sets of three are not to its liking.
    struct Historian: Policy {
        struct P: Picker {
            var sizes: [Int]

            mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
                pool.count > 0 ? sizes.count - 1 : nil
            }
        }

        func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> P { P(sizes: [pool.count]) }

        func makePicker(for pool: borrowing BackendPool, replacing old: P, seed: UInt64) -> P {
            P(sizes: old.sizes + [pool.count])
        }

        func check(_ backends: [WeightedName]) throws(BackendSetError) {
            if backends.count == 3 { throw BackendSetError(.unsuitable("three is a crowd")) }
            for backend in backends where backend.weight == 9 {
                throw BackendSetError(.unsuitable("nine is too heavy"), id: backend.name)
            }
        }
    }

    /// A policy that is asked nothing but the least.
    struct Plain: Policy {
        struct P: Picker {
            let index: Int

            mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? { index }
        }

        func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> P { P(index: pool.count - 1) }
    }

    private func expectHistory(_ policy: some Policy) throws {
        let balancer = try Balancer(policy: policy, backends: LoadBalancer<String>.named("ab"), seed: 1)
        #expect(try balancer.picks(1) == "a", "the first set replaces nobody")
        try balancer.update(LoadBalancer<String>.named("cd"))
        #expect(try balancer.picks(1) == "d")
        var worker = balancer.makeWorker()
        #expect(try worker.lease().id == "d")
        try balancer.update(LoadBalancer<String>.named("pqrs"))
        #expect(try balancer.picks(1) == "r")
        #expect(try worker.lease().id == "r")
    }

    @Test func aPickerMayFollowFromTheOneBefore() throws {
        try expectHistory(Historian())
        try expectHistory(AnyPolicy(Historian()))

        let pool = ScriptedPool(count: 4)
        for limit in [1, 8] {
            let picker = SharedPicker(Historian(), pool: pool.pool(), seed: 1, stripeLimit: limit)
            for update in 0..<4 {
                #expect(picker.pick() == update)
                picker.update(Historian(), pool: pool.pool())
            }
        }
    }

    @Test func theDefaultsKnowNothingOfTheSetBefore() throws {
        let balancer = try Balancer(policy: Plain(), backends: LoadBalancer<String>.named("abc"), seed: 1)
        #expect(try balancer.picks(1) == "c")
        try balancer.update(LoadBalancer<String>.named("abcde"))
        #expect(try balancer.picks(1) == "e")
    }

    private func expectRefusals<Rule: Policy>(_ policy: Rule) throws {
        let crowd = BackendSetError(.unsuitable("three is a crowd"))
        let heavy = BackendSetError(.unsuitable("nine is too heavy"), id: "x")
        let set = [Backend("x", weight: 9)]
        #expect(throws: crowd) { try Balancer(policy: policy, backends: LoadBalancer<String>.named("abc")) }
        #expect(throws: heavy) { try Balancer(policy: policy, backends: set) }

        let balancer = try Balancer(policy: policy, backends: LoadBalancer<String>.named("pq"), seed: 1)
        let held = try balancer.lease()
        #expect(throws: crowd) { try balancer.update(LoadBalancer<String>.named("pqr")) }
        #expect(throws: heavy) { try balancer.update(set) }
        #expect(throws: BackendSetError(.duplicateIdentity, id: "p"), "what is wrong for all comes first") {
            try balancer.update(LoadBalancer<String>.named("ppp"))
        }
        let snapshot = balancer.snapshot()
        #expect(snapshot.backends.map(\.id) == ["p", "q"] && snapshot.version == 1 && snapshot.inFlight == 1)
        held.finish()
        #expect(try balancer.picks(1) == "p", "and no picker was made for what was refused")
    }

    @Test func aSetThatDoesNotSuitLeavesTheSetInForce() throws {
        try expectRefusals(Historian())
        try expectRefusals(AnyPolicy(Historian()))
    }
}
