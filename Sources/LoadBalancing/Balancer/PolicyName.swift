/// The names of this package's policies in configurations.
public enum PolicyName: String, Hashable, Sendable, CaseIterable, Codable {
    /// ``RoundRobinPolicy``
    case roundRobin = "round-robin"
    /// ``SmoothWeightedRoundRobinPolicy``
    case smoothWeightedRoundRobin = "smooth-weighted-round-robin"
    /// ``UniformRandomPolicy``
    case random
    /// ``WeightedRandomPolicy``
    case weightedRandom = "weighted-random"
    /// ``LeastConnectionsPolicy``
    case leastConnections = "least-connections"
    /// ``LeastResponseTimePolicy``
    case leastResponseTime = "least-response-time"
    /// ``PowerOfTwoChoicesPolicy``
    case powerOfTwoChoices = "power-of-two-choices"
    /// ``PeakEWMAPolicy``
    case peakEWMA = "peak-ewma"
    /// ``AdaptivePolicy``
    case adaptive
    /// ``C3Policy``
    case c3
    /// ``PrequalPolicy``
    case prequal
    /// ``StaticHashPolicy``; with the dialect `nginx` ``NginxHashPolicy``
    case staticHash = "static-hash"
    /// ``RendezvousPolicy``
    case rendezvous
    /// ``JumpHashPolicy``
    case jumpHash = "jump-hash"
    /// ``MultiProbePolicy``
    case multiProbe = "multi-probe"
    /// ``MementoPolicy``
    case memento
    /// ``RingHashPolicy``
    case ringHash = "ring-hash"
    /// ``MaglevPolicy``
    case maglev

    /// The policy name that a text stands for.
    ///
    /// - Throws: ``UnknownPolicyError``, which lists the names there are.
    public init(named name: String) throws(UnknownPolicyError) {
        guard let known = PolicyName(rawValue: name) else { throw UnknownPolicyError(name: name) }
        self = known
    }

    /// Whether the policy sends equal keys to the same backend.
    public var isKeyed: Bool {
        switch self {
        case .staticHash, .rendezvous, .jumpHash, .multiProbe, .memento, .ringHash, .maglev: true
        case .roundRobin, .smoothWeightedRoundRobin, .random, .weightedRandom, .leastConnections, .leastResponseTime,
            .powerOfTwoChoices, .peakEWMA, .adaptive, .c3, .prequal:
            false
        }
    }

    /// The policy with its default parameters.
    public var policy: AnyPolicy {
        switch self {
        case .roundRobin: .roundRobin
        case .smoothWeightedRoundRobin: .smoothWeightedRoundRobin
        case .random: .random
        case .weightedRandom: .weightedRandom
        case .leastConnections: .leastConnections
        case .leastResponseTime: .leastResponseTime
        case .powerOfTwoChoices: .powerOfTwoChoices
        case .peakEWMA: .peakEWMA
        case .adaptive: .adaptive
        case .c3: .c3
        case .prequal: .prequal
        case .staticHash: .staticHash
        case .rendezvous: .rendezvous
        case .jumpHash: .jumpHash
        case .multiProbe: .multiProbe
        case .memento: .memento
        case .ringHash: .ringHash
        case .maglev: .maglev
        }
    }
}

/// A configuration names a policy that this package does not have.
public struct UnknownPolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was given.
    public let name: String

    /// The names there are.
    public static var knownNames: [String] { PolicyName.allCases.map(\.rawValue) }

    /// The name, and the names there are.
    public var description: String {
        "there is no policy \"\(name)\"; use one of \(Self.knownNames.joined(separator: ", "))"
    }
}

extension AnyPolicy {
    /// The policy of a name, with its default parameters.
    ///
    /// - Throws: ``UnknownPolicyError`` for a name that is not among ``PolicyName``'s.
    public init(named name: String) throws(UnknownPolicyError) {
        self = try PolicyName(named: name).policy
    }
}

extension AnyPolicy: Decodable {
    private enum Key: String, CodingKey {
        case name
    }

    private enum DialectKey: CodingKey {
        case dialect
    }

    /// Decodes a name, or an object with a name and the policy's parameters.
    ///
    /// - Throws: `DecodingError`; for an unknown name, or a parameter that the policy does not have, its text lists those
    ///   there are, and its underlying error is an ``UnknownPolicyError`` or an ``UnknownParameterError``.
    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            self = try Self.known(name, from: decoder).policy
            return
        }
        let text = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .name)
        let name = try Self.known(text, from: decoder)
        try Self.checkBounds(of: name, from: decoder)
        try decoder.checkParameters(name.parameterNames + [Key.name.rawValue], of: name.rawValue)
        self =
            switch name {
            case .roundRobin: AnyPolicy(try RoundRobinPolicy(from: decoder))
            case .leastResponseTime: AnyPolicy(try LeastResponseTimePolicy(from: decoder))
            case .adaptive: AnyPolicy(try AdaptivePolicy(from: decoder))
            case .c3: AnyPolicy(try C3Policy(from: decoder))
            case .peakEWMA: AnyPolicy(try PeakEWMAPolicy(from: decoder))
            case .staticHash: try Self.staticHash(from: decoder)
            case .rendezvous: try Self.keyed(RendezvousPolicy.self, from: decoder)
            case .jumpHash: try Self.keyed(JumpHashPolicy.self, from: decoder)
            case .multiProbe: try Self.keyed(MultiProbePolicy.self, from: decoder)
            case .memento: try Self.keyed(MementoPolicy.self, from: decoder)
            case .ringHash: try Self.keyed(RingHashPolicy.self, from: decoder)
            case .maglev: try Self.keyed(MaglevPolicy.self, from: decoder)
            case .smoothWeightedRoundRobin, .random, .weightedRandom, .leastConnections, .powerOfTwoChoices,
                .prequal:
                name.policy
            }
    }

    /// Refuses a load factor where there is nothing that it could bound.
    private static func checkBounds(of name: PolicyName, from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: BoundedLoadKey.self)
        guard container.contains(.loadFactor), !name.isKeyed else { return }
        throw DecodingError.dataCorruptedError(
            forKey: .loadFactor, in: container,
            debugDescription: "only policies by key have a load factor, and \(name.rawValue) is none")
    }

    /// A policy by key, with its loads bounded where a factor is given.
    private static func keyed<Keyed: ConsistentHashPolicy & Codable>(
        _ policy: Keyed.Type, from decoder: any Decoder
    ) throws -> AnyPolicy {
        let container = try decoder.container(keyedBy: BoundedLoadKey.self)
        return container.contains(.loadFactor)
            ? AnyPolicy(try BoundedLoadPolicy<Keyed>(from: decoder)) : AnyPolicy(try Keyed(from: decoder))
    }

    /// A static hash of this package's own or, with a dialect, nginx's.
    private static func staticHash(from decoder: any Decoder) throws -> AnyPolicy {
        let container = try decoder.container(keyedBy: DialectKey.self)
        return container.contains(.dialect)
            ? try keyed(NginxHashPolicy.self, from: decoder) : try keyed(StaticHashPolicy.self, from: decoder)
    }

    private static func known(_ name: String, from decoder: any Decoder) throws -> PolicyName {
        do {
            return try PolicyName(named: name)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: error.description, underlyingError: error))
        }
    }
}
