/// nginx's plain `hash`, by name `static-hash` with the dialect `nginx`: ``NginxHash``.
///
///     let balancer = try LoadBalancer(policy: .nginxHash, backends: backends)
///     let lease = try balancer.lease(for: .nginxKey("user:42"))
///
/// The backends have to stand in the order of nginx's `server` directives, with the same weights. Where one is down or
/// was tried, its keys go where nginx sends them: requests carry the checksum of their key and its length, from which
/// nginx's further hashes follow. Keys of any other hash are spread as well, but not as nginx spreads them.
public struct NginxHashPolicy: ConsistentHashPolicy, Hashable {
    /// Creates the policy.
    public init() {}

    /// The table for a set of backends.
    public func makeTable(for backends: [WeightedName], replacing old: NginxHash?) -> NginxHash {
        (try? NginxHash(backends)) ?? NginxHash()
    }
}

extension NginxHashPolicy: Codable {
    private enum Key: CodingKey {
        case dialect
    }

    /// The dialect's name in configurations.
    static let dialect = "nginx"

    /// Decodes `{"dialect": "nginx"}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decode(String.self, forKey: .dialect)
        guard name == Self.dialect else {
            throw DecodingError.dataCorruptedError(
                forKey: .dialect, in: container,
                debugDescription: "there is no dialect \"\(name)\" of static-hash; use \"\(Self.dialect)\", or none")
        }
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.dialect, forKey: .dialect)
    }
}
