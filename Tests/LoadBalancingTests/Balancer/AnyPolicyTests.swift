import Foundation
import Testing

@testable import LoadBalancing

/// A policy from elsewhere: every n-th backend in turn.
private struct Stride: Policy {
    var step: Int

    struct P: Picker {
        var position = 0
        let step: Int

        mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
            guard pool.count > 0 else { return nil }
            defer { position += step }
            return position % pool.count
        }

        mutating func resume(from old: borrowing Stride.P) {
            position = old.position
        }
    }

    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> P { P(step: step) }
}

@Suite struct AnyPolicyTests {
    @Test(arguments: [
        (PolicyName.roundRobin, "round-robin"), (.smoothWeightedRoundRobin, "smooth-weighted-round-robin"),
        (.random, "random"), (.weightedRandom, "weighted-random"), (.leastConnections, "least-connections"),
        (.leastResponseTime, "least-response-time"), (.powerOfTwoChoices, "power-of-two-choices"),
        (.peakEWMA, "peak-ewma"), (.adaptive, "adaptive"), (.c3, "c3"), (.prequal, "prequal"),
        (.staticHash, "static-hash"),
        (.rendezvous, "rendezvous"), (.jumpHash, "jump-hash"), (.multiProbe, "multi-probe"), (.memento, "memento"),
        (.ringHash, "ring-hash"), (.maglev, "maglev"),
    ])
    func aNameStandsForAPolicy(name: PolicyName, text: String) throws {
        #expect(name.rawValue == text)
        let types = [
            try AnyPolicy(named: text), name.policy,
            try JSONDecoder().decode(AnyPolicy.self, from: Data("\"\(text)\"".utf8)),
            try JSONDecoder().decode(AnyPolicy.self, from: Data("{\"name\": \"\(text)\"}".utf8)),
        ].map { "\(type(of: $0.base))" }
        #expect(Set(types).count == 1, "\(types)")
        #expect(try AnyPolicy(named: text).requirements == name.policy.requirements)
    }

    @Test func everyNameIsThere() {
        #expect(UnknownPolicyError.knownNames.count == PolicyName.allCases.count)
        #expect(Set(PolicyName.allCases.map { "\(type(of: $0.policy.base))" }).count == PolicyName.allCases.count)
    }

    @Test(arguments: ["", "roundrobin", "Round-Robin", "least connections"])
    func anUnknownNameIsAnsweredWithTheKnown(text: String) throws {
        let error = try #require(throws: UnknownPolicyError.self) { try AnyPolicy(named: text) }
        #expect(error.name == text)
        #expect(error.description.contains("\"\(text)\""))
        for json in ["\"\(text)\"", "{\"name\": \"\(text)\"}"] {
            let error = try #require(throws: DecodingError.self) {
                try JSONDecoder().decode(AnyPolicy.self, from: Data(json.utf8))
            }
            for name in PolicyName.allCases { #expect("\(error)".contains(name.rawValue)) }
        }
        for name in PolicyName.allCases { #expect(error.description.contains(name.rawValue)) }
    }

    @Test func decodesParameters() throws {
        func policy(_ json: String) throws -> any Policy {
            try JSONDecoder().decode(AnyPolicy.self, from: Data(json.utf8)).base
        }
        #expect(try policy(#"{"name": "round-robin", "start": 2}"#) as? RoundRobinPolicy == RoundRobinPolicy(start: 2))
        #expect(
            try policy(
                #"{"name": "peak-ewma", "estimator": {"method": "peak", "timeConstantSeconds": 5, "failurePenaltySeconds": 1}}"#
            ) as? PeakEWMAPolicy
                == PeakEWMAPolicy(estimator: .peak(timeConstant: .seconds(5), failurePenalty: .seconds(1))))
        #expect(
            try policy(#"{"name": "least-response-time", "estimator": {"method": "ewma", "alpha": 0.25}}"#)
                as? LeastResponseTimePolicy == LeastResponseTimePolicy(estimator: .ewma(alpha: 0.25)))
        #expect(
            try policy(#"{"name": "least-response-time", "estimator": {"method": "decaying"}}"#)
                as? LeastResponseTimePolicy == LeastResponseTimePolicy(estimator: .decaying()))
        #expect(
            try policy(#"{"name": "multi-probe", "probes": 5}"#) as? MultiProbePolicy == MultiProbePolicy(probeCount: 5)
        )
        #expect(try policy(#"{"name": "static-hash"}"#) is StaticHashPolicy)
        #expect(try policy(#"{"name": "static-hash", "dialect": "nginx"}"#) is NginxHashPolicy)
        #expect(
            try policy(#"{"name": "static-hash", "dialect": "nginx", "loadFactor": 2}"#)
                is BoundedLoadPolicy<NginxHashPolicy>)
        #expect(
            try policy(#"{"name": "ring-hash", "dialect": "grpc", "minimumRingSize": 64}"#) as? RingHashPolicy
                == RingHashPolicy(dialect: .grpc(minimumRingSize: 64)))
        #expect(
            try policy(#"{"name": "maglev", "dialect": "envoy", "size": 5003, "repairs": true}"#) as? MaglevPolicy
                == MaglevPolicy(dialect: .envoy(size: 5_003), repairs: true))
    }

