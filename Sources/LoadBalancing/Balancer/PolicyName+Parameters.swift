extension PolicyName {
    /// The parameters that a configuration may give beside the name.
    public var parameterNames: [String] {
        let own: [String] =
            switch self {
            case .roundRobin: ["start"]
            case .leastResponseTime, .peakEWMA: ["estimator"]
            case .adaptive:
                ["alpha", "fadingSeconds", "latencyFactor", "trialIntervalSeconds", "scanLimit", "draws"]
            case .c3: ["clients"]
            case .staticHash: ["dialect"]
            case .multiProbe: ["probes"]
            case .ringHash:
                [
                    "dialect", "pointsPerBackend", "pointMultiple", "minimumRingSize", "maximumRingSize", "hashTag",
                    "names",
                ]
            case .maglev: ["dialect", "size", "seed", "repairs"]
            case .smoothWeightedRoundRobin, .random, .weightedRandom, .leastConnections, .powerOfTwoChoices, .prequal,
                .rendezvous, .jumpHash, .memento:
                []
            }
        return isKeyed ? own + ["loadFactor"] : own
    }
}
