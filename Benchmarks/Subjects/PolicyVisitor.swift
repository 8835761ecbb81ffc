import LoadBalancing

/// Something done with a policy whose type is known to the compiler.
protocol PolicyVisitor {
    associatedtype Result

    /// Does it, with the weights that show what the policy can do, and requests that say what it asks for.
    func visit<Chosen: Policy, Requests: RequestSource>(
        _ policy: Chosen, weights: Weights, requests: Requests.Type
    ) throws -> Result
}

extension PolicyName {
    /// Shows `visitor` the policy of this name.
    func visit<Visitor: PolicyVisitor>(_ visitor: Visitor) throws -> Visitor.Result {
        switch self {
        case .roundRobin:
            try visitor.visit(RoundRobinPolicy(start: 0), weights: .equal, requests: PlainRequests.self)
        case .smoothWeightedRoundRobin:
            try visitor.visit(SmoothWeightedRoundRobinPolicy(), weights: .uneven, requests: PlainRequests.self)
        case .random:
            try visitor.visit(UniformRandomPolicy(), weights: .equal, requests: PlainRequests.self)
        case .weightedRandom:
            try visitor.visit(WeightedRandomPolicy(), weights: .uneven, requests: PlainRequests.self)
        case .leastConnections:
            try visitor.visit(LeastConnectionsPolicy(), weights: .equal, requests: PlainRequests.self)
        case .leastResponseTime:
            try visitor.visit(LeastResponseTimePolicy(), weights: .equal, requests: TimedRequests.self)
        case .powerOfTwoChoices:
            try visitor.visit(PowerOfTwoChoicesPolicy(), weights: .equal, requests: PlainRequests.self)
        case .peakEWMA:
            try visitor.visit(PeakEWMAPolicy(), weights: .equal, requests: TimedRequests.self)
        case .adaptive:
            try visitor.visit(AdaptivePolicy(), weights: .equal, requests: TimedRequests.self)
        case .c3:
            try visitor.visit(C3Policy(), weights: .equal, requests: TimedRequests.self)
        case .prequal:
            try visitor.visit(PrequalPolicy(), weights: .equal, requests: TimedRequests.self)
        case .staticHash:
            try visitor.visit(StaticHashPolicy(), weights: .equal, requests: KeyedRequests.self)
        case .rendezvous:
            try visitor.visit(RendezvousPolicy(), weights: .equal, requests: KeyedRequests.self)
        case .jumpHash:
            try visitor.visit(JumpHashPolicy(), weights: .equal, requests: KeyedRequests.self)
        case .multiProbe:
            try visitor.visit(MultiProbePolicy(), weights: .equal, requests: KeyedRequests.self)
        case .memento:
            try visitor.visit(MementoPolicy(), weights: .equal, requests: KeyedRequests.self)
        case .ringHash:
            try visitor.visit(RingHashPolicy(), weights: .equal, requests: KeyedRequests.self)
        case .maglev:
            try visitor.visit(MaglevPolicy(), weights: .equal, requests: KeyedRequests.self)
        }
    }
}

/// The weights of a benchmark's backends.
enum Weights: String, Codable, Sendable {
    /// All 1.
    case equal
    /// 1 … 10.
    case uneven

    func weight(of index: Int) -> Int {
        self == .equal ? 1 : 1 + (index * 7919) % 10
    }

    /// Backends of these weights, with identities short enough to need no memory of their own.
    func backends(_ count: Int) -> [Backend<Int>] {
        (0..<count).map { Backend(id: "backend \($0)", endpoint: $0, weight: weight(of: $0)) }
    }

    /// A pool of these weights on which some work is in flight and latencies are known.
    func scriptedPool(_ count: Int) -> ScriptedPool {
        ScriptedPool(
            weights: (0..<count).map(weight(of:)),
            inFlight: (0..<count).map { Int(mixed(UInt64($0)) % 8) },
            latencies: (0..<count).map { .nanoseconds(1_000_000 + Int64(mixed(UInt64($0)) >> 45)) })
    }
}