    @Test(arguments: PolicyName.allCases)
    func policiesByKeyMayHaveALoadFactor(name: PolicyName) throws {
        func policy(_ factor: String) throws -> AnyPolicy {
            let json = "{\"name\": \"\(name.rawValue)\", \"loadFactor\": \(factor)}"
            return try JSONDecoder().decode(AnyPolicy.self, from: Data(json.utf8))
        }
        guard PolicyName.keyed.contains(name) else {
            let error = try #require(throws: DecodingError.self) { try policy("1.25") }
            #expect("\(error)".contains("only policies by key have a load factor, and \(name.rawValue) is none"))
            return
        }
        let bounded = try policy("1.5")
        #expect(bounded.requirements.countsInFlight)
        #expect("\(bounded.base)".contains("factor: 1.5"), "\(bounded.base)")
        for factor in ["0.99", "1001", "\"much\""] {
            #expect(throws: DecodingError.self) { try policy(factor) }
        }
        let balancer = try LoadBalancer(policy: bounded, backends: LoadBalancer<String>.named("abcd"), seed: 1)
        let held = try (0..<100).map { _ in try balancer.lease(for: .key("hot")).share() }
        #expect(balancer.snapshot().backends.map(\.inFlight).max() == 38, "1.5 of a fourth of a hundred")
        held.forEach { $0.finish() }
    }

