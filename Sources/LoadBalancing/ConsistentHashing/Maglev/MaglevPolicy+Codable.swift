extension MaglevPolicy: Codable {
    private enum Key: CodingKey {
        case dialect, size, seed, repairs
    }

    /// Decodes an object such as `{"dialect": "envoy", "size": 65537, "repairs": true}`; what is left out has its default.
    ///
    /// The dialect is one of ``UnknownMaglevDialectError/knownNames``, `seed` is Cilium's.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decodeIfPresent(String.self, forKey: .dialect)
        let size = try container.decodeIfPresent(Int.self, forKey: .size)
        var dialect = MaglevDialect.standard(size: size)
        if let name {
            do {
                dialect = try MaglevDialect(named: name, size: size)
            } catch {
                throw DecodingError.dataCorruptedError(
                    forKey: .dialect, in: container, debugDescription: error.description)
            }
        }
        if let size {
            do {
                try dialect.check(size)
            } catch {
                throw DecodingError.dataCorruptedError(
                    forKey: .size, in: container, debugDescription: error.description)
            }
        }
        if let seed = try container.decodeIfPresent(UInt32.self, forKey: .seed) {
            guard case .cilium = dialect.kind else {
                throw DecodingError.dataCorruptedError(
                    forKey: .seed, in: container, debugDescription: "only the dialect \"cilium\" has a seed")
            }
            dialect = MaglevDialect(kind: .cilium(seed: seed), size: dialect.size)
        }
        self.init(dialect: dialect, repairs: try container.decodeIfPresent(Bool.self, forKey: .repairs) ?? false)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(dialect.name, forKey: .dialect)
        try container.encodeIfPresent(dialect.size, forKey: .size)
        if case .cilium(let seed) = dialect.kind { try container.encode(seed, forKey: .seed) }
        if repairs { try container.encode(repairs, forKey: .repairs) }
    }
}
