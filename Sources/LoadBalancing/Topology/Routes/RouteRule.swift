/// One way into a route: a host and a match of it.
@usableFromInline
struct RouteRule: Sendable {
    let route: Int
    let name: String
    let position: Int
    let host: HostPattern
    @usableFromInline let match: RouteMatch
    let creationTime: UInt64

    init(
        route: Int, name: String, position: Int, host: HostPattern, match: RouteMatch, creationTime: UInt64
    ) throws(TopologyError) {
        switch match.path {
        case .exact(let path), .prefix(let path):
            guard path.utf8.first == UInt8(ascii: "/") else {
                throw TopologyError(.invalid("path \"\(path)\" of route \"\(name)\" does not begin with a slash"))
            }
        case .where: break
        }
        self.route = route
        self.name = name
        self.position = position
        self.host = host
        self.match = match
        self.creationTime = creationTime
    }

    /// The prefix without slashes at its end; empty for the root.
    static func trimmed(_ prefix: String) -> String {
        var bytes = prefix.utf8[...]
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isBelow(_ path: String.UTF8View, _ prefix: String.UTF8View) -> Bool {
        guard path.starts(with: prefix) else { return false }
        return prefix.isEmpty || path.count == prefix.count || path.dropFirst(prefix.count).first == UInt8(ascii: "/")
    }

    /// Exact paths, tests, prefixes by length.
    private var pathRank: (kind: Int, length: Int) {
        switch match.path {
        case .exact: (2, 0)
        case .where: (1, 0)
        case .prefix(let path): (0, Self.trimmed(path).utf8.count)
        }
    }

    /// Whether the rule takes precedence in the order of the Gateway API.
    func precedes(_ other: RouteRule) -> Bool {
        if host.specificity != other.host.specificity { return host.specificity > other.host.specificity }
        if pathRank != other.pathRank { return pathRank > other.pathRank }
        // Tests in the order given.
        if pathRank.kind == 1, route != other.route { return route < other.route }
        let one = (match.method == nil ? 0 : 1, match.headers.count, match.query.count)
        let two = (other.match.method == nil ? 0 : 1, other.match.headers.count, other.match.query.count)
        if one != two { return one > two }
        if creationTime != other.creationTime { return creationTime < other.creationTime }
        return (name, position, host.text) < (other.name, other.position, other.host.text)
    }

    /// Whether there is anything to look at but the host and the text of the path.
    var isConditional: Bool {
        if case .where = match.path { return true }
        return match.method != nil || !match.headers.isEmpty || !match.query.isEmpty
    }

    /// Whether method, headers and query are as they have to be, and a path that the caller's own code tests.
    @inlinable
    func acceptsConditions(of request: some RoutableRequest) -> Bool {
        if let method = match.method, method != request.method { return false }
        for header in match.headers where !header.accepts(request.header(header.name)) { return false }
        return !looksAtTarget || acceptsTarget(request.target)
    }

    @usableFromInline var looksAtTarget: Bool {
        if case .where = match.path { return true }
        return !match.query.isEmpty
    }

    @usableFromInline
    func acceptsTarget(_ target: String) -> Bool {
        let query = QueryText(of: target)
        guard match.query.allSatisfy(query.accepts) else { return false }
        guard case .where(_, let test) = match.path else { return true }
        return test(QueryText.path(of: target))
    }

    /// Why the rule does not match; `nil` if it does.
    ///
    /// Rule by rule and plainly: what the index is measured against.
    func objection(to request: some RoutableRequest) -> String? {
        guard host.matches(request.host) else { return "the host is not \(host)" }
        let path = QueryText.path(of: request.target)
        let fits =
            switch match.path {
            case .exact(let exact): path.utf8.elementsEqual(exact.utf8)
            case .prefix(let prefix): Self.isBelow(path.utf8, Self.trimmed(prefix).utf8)
            case .where(_, let test): test(path)
            }
        guard fits else { return "not \(match.path)" }
        if let method = match.method, method != request.method { return "the method is not \(method)" }
        if let header = match.headers.first(where: { !$0.accepts(request.header($0.name)) }) {
            return "not header \(header)"
        }
        let query = QueryText(of: request.target)
        return match.query.first { !query.accepts($0) }.map { "not query \($0)" }
    }
}
