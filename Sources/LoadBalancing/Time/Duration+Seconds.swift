/// Durations in configurations: a number of seconds, under a key that says so.
extension KeyedDecodingContainer {
    /// The duration under a key; `nil` if there is none.
    func seconds(_ key: Key) throws -> Duration? {
        guard let seconds = try decodeIfPresent(Double.self, forKey: key) else { return nil }
        guard seconds >= 0, seconds < 1e9 else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "\(seconds) s is not a time from 0 to 1e9 seconds")
        }
        // Whole nanoseconds, so that what was encoded comes back as it was.
        return .nanoseconds(Int64((seconds * 1e9).rounded()))
    }

    /// The value under a key: `value` if the key is not there, `nil` if it says null.
    func optional<Value: Decodable>(_ key: Key, default value: Value?) throws -> Value? {
        contains(key) ? try decodeIfPresent(Value.self, forKey: key) : value
    }

    /// The value under a key, or `value` if there is none.
    func value<Value: Decodable>(_ key: Key, default value: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? value
    }
}

extension KeyedEncodingContainer {
    /// Encodes a duration as what `seconds(_:)` reads.
    mutating func encodeSeconds(_ duration: Duration, _ key: Key) throws {
        try encode(duration / .seconds(1), forKey: key)
    }
}
