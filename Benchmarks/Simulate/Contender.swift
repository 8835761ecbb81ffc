import LoadBalancing

/// Who is compared in a simulation: a policy behind real balancers, or a bound that knows everything.
struct Contender: Sendable {
    enum Kind: Sendable {
        /// `reports` says whether servers report their load with each answer.
        case policy(@Sendable (Setup, SimulatedProbes) -> AnyPolicy, reports: Bool)
        case bound(Bound)
    }

    /// How it is called in tables and on the command line.
    let name: String
    let kind: Kind

    init(_ name: String, reports: Bool = false, policy: @escaping @Sendable (Setup, SimulatedProbes) -> AnyPolicy) {
        self.name = name
        kind = .policy(policy, reports: reports)
    }

    init(_ bound: Bound) {
        name = bound.rawValue
        kind = .bound(bound)
    }

    /// The policies of this package, and variants of them.
    static let all: [Contender] =
        PolicyName.allCases.filter { $0 != .staticHash && $0 != .c3 && $0 != .prequal }.map { name in
            Contender(name.rawValue) { _, _ in name.policy }
        }
        + [
            Contender("adaptive-reports", reports: true) { _, _ in .adaptive },
            Contender("adaptive-4-draws") { _, _ in AnyPolicy(AdaptivePolicy(scanLimit: 4)) },
            Contender("adaptive-reports-4-draws", reports: true) { _, _ in AnyPolicy(AdaptivePolicy(scanLimit: 4)) },
            Contender("c3", reports: true) { setup, _ in AnyPolicy(C3Policy(clients: setup.balancers)) },
            Contender("prequal") { _, probes in AnyPolicy(PrequalPolicy(source: probes)) },
            Contender("peak-ewma-no-penalty") { _, _ in
                AnyPolicy(PeakEWMAPolicy(estimator: .peak(failurePenalty: .zero)))
            },
            Contender("least-connections-scan") { _, _ in AnyPolicy(LeastConnectionsScan()) },
        ]

    /// The policies that a comparison shows unless it is told otherwise: those that are good at something.
    static let standard = all.filter { contender in
        ![
            "weighted-random", "smooth-weighted-round-robin", "peak-ewma-no-penalty", "adaptive-4-draws",
            "adaptive-reports-4-draws",
        ].contains(contender.name)
    }
}

/// Least connections that looks at every backend and draws among the equally loaded, where a balancer's index goes by turns.
struct LeastConnectionsScan: Policy {
    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> LeastConnections {
        LeastConnections(seed: seed)
    }
}
