extension Resilience: Codable {
    private enum Key: CodingKey, CaseIterable {
        case panicThreshold, slowStart, outliers, softDrain, healthChecks, limits, retryBudget, keepsHistograms
    }

    /// Decodes an object such as `{"slowStart": {"windowSeconds": 30}, "outliers": {}, "limits": {"perBackend": 100}}`: what is
    /// left out is off, an empty object stands for the defaults.
    ///
    /// - Throws: `DecodingError`; for a rule or a parameter of one that there is not, its underlying error is an
    ///   ``UnknownParameterError``.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "resilience")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        panicThreshold = try container.value(.panicThreshold, default: panicThreshold)
        slowStart = try container.optional(.slowStart, default: slowStart)
        outliers = try container.optional(.outliers, default: outliers)
        softDrain = try container.optional(.softDrain, default: softDrain)
        healthChecks = try container.value(.healthChecks, default: healthChecks)
        limits = try container.optional(.limits, default: limits)
        retryBudget = try container.optional(.retryBudget, default: retryBudget)
        keepsHistograms = try container.value(.keepsHistograms, default: keepsHistograms)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(panicThreshold, forKey: .panicThreshold)
        try container.encodeIfPresent(slowStart, forKey: .slowStart)
        try container.encodeIfPresent(outliers, forKey: .outliers)
        try container.encodeIfPresent(softDrain, forKey: .softDrain)
        try container.encode(healthChecks, forKey: .healthChecks)
        try container.encodeIfPresent(limits, forKey: .limits)
        try container.encodeIfPresent(retryBudget, forKey: .retryBudget)
        try container.encode(keepsHistograms, forKey: .keepsHistograms)
    }
}

extension SlowStart: Codable {
    private enum Key: CodingKey, CaseIterable {
        case windowSeconds, leastFraction, aggression
    }

    /// Decodes an object such as `{"windowSeconds": 30}`; what is left out has its default.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "slowStart")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        window = try container.seconds(.windowSeconds) ?? window
        leastFraction = try container.value(.leastFraction, default: leastFraction)
        aggression = try container.value(.aggression, default: aggression)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeSeconds(window, .windowSeconds)
        try container.encode(leastFraction, forKey: .leastFraction)
        try container.encode(aggression, forKey: .aggression)
    }
}

extension SoftDrain: Codable {
    private enum Key: CodingKey, CaseIterable {
        case tolerance, leastFraction, leastLatencySeconds, minimumBackends, estimator
    }

    /// Decodes an object such as `{"tolerance": 3}`; what is left out has its default.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "softDrain")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        tolerance = try container.value(.tolerance, default: tolerance)
        leastFraction = try container.value(.leastFraction, default: leastFraction)
        leastLatency = try container.seconds(.leastLatencySeconds) ?? leastLatency
        minimumBackends = try container.value(.minimumBackends, default: minimumBackends)
        estimator = try container.value(.estimator, default: estimator)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(tolerance, forKey: .tolerance)
        try container.encode(leastFraction, forKey: .leastFraction)
        try container.encodeSeconds(leastLatency, .leastLatencySeconds)
        try container.encode(minimumBackends, forKey: .minimumBackends)
        try container.encode(estimator, forKey: .estimator)
    }
}

extension HealthChecks: Codable {
    private enum Key: CodingKey, CaseIterable {
        case intervalSeconds, fastIntervalSeconds, jitter, timeoutSeconds, rise, fall, degradedFraction
    }

    /// Decodes an object such as `{"intervalSeconds": 5, "fall": 2}`; what is left out has its default.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "healthChecks")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        interval = try container.seconds(.intervalSeconds) ?? interval
        fastInterval = try container.seconds(.fastIntervalSeconds) ?? fastInterval
        jitter = try container.value(.jitter, default: jitter)
        timeout = try container.seconds(.timeoutSeconds) ?? timeout
        rise = try container.value(.rise, default: rise)
        fall = try container.value(.fall, default: fall)
        degradedFraction = try container.value(.degradedFraction, default: degradedFraction)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeSeconds(interval, .intervalSeconds)
        try container.encodeSeconds(fastInterval, .fastIntervalSeconds)
        try container.encode(jitter, forKey: .jitter)
        try container.encodeSeconds(timeout, .timeoutSeconds)
        try container.encode(rise, forKey: .rise)
        try container.encode(fall, forKey: .fall)
        try container.encode(degradedFraction, forKey: .degradedFraction)
    }
}

extension ConcurrencyLimits: Codable {
    private enum Key: CodingKey, CaseIterable {
        case perBackend, total, waiting
    }

    /// Decodes an object such as `{"perBackend": 100, "total": null}`; what is left out has its default, null is no limit.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "limits")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        perBackend = try container.optional(.perBackend, default: perBackend)
        total = try container.optional(.total, default: total)
        waiting = try container.value(.waiting, default: waiting)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(perBackend, forKey: .perBackend)
        try container.encode(total, forKey: .total)
        try container.encode(waiting, forKey: .waiting)
    }
}

extension RetryBudget: Codable {
    private enum Key: CodingKey, CaseIterable {
        case tokens, ratio, share, minimumPerSecond, windowSeconds
    }

    /// Decodes an object such as `{"share": 0.2, "minimumPerSecond": 10, "windowSeconds": 10}` or `{"tokens": 10, "ratio": 0.1}`;
    /// what is left out has its default, and an empty object is a share.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "retryBudget")
        let container = try decoder.container(keyedBy: Key.self)
        if container.contains(.tokens) || container.contains(.ratio) {
            self = .tokens(
                maximum: try container.value(.tokens, default: 10), ratio: try container.value(.ratio, default: 0.1))
        } else {
            self = .share(
                try container.value(.share, default: 0.2),
                minimumPerSecond: try container.value(.minimumPerSecond, default: 10),
                window: try container.seconds(.windowSeconds) ?? .seconds(10))
        }
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch kind {
        case .tokens(let maximum, let ratio):
            try container.encode(maximum, forKey: .tokens)
            try container.encode(ratio, forKey: .ratio)
        case .share(let share, let minimumPerSecond, let window):
            try container.encode(share, forKey: .share)
            try container.encode(minimumPerSecond, forKey: .minimumPerSecond)
            try container.encodeSeconds(window, .windowSeconds)
        }
    }
}
