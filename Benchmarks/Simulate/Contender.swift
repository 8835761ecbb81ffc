import LoadBalancing

/// Who is compared in a simulation: a policy behind real balancers, or a bound that knows everything.
struct Contender: Sendable {
    enum Kind: Sendable {
        case policy(AnyPolicy)
        case bound(Bound)
    }

    /// How it is called in tables and on the command line.
    let name: String
    let kind: Kind

    init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    init(_ bound: Bound) {
        self.init(bound.rawValue, .bound(bound))
    }

    /// The policies of this package, and variants of them.
    static let all: [Contender] =
        PolicyName.allCases.filter { $0 != .staticHash }.map { Contender($0.rawValue, .policy($0.policy)) }
        + [
            Contender(
                "peak-ewma-no-penalty", .policy(AnyPolicy(PeakEWMAPolicy(estimator: .peak(failurePenalty: .zero))))),
            Contender("least-connections-scan", .policy(AnyPolicy(LeastConnectionsScan()))),
        ]

    /// The policies that a comparison shows unless it is told otherwise: those that are good at something.
    static let standard = all.filter { contender in
        !["weighted-random", "smooth-weighted-round-robin", "peak-ewma-no-penalty", "least-connections-scan"]
            .contains(contender.name)
    }
}

/// Least connections that looks at every backend and draws among the equally loaded, where a balancer's index goes by turns.
struct LeastConnectionsScan: Policy {
    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> LeastConnections {
        LeastConnections(seed: seed)
    }
}
