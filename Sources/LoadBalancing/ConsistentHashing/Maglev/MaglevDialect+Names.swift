extension MaglevDialect {
    /// Every dialect, with its default parameters.
    public static var named: [MaglevDialect] {
        [.standard(), .paper(), .envoy(), .katran(.v1), .katran(.v2), .cilium()]
    }

    /// The dialect's name in configurations: see ``init(named:size:)``.
    public var name: String {
        switch kind {
        case .standard: "standard"
        case .paper: "paper"
        case .envoy: "envoy"
        case .katran(.v1): "katran-v1"
        case .katran(.v2): "katran-v2"
        case .cilium: "cilium"
        }
    }

    /// The dialect of a name in a configuration, such as `envoy`.
    ///
    /// - Parameters:
    ///   - name: one of ``UnknownMaglevDialectError/knownNames``.
    ///   - size: the number of slots; the dialect's default where it is `nil`.
    /// - Throws: ``UnknownMaglevDialectError``, which lists the names there are.
    public init(named name: String, size: Int? = nil) throws(UnknownMaglevDialectError) {
        guard let dialect = Self.named.first(where: { $0.name == name }) else {
            throw UnknownMaglevDialectError(name: name)
        }
        self.init(kind: dialect.kind, size: size ?? dialect.size)
    }
}

/// A configuration names a dialect that this package does not have.
public struct UnknownMaglevDialectError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was given.
    public let name: String

    /// The names there are.
    public static var knownNames: [String] { MaglevDialect.named.map(\.name) }

    /// The name, and the names there are.
    public var description: String {
        "there is no Maglev dialect \"\(name)\"; use one of \(Self.knownNames.joined(separator: ", "))"
    }
}
