extension AdaptivePolicy {
    private enum Key: CodingKey {
        case alpha, fadingSeconds, latencyFactor, trialIntervalSeconds, scanLimit, draws
    }

    /// Decodes an object such as `{"scanLimit": 32, "draws": 6, "trialIntervalSeconds": 0.5}`; what is left out has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let standard = AdaptivePolicy()
        func seconds(_ key: Key, default value: Duration) throws -> Duration {
            guard let seconds = try container.decodeIfPresent(Double.self, forKey: key) else { return value }
            guard seconds >= 0, seconds < 1e9 else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "\(seconds) s is not a time from 0 to 1e9 seconds")
            }
            // Whole nanoseconds, so that what was encoded comes back as it was.
            return .nanoseconds(Int64((seconds * 1e9).rounded()))
        }
        self.init(
            alpha: try container.decodeIfPresent(Double.self, forKey: .alpha) ?? standard.alpha,
            fading: try seconds(.fadingSeconds, default: standard.fading),
            latencyFactor: try container.decodeIfPresent(Double.self, forKey: .latencyFactor) ?? standard.latencyFactor,
            trialInterval: try seconds(.trialIntervalSeconds, default: standard.trialInterval),
            scanLimit: try container.decodeIfPresent(Int.self, forKey: .scanLimit) ?? standard.scanLimit,
            draws: try container.decodeIfPresent(Int.self, forKey: .draws) ?? standard.draws)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(alpha, forKey: .alpha)
        try container.encode(Double(fading.wholeNanoseconds) / 1e9, forKey: .fadingSeconds)
        try container.encode(latencyFactor, forKey: .latencyFactor)
        try container.encode(Double(trialInterval.wholeNanoseconds) / 1e9, forKey: .trialIntervalSeconds)
        try container.encode(scanLimit, forKey: .scanLimit)
        try container.encode(draws, forKey: .draws)
    }
}
