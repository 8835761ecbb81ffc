extension LatencyEstimator: Codable {
    private enum Key: String, CodingKey, CaseIterable {
        case method, alpha, timeConstantSeconds, failurePenaltySeconds
    }

    private enum Name: String, Codable {
        case ewma, decaying, peak, condition
    }

    /// Decodes an object such as `{"method": "peak", "timeConstantSeconds": 10, "failurePenaltySeconds": 5}`; what is left
    /// out has its default.
    ///
    /// - Throws: `DecodingError`; for a parameter that there is not its underlying error is an ``UnknownParameterError``.
    public init(from decoder: any Decoder) throws {
        try decoder.checkParameters(Key.allCases.map(\.rawValue), of: "estimator")
        let container = try decoder.container(keyedBy: Key.self)
        func seconds(_ key: Key, default value: Duration) throws -> Duration {
            guard let seconds = try container.decodeIfPresent(Double.self, forKey: key) else { return value }
            guard seconds >= 0, seconds < 1e9 else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "\(seconds) s is not a time from 0 to 1e9 seconds")
            }
            // Whole nanoseconds, so that what was encoded comes back as it was.
            return .nanoseconds(Int64((seconds * 1e9).rounded()))
        }
        let penalty = try seconds(.failurePenaltySeconds, default: Self.defaultFailurePenalty)
        switch try container.decode(Name.self, forKey: .method) {
        case .ewma:
            let alpha = try container.decodeIfPresent(Double.self, forKey: .alpha) ?? 0.1
            guard 0...1 ~= alpha else {
                throw DecodingError.dataCorruptedError(
                    forKey: .alpha, in: container, debugDescription: "alpha goes from 0 to 1, not \(alpha)")
            }
            self = .ewma(alpha: alpha, failurePenalty: penalty)
        case .condition:
            self = .condition(alpha: try container.decodeIfPresent(Double.self, forKey: .alpha) ?? 0.1)
        case .decaying:
            self = .decaying(
                timeConstant: try seconds(.timeConstantSeconds, default: .seconds(10)), failurePenalty: penalty)
        case .peak:
            self = .peak(
                timeConstant: try seconds(.timeConstantSeconds, default: .seconds(10)), failurePenalty: penalty)
        }
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let timeConstant = Double(LatencyWord.unit) / Double(decayPerUnit) / 1e9
        switch method {
        case .ewma:
            try container.encode(Name.ewma, forKey: .method)
            try container.encode(Double(alpha), forKey: .alpha)
        case .condition:
            try container.encode(Name.condition, forKey: .method)
            try container.encode(Double(alpha), forKey: .alpha)
        case .decaying:
            try container.encode(Name.decaying, forKey: .method)
            try container.encode(timeConstant, forKey: .timeConstantSeconds)
        case .peak:
            try container.encode(Name.peak, forKey: .method)
            try container.encode(timeConstant, forKey: .timeConstantSeconds)
        }
        try container.encode(Double(penalty) / 1e9, forKey: .failurePenaltySeconds)
    }
}