    @Test func aBoundedPolicyIsReadAsItWasWritten() throws {
        let policy = BoundedLoadPolicy(MaglevPolicy(dialect: .envoy(size: 5_003)), factor: 1.75)
        let json = try JSONEncoder().encode(policy)
        #expect(try JSONDecoder().decode(BoundedLoadPolicy<MaglevPolicy>.self, from: json) == policy)
        let plain = try JSONDecoder().decode(BoundedLoadPolicy<RendezvousPolicy>.self, from: Data("{}".utf8))
        #expect(plain == BoundedLoadPolicy(RendezvousPolicy()))
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"17"#, #"null"#, #"{"name": 17}"#, #"{"name": "round-robin", "start": "first"}"#,
        #"{"name": "peak-ewma", "estimator": {"method": "best"}}"#, #"{"name": "peak-ewma", "estimator": {}}"#,
        #"{"name": "peak-ewma", "estimator": {"method": "ewma", "alpha": 1.5}}"#,
        #"{"name": "peak-ewma", "estimator": {"method": "peak", "timeConstantSeconds": -1}}"#,
        #"{"name": "least-response-time", "estimator": "ewma"}"#, #"{"name": "multi-probe", "probes": 0}"#,
        #"{"name": "static-hash", "dialect": "apache"}"#,
        #"{"name": "ring-hash", "dialect": "ketama"}"#, #"{"name": "maglev", "size": 65536}"#,
    ])
    func refusesWhatIsNoConfiguration(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(AnyPolicy.self, from: Data(json.utf8)) }
    }

    @Test(arguments: [
        (json: #"{"name": "maglev", "siez": 65537}"#, owner: "maglev", name: "siez"),
        (#"{"name": "adaptive", "scanLimit": 32, "drawCount": 6}"#, "adaptive", "drawCount"),
        (#"{"name": "random", "start": 0}"#, "random", "start"),
        (#"{"name": "ring-hash", "dialect": "envoy", "minRingSize": 1024}"#, "ring-hash", "minRingSize"),
        (#"{"name": "rendezvous", "loadfactor": 1.25}"#, "rendezvous", "loadfactor"),
        (#"{"name": "peak-ewma", "estimator": {"method": "peak", "timeConstant": 5}}"#, "estimator", "timeConstant"),
    ])
    func refusesAParameterThatThereIsNot(json: String, owner: String, name: String) throws {
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(AnyPolicy.self, from: Data(json.utf8))
        }
        guard case .dataCorrupted(let context) = error else { throw error }
        let unknown = try #require(context.underlyingError as? UnknownParameterError)
        #expect(unknown.owner == owner)
        #expect(unknown.name == name)
        if let policy = PolicyName(rawValue: owner) { #expect(unknown.knownNames.starts(with: policy.parameterNames)) }
        for known in unknown.knownNames { #expect(context.debugDescription.contains(known)) }
    }

    /// What policies write is what they may be told, and no more.
    @Test(arguments: PolicyName.allCases)
    func knowsTheParametersOfEveryPolicy(name: PolicyName) throws {
        let all: [any Encodable] = [
            RoundRobinPolicy(start: 1), C3Policy(), AdaptivePolicy(), PeakEWMAPolicy(), LeastResponseTimePolicy(),
            MultiProbePolicy(), RingHashPolicy(dialect: .standard(pointsPerBackend: 7)),
            MaglevPolicy(dialect: .cilium(seed: 3), repairs: true),
        ]
        let policy = name == .staticHash ? NginxHashPolicy() : all.first { type(of: $0) == type(of: name.policy.base) }
        guard let policy else {
            #expect(name.parameterNames == (name.isKeyed ? ["loadFactor"] : []))
            return
        }
        let written = try JSONSerialization.jsonObject(with: JSONEncoder().encode(policy)) as? [String: Any]
        let names = try #require(written).keys
        #expect(!names.isEmpty && names.allSatisfy(name.parameterNames.contains), "\(names)")
    }

    @Test func takesAPolicyFromElsewhere() throws {
        let policy = AnyPolicy(Stride(step: 3))
        #expect(AnyPolicy(policy).base is Stride, "not wrapped twice")
        let balancer = try LoadBalancer(policy: policy, backends: LoadBalancer<String>.named("abcde"), seed: 1)
        #expect(try balancer.picks(7) == "adbecad")
        try balancer.update(LoadBalancer<String>.named("abcd"))
        #expect(try balancer.picks(4) == "badc", "the position, 21, is carried over")
    }

    /// The picks of a balancer with some leases held, an update and an admission in between.
    private func sequence<Rule: Policy>(_ policy: Rule, seed: UInt64) throws -> String {
        let time = ManualTime()
        let balancer = try Balancer(
            policy: policy, backends: [Backend("a"), Backend("b", weight: 3), Backend("c", weight: 2), Backend("d")],
            time: .manual(time), seed: seed)
        var random = SeededGenerator(seed: seed)
        var held: [SharedLease<String>] = []
        var names = ""
        for step in 0..<120 {
            if step == 40 { balancer.setAdmission(Admission(fraction: 0.5), for: "b") }
            if step == 80 { try balancer.update([Backend("b"), Backend("c"), Backend("e", weight: 2)]) }
            let key = random.next(below: 4) > 0 ? random.next() : nil
            let lease = try balancer.lease(for: PickRequest(keyHash: key))
            names += lease.id
            time.advance(by: .microseconds(Int64(random.next(below: 5_000))))
            if random.next(below: 3) == 0 { held.append(lease.share()) } else { lease.finish() }
            if held.count > 10 { held.removeFirst().finish() }
        }
        return names
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func anErasedPolicyPicksAsTheConcreteOne(seed: UInt64) throws {
        func expectSame(_ policy: some Policy, _ name: PolicyName) throws {
            let concrete = try sequence(policy, seed: seed)
            #expect(try sequence(AnyPolicy(policy), seed: seed) == concrete, "\(name), seed \(seed)")
            #expect(try sequence(name.policy, seed: seed) == concrete, "\(name), seed \(seed)")
        }
        for name in PolicyName.allCases {
            switch name {
            case .roundRobin: try expectSame(RoundRobinPolicy(), name)
            case .smoothWeightedRoundRobin: try expectSame(SmoothWeightedRoundRobinPolicy(), name)
            case .random: try expectSame(UniformRandomPolicy(), name)
            case .weightedRandom: try expectSame(WeightedRandomPolicy(), name)
            case .leastConnections: try expectSame(LeastConnectionsPolicy(), name)
            case .leastResponseTime: try expectSame(LeastResponseTimePolicy(), name)
            case .powerOfTwoChoices: try expectSame(PowerOfTwoChoicesPolicy(), name)
            case .peakEWMA: try expectSame(PeakEWMAPolicy(), name)
            case .adaptive: try expectSame(AdaptivePolicy(), name)
            case .c3: try expectSame(C3Policy(), name)
            case .prequal: try expectSame(PrequalPolicy(), name)
            case .staticHash: try expectSame(StaticHashPolicy(), name)
            case .rendezvous: try expectSame(RendezvousPolicy(), name)
            case .jumpHash: try expectSame(JumpHashPolicy(), name)
            case .multiProbe: try expectSame(MultiProbePolicy(), name)
            case .memento: try expectSame(MementoPolicy(), name)
            case .ringHash: try expectSame(RingHashPolicy(), name)
            case .maglev: try expectSame(MaglevPolicy(), name)
            }
        }
    }

    @Test(arguments: PolicyName.allCases)
    func equalSeedsGiveEqualPicks(name: PolicyName) throws {
        #expect(try sequence(name.policy, seed: 5) == sequence(name.policy, seed: 5))
        #expect(Set(try (0..<20).map { try sequence(name.policy, seed: $0) }).count > 1, "and others others")
    }
}
