import Testing

@testable import LoadBalancing

@Suite struct BalancerErrorTests {
    /// What is done to three idle backends a, b and c before a request that may have been tried on some of them.
    enum Situation: CaseIterable {
        case emptySet, allDown, allDraining, fractionsZero, weightsZero, weightsZeroAndDown
        case triedOnAll, triedOnTheOnlyOpen, triedOnTheOnlyWeighted
        case allSaturated, oneSaturatedOthersDown, oneSaturatedOthersTried, countsAtTheLimit,
            countsAtTheLimitOthersTried

        var reason: BalancerError.Reason {
            switch self {
            case .emptySet: .noBackends
            case .allDown, .allDraining, .fractionsZero, .weightsZero, .weightsZeroAndDown: .noneAdmitted
            case .triedOnAll, .triedOnTheOnlyOpen, .triedOnTheOnlyWeighted: .allTried
            case .allSaturated, .oneSaturatedOthersDown, .oneSaturatedOthersTried, .countsAtTheLimit,
                .countsAtTheLimitOthersTried:
                .saturated
            }
        }
    }

    /// As many references as a slot may have, less that of its membership.
    private let limit = LoadWord.maximumCount - 1

    private func request(triedOn indices: [Int], of balancer: LoadBalancer<String>) -> PickRequest {
        var request = PickRequest(keyHash: 0x1234_5678_9ABC_DEF0)
        for index in indices { request.tried.insert(balancer.slotsInForce[index].id) }
        return request
    }

    /// Brings `balancer` into `situation`, and gives the request to make.
    private func arrange(_ situation: Situation, _ balancer: LoadBalancer<String>) throws -> PickRequest {
        func gates(_ gates: Gate...) {
            for (id, gate) in zip(["a", "b", "c"], gates) { balancer.setAdmission(Admission(gate: gate), for: id) }
        }
        func weights(_ weights: Int...) throws {
            try balancer.update(zip(["a", "b", "c"], weights).map { Backend($0, weight: $1) })
        }
        switch situation {
        case .emptySet: try balancer.update([])
        case .allDown: gates(.down, .down, .down)
        case .allDraining: gates(.draining, .down, .draining)
        case .fractionsZero: for id in ["a", "b", "c"] { balancer.setAdmission(Admission(fraction: 0), for: id) }
        case .weightsZero: try weights(0, 0, 0)
        case .weightsZeroAndDown:
            try weights(0, 0, 5)
            gates(.open, .saturated, .down)
        case .triedOnAll: return request(triedOn: [0, 1, 2], of: balancer)
        case .triedOnTheOnlyOpen:
            gates(.down, .open, .draining)
            return request(triedOn: [1], of: balancer)
        case .triedOnTheOnlyWeighted:
            try weights(0, 3, 0)
            return request(triedOn: [1], of: balancer)
        case .allSaturated: gates(.saturated, .saturated, .saturated)
        case .oneSaturatedOthersDown: gates(.down, .draining, .saturated)
        case .oneSaturatedOthersTried:
            gates(.saturated, .open, .open)
            return request(triedOn: [1, 2], of: balancer)
        case .countsAtTheLimit:
            for slot in balancer.slotsInForce { #expect(slot.begin(limit)) }
        case .countsAtTheLimitOthersTried:
            #expect(balancer.slotsInForce[2].begin(limit))
            return request(triedOn: [0, 1], of: balancer)
        }
        return request(triedOn: [], of: balancer)
    }

    @Test(arguments: PolicyName.allCases, Situation.allCases)
    func saysWhyThereIsNobody(name: PolicyName, situation: Situation) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named("abc"), seed: 1)
        let request = try arrange(situation, balancer)
        let before = balancer.snapshot()
        var worker = balancer.makeWorker()
        for _ in 0..<5 {
            #expect(throws: BalancerError(situation.reason)) { try balancer.lease(for: request).finish() }
            #expect(throws: BalancerError(situation.reason)) { try balancer.connectionLease(for: request).finish() }
            #expect(throws: BalancerError(situation.reason)) { try balancer.withBackend(for: request) { _ in } }
            #expect(reason { () throws(BalancerError) in try worker.lease(for: request).finish() } == situation.reason)
        }
        #expect(balancer.snapshot().backends == before.backends, "a refusal counts nowhere")
        // Undone by hand: nobody leases what was scripted.
        if situation == .countsAtTheLimit { for slot in balancer.slotsInForce { slot.end(limit) } }
        if situation == .countsAtTheLimitOthersTried { balancer.slotsInForce[2].end(limit) }
    }

    private func reason(_ body: () throws(BalancerError) -> Void) -> BalancerError.Reason? {
        do { try body() } catch { return error.reason }
        return nil
    }

    @Test(arguments: PolicyName.allCases)
    func afterARefusalAnOpenBackendIsFound(name: PolicyName) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named("abc"), seed: 1)
        for id in ["a", "b", "c"] { balancer.setAdmission(Admission(gate: .down), for: id) }
        #expect(throws: BalancerError(.noneAdmitted)) { try balancer.lease().finish() }
        balancer.setAdmission(.full, for: "b")
        #expect(try balancer.picks(20) == String(repeating: "b", count: 20))
        balancer.setAdmission(Admission(fraction: 0x1p-16), for: "b")
        #expect(try balancer.picks(20) == String(repeating: "b", count: 20), "the smallest fraction of one is all")
        balancer.setAdmission(.full, for: "a")
        balancer.setAdmission(Admission(gate: .saturated), for: "b")
        #expect(try balancer.picks(20) == String(repeating: "a", count: 20))
    }

    @Test func streamsStopAtTheLimitAsWell() throws {
        let balancer = try LoadBalancer(policy: .leastConnections, backends: [Backend("a")], seed: 1)
        let connection = try balancer.connectionLease()
        let slot = balancer.slotsInForce[0]
        #expect(slot.begin(limit - 2))
        let last = try connection.stream()
        let shared = connection.share()
        #expect(throws: BalancerError(.saturated)) { try shared.stream().finish() }
        last.finish()
        try shared.stream().finish()
        slot.end(limit - 2)
        shared.finish()
        #expect(balancer.snapshot().inFlight == 0)
    }

    @Test(arguments: [
        (BalancerError.Reason.noBackends, "update"), (.noneAdmitted, "snapshot()"), (.allTried, "tried"),
        (.saturated, "add backends"), (.ended, "take a new one"),
    ])
    func saysWhatToDo(reason: BalancerError.Reason, text: String) {
        #expect(BalancerError(reason).description.contains(text))
    }

    @Test(arguments: PolicyName.allCases)
    func sixtyFiveThousandBackendsWork(name: PolicyName) throws {
        let count = 1 << 16 + 1
        let balancer = try LoadBalancer(
            policy: name.policy(slots: 131_071),
            backends: (0..<count).map { Backend(id: "\($0)", endpoint: $0, weight: $0 % 2 + 1) }, seed: 1)
        var worker = balancer.makeWorker()
        var hosts: Set<Int> = []
        for pick in 0..<40 {
            let request = PickRequest(keyHash: Mixing.mix(UInt64(pick)))
            let lease = try balancer.lease(for: request)
            #expect(lease.id == "\(lease.endpoint)" && lease.endpoint < count)
            hosts.insert(lease.endpoint)
            lease.finish()
            let another = try worker.lease(for: request)
            hosts.insert(another.endpoint)
            another.finish()
        }
        // 40 keys, or 80 draws, of 65,537: two alike have a probability below 5 %, nine pairs alike none.
        #expect(hosts.count > 30)
        #expect(balancer.snapshot().outcomes == Outcomes(80, 0, 0))
    }
}
