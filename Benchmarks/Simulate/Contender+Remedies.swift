import LoadBalancing

extension Contender {
    /// Policies with one rule each, where the rule is to help: what a rule does shows beside the same policy without it.
    static let remedies: [Contender] =
        failing + slow + overloaded

    private typealias Choice = (name: String, policy: @Sendable (Setup) -> AnyPolicy)

    private static let roundRobin: Choice = ("round-robin", { _ in .roundRobin })
    private static let twoChoices: Choice = ("power-of-two-choices", { _ in .powerOfTwoChoices })
    private static let leastConnections: Choice = ("least-connections", { _ in .leastConnections })
    private static let adaptive: Choice = ("adaptive", { _ in .adaptive })
    private static let c3: Choice = ("c3", { setup in AnyPolicy(C3Policy(clients: setup.balancers)) })

    /// For servers that answer with errors.
    private static let failing: [Contender] =
        with(
            "outliers", [roundRobin, twoChoices, leastConnections, adaptive],
            Terms(resilience: Resilience(outliers: OutlierDetection())), in: [.fastFailure, .flapping, .seldom])
        + with(
            "outliers", [c3], Terms(reports: true, resilience: Resilience(outliers: OutlierDetection())),
            in: [.fastFailure])
        + with(
            "recommended", [twoChoices], Terms(resilience: .recommended), in: [.fastFailure, .flapping])
        + with(
            "health-checks", [roundRobin, twoChoices], Terms(checksHealth: true),
            in: [.fastFailure, .flapping, .seldom])

    /// For servers that are slow.
    private static let slow: [Contender] =
        with(
            "soft-drain", [roundRobin, twoChoices, leastConnections, adaptive],
            Terms(resilience: Resilience(softDrain: SoftDrain())), in: [.grayFailure])
        + with(
            "eject-slow", [roundRobin, twoChoices],
            Terms(resilience: Resilience(outliers: OutlierDetection(latency: OutlierDetection.SlowBackends()))),
            in: [.grayFailure])

    /// For too many requests: what is more than three of each balancer on each server is refused, or waits.
    ///
    /// With four balancers twelve may be there for a server's four slots.
    private static let overloaded: [Contender] =
        [roundRobin, twoChoices, adaptive].flatMap { choice in
            let limited = Terms(resilience: Resilience(limits: ConcurrencyLimits(perBackend: 3)))
            var waiting = limited
            waiting.patience = .milliseconds(50)
            return with("limits", [choice], limited, in: [.overload])
                + with("limits+line", [choice], waiting, in: [.overload])
        }

    private static func with(
        _ rule: String, _ choices: [Choice], _ terms: Terms, in scenarios: [Scenario]
    ) -> [Contender] {
        choices.map { choice in
            Contender("\(choice.name)+\(rule)", terms, in: scenarios) { setup, _ in choice.policy(setup) }
        }
    }
}
