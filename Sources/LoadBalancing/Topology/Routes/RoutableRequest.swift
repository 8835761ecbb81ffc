/// What a route looks at: the method, the host, the path with its query, and headers.
///
/// Conform your own request type; ``RouteRequest`` is a plain one. Only what a rule asks for is read.
public protocol RoutableRequest {
    /// The method, as it stands in the request: `GET`.
    var method: String { get }
    /// The host, with or without a port: the `Host` header or `:authority`.
    var host: String { get }
    /// The path and, behind a question mark, the query, as they stand in the request.
    var target: String { get }

    /// The value of a header, whatever the case of its name; several of one name joined by `, `. `nil` if there is
    /// none.
    func header(_ name: String) -> String?
}

/// A request as plain values.
public struct RouteRequest: RoutableRequest, Hashable, Sendable {
    /// The method.
    public var method: String
    /// The host.
    public var host: String
    /// The path and the query.
    public var target: String
    /// Headers by name in lower case.
    public var headers: [String: String]

    /// Creates a request; names of headers may be in any case.
    public init(method: String = "GET", host: String = "", target: String = "/", headers: [String: String] = [:]) {
        self.method = method
        self.host = host
        self.target = target
        self.headers = Dictionary(headers.map { ($0.lowercased(), $1) }) { "\($0), \($1)" }
    }

    /// The value of a header.
    public func header(_ name: String) -> String? {
        if let value = headers[name] { return value }
        return name.utf8.contains { 0x41...0x5A ~= $0 } ? headers[name.lowercased()] : nil
    }
}
