import LoadBalancing

/// Who is compared in a simulation: a policy behind real balancers, or a bound that knows everything.
struct Contender: Sendable {
    enum Kind: Sendable {
        /// `reports` says whether servers report their load with each answer.
        case policy(@Sendable (Setup, SimulatedProbes) -> AnyPolicy, reports: Bool)
        case bound(Bound)
        /// Behind balancers that stand in zones, and know it or not.
        case placed(AnyPolicy, seesZones: Bool, Resilience)
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

    private init(_ name: String, in zones: Bool, _ policy: AnyPolicy, largestEjectedShare: Double = 0.1) {
        self.name = name
        let outliers = OutlierDetection(largestEjectedShare: largestEjectedShare)
        kind = .placed(policy, seesZones: zones, Resilience(outliers: outliers))
    }

    /// Whether it takes part where zones count, or elsewhere.
    var isPlaced: Bool {
        switch kind {
        case .placed: true
        case .policy, .bound: false
        }
    }

    /// Who is compared where zones count: all probe the servers and eject outliers by the defaults, or may eject all.
    private static let placed: [Contender] = [
        Contender("round-robin-no-zones", in: false, .roundRobin),
        Contender("round-robin-zones", in: true, .roundRobin),
        Contender("round-robin-zones-eject-all", in: true, .roundRobin, largestEjectedShare: 1),
        Contender("adaptive-no-zones", in: false, .adaptive),
        Contender("adaptive-zones", in: true, .adaptive),
        Contender("adaptive-zones-eject-all", in: true, .adaptive, largestEjectedShare: 1),
    ]

    /// The policies of this package, and variants of them.
    static let all: [Contender] =
        placed
        + PolicyName.allCases.filter { $0 != .staticHash && $0 != .c3 && $0 != .prequal }.map { name in
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
