/// A configuration gives something a parameter that it does not have: most often one whose name is misspelt, which
/// would else have its default unnoticed.
public struct UnknownParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The parameter.
    public let name: String
    /// What was to have it: a policy's name, `"estimator"`, or the name that a rule has in ``Resilience``.
    public let owner: String
    /// The parameters there are.
    public let knownNames: [String]

    /// The parameter, and those there are.
    public var description: String {
        let known = knownNames.isEmpty ? "it has none" : "it has \(knownNames.joined(separator: ", "))"
        return "\(owner) has no parameter \"\(name)\"; \(known)"
    }
}

extension Decoder {
    /// Refuses an object that has other members than `keys`.
    func checkMembers<Key: CodingKey & CaseIterable>(_ keys: Key.Type, of owner: String) throws {
        try checkParameters(keys.allCases.map(\.stringValue), of: owner)
    }

    /// Refuses an object that has other members than those that are known.
    func checkParameters(_ knownNames: [String], of owner: String) throws {
        let container = try container(keyedBy: AnyParameter.self)
        // In order, so that the same text gives the same error.
        let names = container.allKeys.map(\.stringValue).sorted()
        guard let name = names.first(where: { !knownNames.contains($0) }) else { return }
        let error = UnknownParameterError(name: name, owner: owner, knownNames: knownNames)
        throw DecodingError.dataCorrupted(
            DecodingError.Context(codingPath: codingPath, debugDescription: error.description, underlyingError: error))
    }
}

/// A member of whatever name.
private struct AnyParameter: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        return nil
    }
}
