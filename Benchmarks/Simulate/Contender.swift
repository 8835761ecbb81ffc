import LoadBalancing

/// Who is compared in a simulation: a policy behind real balancers, or a bound that knows everything.
struct Contender: Sendable {
    /// What its balancers do besides choosing.
    struct Terms: Sendable {
        /// Whether servers report their load with each answer.
        var reports = false
        var resilience = Resilience()
        /// Whether each balancer probes all servers.
        var checksHealth = false
        /// How long a request waits for room, where there are limits.
        var patience = Duration.zero
    }

    enum Kind: Sendable {
        case policy(@Sendable (Setup, SimulatedProbes) -> AnyPolicy, Terms)
        case bound(Bound)
        /// Behind balancers that stand in zones, and know it or not.
        case placed(AnyPolicy, seesZones: Bool, Resilience)
    }

    /// How it is called in tables and on the command line.
    let name: String
    let kind: Kind
    /// Where it is shown unless it is asked for by name; `nil` for wherever zones do not count.
    let scenarios: [Scenario]?

    init(
        _ name: String, _ terms: Terms = Terms(), in scenarios: [Scenario]? = nil,
        policy: @escaping @Sendable (Setup, SimulatedProbes) -> AnyPolicy
    ) {
        self.name = name
        kind = .policy(policy, terms)
        self.scenarios = scenarios
    }

    init(_ bound: Bound) {
        name = bound.rawValue
        kind = .bound(bound)
        scenarios = nil
    }

    private init(_ name: String, inZones seesZones: Bool, _ policy: AnyPolicy, largestEjectedShare: Double = 0.1) {
        self.name = name
        let outliers = OutlierDetection(largestEjectedShare: largestEjectedShare)
        kind = .placed(policy, seesZones: seesZones, Resilience(outliers: outliers))
        scenarios = [.zoneLoss]
    }

    /// Whether it can take part in a scenario at all: there are those for zones, and the others.
    func fits(_ scenario: Scenario) -> Bool {
        switch kind {
        case .placed: scenario.hasZones
        case .policy, .bound: !scenario.hasZones
        }
    }

    /// Whether a comparison shows it unless told otherwise.
    func isShown(in scenario: Scenario) -> Bool {
        fits(scenario) && scenarios?.contains(scenario) ?? true
    }

    /// Who is compared where zones count: all probe the servers and eject outliers by the defaults, or may eject all.
    private static let placed: [Contender] = [
        Contender("round-robin-no-zones", inZones: false, .roundRobin),
        Contender("round-robin-zones", inZones: true, .roundRobin),
        Contender("round-robin-zones-eject-all", inZones: true, .roundRobin, largestEjectedShare: 1),
        Contender("adaptive-no-zones", inZones: false, .adaptive),
        Contender("adaptive-zones", inZones: true, .adaptive),
        Contender("adaptive-zones-eject-all", inZones: true, .adaptive, largestEjectedShare: 1),
    ]

    /// The policies of this package with their defaults; those by weight are like others where all weights are equal.
    private static let plain: [Contender] = PolicyName.allCases.compactMap { name in
        switch name {
        case .staticHash, .c3, .prequal: nil
        case .weightedRandom, .smoothWeightedRoundRobin: Contender(name.rawValue, in: []) { _, _ in name.policy }
        default: Contender(name.rawValue) { _, _ in name.policy }
        }
    }

    /// Where it matters that not all servers are looked at.
    private static let few: [Scenario] = [.manyBalancers, .tower]

    /// Variants of policies, and those that need something from the servers.
    private static let variants: [Contender] = [
        Contender("adaptive-reports", Terms(reports: true)) { _, _ in .adaptive },
        Contender("adaptive-2-draws", in: [.tower]) { _, _ in AnyPolicy(AdaptivePolicy(scanLimit: 2, draws: 2)) },
        Contender("adaptive-4-draws", in: few) { _, _ in AnyPolicy(AdaptivePolicy(scanLimit: 4)) },
        Contender("adaptive-reports-4-draws", Terms(reports: true), in: few) { _, _ in
            AnyPolicy(AdaptivePolicy(scanLimit: 4))
        },
        Contender("c3", Terms(reports: true)) { setup, _ in AnyPolicy(C3Policy(clients: setup.balancers)) },
        Contender("prequal") { _, probes in AnyPolicy(PrequalPolicy(source: probes)) },
        Contender("peak-ewma-no-penalty", in: [.fastFailure]) { _, _ in
            AnyPolicy(PeakEWMAPolicy(estimator: .peak(failurePenalty: .zero)))
        },
        Contender("least-response-time-no-penalty", in: [.fastFailure]) { _, _ in
            AnyPolicy(LeastResponseTimePolicy(estimator: .ewma(failurePenalty: .zero)))
        },
        Contender("least-connections-scan") { _, _ in AnyPolicy(LeastConnectionsScan()) },
    ]

    static let all: [Contender] = placed + plain + variants + remedies
}

/// Least connections that looks at every backend and draws among the equally loaded, where a balancer's index goes by turns.
struct LeastConnectionsScan: Policy {
    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> LeastConnections {
        LeastConnections(seed: seed)
    }
}
