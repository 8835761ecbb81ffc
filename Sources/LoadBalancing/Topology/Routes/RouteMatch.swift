/// What a request has to be like for a route: all of it.
public struct RouteMatch: Sendable {
    /// The path.
    public var path: PathMatch
    /// The method; `nil` for any.
    public var method: String?
    /// Headers, each of which has to match.
    public var headers: [ValueMatch]
    /// Parameters of the query, each of which has to match; percent signs are decoded before.
    public var query: [ValueMatch]

    /// Creates a match; without arguments every request matches.
    public init(
        path: PathMatch = .prefix("/"), method: String? = nil, headers: [ValueMatch] = [], query: [ValueMatch] = []
    ) {
        self.path = path
        self.method = method
        self.headers = headers
        self.query = query
    }
}

/// How a path has to be.
///
/// Paths are compared byte by byte, as they stand in the request: normalise dots and percent signs before, if they
/// matter.
public enum PathMatch: Sendable {
    /// The very path.
    case exact(String)
    /// The path, or one below it: `/shop` matches `/shop`, `/shop/` and `/shop/cart`, not `/shopping`.
    case prefix(String)
    /// Whatever a test says, mostly a regular expression: `.where("v[0-9]+") { $0.firstMatch(of: pattern) != nil }`.
    ///
    /// The name stands for the test in explanations.
    case `where`(String, @Sendable (String) -> Bool)
}

/// How a header, or a parameter of the query, has to be.
public struct ValueMatch: Sendable {
    /// What is asked of the value.
    public enum Condition: Sendable {
        /// It is the very text.
        case equals(String)
        /// There is one.
        case isPresent
        /// There is none.
        case isAbsent
        /// It passes a test; the name stands for the test in explanations.
        case `where`(String, @Sendable (String) -> Bool)
    }

    /// The name: of a header in any case, of a parameter as it is.
    public var name: String
    /// What is asked of the value.
    public var condition: Condition

    /// Creates a match.
    public init(_ name: String, _ condition: Condition) {
        self.name = name
        self.condition = condition
    }

    /// A value that is the very text.
    public static func equals(_ name: String, _ value: String) -> ValueMatch {
        ValueMatch(name, .equals(value))
    }

    @usableFromInline
    func accepts(_ value: String?) -> Bool {
        switch (condition, value) {
        case (.equals(let text), let value?): text == value
        case (.isPresent, let value): value != nil
        case (.isAbsent, let value): value == nil
        case (.where(_, let test), let value?): test(value)
        case (_, nil): false
        }
    }
}

extension ValueMatch: CustomStringConvertible {
    /// The condition in words.
    public var description: String {
        switch condition {
        case .equals(let value): "\(name) = \(value)"
        case .isPresent: "\(name) is there"
        case .isAbsent: "\(name) is not there"
        case .where(let test, _): "\(name) matches \(test)"
        }
    }
}

extension PathMatch: CustomStringConvertible {
    /// The condition in words.
    public var description: String {
        switch self {
        case .exact(let path): "path = \(path)"
        case .prefix(let path): "path below \(path)"
        case .where(let test, _): "path matches \(test)"
        }
    }
}
