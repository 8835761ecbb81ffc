extension OutlierDetection: Codable {
    private enum Key: CodingKey, CaseIterable {
        case intervalSeconds, baseEjectionSeconds, longestEjectionSeconds, largestEjectedShare, consecutiveFailures
        case successRate, failurePercentage, latency, healthCheckReturns
    }

    /// Decodes an object such as `{"intervalSeconds": 5, "successRate": null, "failurePercentage": {}}`: what is left out has
    /// its default, null is off, an empty object stands for a rule with its defaults.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "outliers")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        interval = try container.seconds(.intervalSeconds) ?? interval
        baseEjectionTime = try container.seconds(.baseEjectionSeconds) ?? baseEjectionTime
        longestEjectionTime = try container.seconds(.longestEjectionSeconds) ?? longestEjectionTime
        largestEjectedShare = try container.value(.largestEjectedShare, default: largestEjectedShare)
        consecutiveFailures = try container.optional(.consecutiveFailures, default: consecutiveFailures)
        successRate = try container.optional(.successRate, default: successRate)
        failurePercentage = try container.optional(.failurePercentage, default: failurePercentage)
        latency = try container.optional(.latency, default: latency)
        healthCheckReturns = try container.value(.healthCheckReturns, default: healthCheckReturns)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeSeconds(interval, .intervalSeconds)
        try container.encodeSeconds(baseEjectionTime, .baseEjectionSeconds)
        try container.encodeSeconds(longestEjectionTime, .longestEjectionSeconds)
        try container.encode(largestEjectedShare, forKey: .largestEjectedShare)
        // Null is not the same as nothing: these are on by default.
        try container.encode(consecutiveFailures, forKey: .consecutiveFailures)
        try container.encode(successRate, forKey: .successRate)
        try container.encodeIfPresent(failurePercentage, forKey: .failurePercentage)
        try container.encodeIfPresent(latency, forKey: .latency)
        try container.encode(healthCheckReturns, forKey: .healthCheckReturns)
    }
}

extension OutlierDetection.SuccessRate: Codable {
    private enum Key: CodingKey, CaseIterable {
        case deviationFactor, minimumBackends, minimumVolume, enforcement
    }

    /// Decodes an object such as `{"deviationFactor": 1.9}`; what is left out has its default.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "successRate")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        deviationFactor = try container.value(.deviationFactor, default: deviationFactor)
        minimumBackends = try container.value(.minimumBackends, default: minimumBackends)
        minimumVolume = try container.value(.minimumVolume, default: minimumVolume)
        enforcement = try container.value(.enforcement, default: enforcement)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(deviationFactor, forKey: .deviationFactor)
        try container.encode(minimumBackends, forKey: .minimumBackends)
        try container.encode(minimumVolume, forKey: .minimumVolume)
        try container.encode(enforcement, forKey: .enforcement)
    }
}

extension OutlierDetection.FailurePercentage: Codable {
    private enum Key: CodingKey, CaseIterable {
        case threshold, minimumBackends, minimumVolume, enforcement
    }

    /// Decodes an object such as `{"threshold": 0.85}`; what is left out has its default.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "failurePercentage")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        threshold = try container.value(.threshold, default: threshold)
        minimumBackends = try container.value(.minimumBackends, default: minimumBackends)
        minimumVolume = try container.value(.minimumVolume, default: minimumVolume)
        enforcement = try container.value(.enforcement, default: enforcement)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(threshold, forKey: .threshold)
        try container.encode(minimumBackends, forKey: .minimumBackends)
        try container.encode(minimumVolume, forKey: .minimumVolume)
        try container.encode(enforcement, forKey: .enforcement)
    }
}

extension OutlierDetection.SlowBackends: Codable {
    private enum Key: CodingKey, CaseIterable {
        case factor, leastLatencySeconds, minimumBackends, minimumVolume
    }

    /// Decodes an object such as `{"factor": 5}`; what is left out has its default.
    public init(from decoder: any Decoder) throws {
        try decoder.checkMembers(Key.self, of: "latency")
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        factor = try container.value(.factor, default: factor)
        leastLatency = try container.seconds(.leastLatencySeconds) ?? leastLatency
        minimumBackends = try container.value(.minimumBackends, default: minimumBackends)
        minimumVolume = try container.value(.minimumVolume, default: minimumVolume)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(factor, forKey: .factor)
        try container.encodeSeconds(leastLatency, .leastLatencySeconds)
        try container.encode(minimumBackends, forKey: .minimumBackends)
        try container.encode(minimumVolume, forKey: .minimumVolume)
    }
}
