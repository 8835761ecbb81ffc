extension RingDialect {
    /// Every dialect that has a name, with its default parameters.
    public static var named: [RingDialect] {
        let memcached: [RingDialect] = [
            .libketama, .spymemcached(), .spymemcached(weighted: true), .finagle(), .finagle(oldLibmemcached: true),
            .uhashringKetama, .uhashring,
        ]
        let libraries: [RingDialect] = [true, false].flatMap { weighted in
            LibmemcachedHash.allCases.map { libmemcached($0, weighted: weighted) }
                + LibmemcachedHash.allCases.map { libmemcachedSpy($0, weighted: weighted) }
        }
        let proxies: [RingDialect] = [.nginx, .pingora, .pingoraV2(), .grpc()]
        return [.standard, .sha1] + memcached + libraries + TwemproxyHash.allCases.map { twemproxy($0) } + proxies
            + EnvoyHash.allCases.map { envoy($0) }
            + HAProxyHash.allCases.flatMap { [haproxy($0), haproxy($0, avalanche: true)] }
    }

    /// The dialect of a name in a configuration, with its default parameters, such as `libmemcached-weighted`.
    ///
    /// - Throws: ``UnknownRingDialectError``, which lists the names there are.
    public init(named name: String) throws(UnknownRingDialectError) {
        guard let dialect = Self.named.first(where: { $0.name == name }) else {
            throw UnknownRingDialectError(name: name)
        }
        self = dialect
    }
}

/// A configuration names a dialect that this package does not have.
public struct UnknownRingDialectError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was given.
    public let name: String

    /// The names there are.
    public static var knownNames: [String] { RingDialect.named.map(\.name) }

    /// The name, and the names there are.
    public var description: String {
        "there is no ring dialect \"\(name)\"; use one of \(Self.knownNames.joined(separator: ", "))"
    }
}
