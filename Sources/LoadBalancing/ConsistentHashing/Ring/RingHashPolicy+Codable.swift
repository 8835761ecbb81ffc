extension RingHashPolicy: Codable {
    private enum Key: CodingKey {
        case dialect
    }

    /// Decodes an object such as `{"dialect": "envoy", "minimumRingSize": 4096}`; what is left out has its default.
    ///
    /// The dialect is one of ``UnknownRingDialectError/knownNames``. Beside it stand its own parameters: `pointsPerBackend` for
    /// `standard`, `pointMultiple` for `pingora-v2`, `minimumRingSize` and `maximumRingSize` for Envoy's and gRPC's, `hashTag`
    /// (two characters such as `{}`) for twemproxy's, `names` (`spymemcached` or `libmemcached`) for spymemcached's.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let parameters = try RingParameters(from: decoder)
        do {
            let dialect = try container.decodeIfPresent(String.self, forKey: .dialect).map(RingDialect.init(named:))
            self.init(dialect: try (dialect ?? .standard).with(parameters))
        } catch let error as UnknownRingDialectError {
            throw DecodingError.dataCorruptedError(
                forKey: .dialect, in: container, debugDescription: error.description)
        } catch let error as RingParameters.Unfit {
            throw DecodingError.dataCorruptedError(
                forKey: .dialect, in: container, debugDescription: error.description)
        }
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(dialect.name, forKey: .dialect)
        let plain = try RingDialect(named: dialect.name)
        guard dialect != plain else { return }
        let parameters = dialect.parameters
        guard let read = try? plain.with(parameters), read == dialect else {
            throw EncodingError.invalidValue(
                dialect, EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "not as text"))
        }
        try parameters.encode(to: encoder)
    }
}
