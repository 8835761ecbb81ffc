/// How a sticky cookie is written and read.
public struct StickyCookie: Hashable, Sendable {
    /// To which requests from other sites a browser adds the cookie.
    public enum SameSite: String, Hashable, Sendable, CaseIterable {
        /// To none.
        case strict = "Strict"
        /// To those that lead the user here.
        case lax = "Lax"
        /// To all; browsers want ``StickyCookie/isSecure`` then.
        case none = "None"
    }

    /// The name.
    public var name: String
    /// The path below which it is sent; `/`.
    public var path: String
    /// The domain to which it is sent, its subdomains among it; `nil` for the host alone.
    public var domain: String?
    /// Whether scripts must not read it.
    public var isHTTPOnly: Bool
    /// Whether it is sent over TLS only.
    public var isSecure: Bool
    /// To which requests from other sites it is added.
    public var sameSite: SameSite?
    /// Whether a browser forgets it when it is closed, whatever the lifetime.
    public var endsWithBrowser: Bool
    /// Whether servers do not get to see it: HAProxy's `indirect`.
    public var isIndirect: Bool
    /// Whether a server's own cookie of that name stands: HAProxy's `preserve`.
    public var isPreserved: Bool

    /// Creates a cookie.
    ///
    /// - Throws: ``TopologyError`` if the name, the path or the domain has characters that cookies cannot have.
    public init(
        name: String, path: String = "/", domain: String? = nil, isHTTPOnly: Bool = true, isSecure: Bool = true,
        sameSite: SameSite? = .lax, endsWithBrowser: Bool = false, isIndirect: Bool = false, isPreserved: Bool = false
    ) throws(TopologyError) {
        let separators = Set("()<>@,;:\\\"/[]?={}".utf8)
        guard !name.isEmpty, name.utf8.allSatisfy({ 0x21...0x7E ~= $0 && !separators.contains($0) }) else {
            throw TopologyError(.invalid("\"\(name)\" is no name for a cookie; use letters, digits, - and _"))
        }
        for value in [path, domain ?? ""] where !value.utf8.allSatisfy({ 0x20...0x7E ~= $0 && $0 != 0x3B }) {
            throw TopologyError(
                .invalid("\"\(value)\" cannot stand in a cookie; leave out semicolons and control characters"))
        }
        self.name = name
        self.path = path
        self.domain = domain
        self.isHTTPOnly = isHTTPOnly
        self.isSecure = isSecure
        self.sameSite = sameSite
        self.endsWithBrowser = endsWithBrowser
        self.isIndirect = isIndirect
        self.isPreserved = isPreserved
    }

    /// The value of the cookie in a `Cookie` header, the first of several; `nil` if there is none.
    public func value(in header: String) -> Substring? {
        for pair in header.split(separator: ";") {
            let (key, value) = Self.parts(of: pair)
            if key == name { return value }
        }
        return nil
    }

    /// A `Cookie` header without the cookie, for servers that are not to see it; `nil` if nothing is left.
    public func removed(from header: String) -> String? {
        let rest = header.split(separator: ";").filter { Self.parts(of: $0).key != name }
        let text = rest.map { $0.drop { $0 == " " } }.joined(separator: "; ")
        return text.isEmpty ? nil : text
    }

    /// Whether a server's `Set-Cookie` header sets the cookie.
    public func isSet(by header: String) -> Bool {
        header.split(separator: ";").first.map { Self.parts(of: $0).key == name } ?? false
    }

    private static func parts(of pair: Substring) -> (key: Substring, value: Substring) {
        let pair = pair.drop { $0 == " " || $0 == "\t" }
        guard let equals = pair.firstIndex(of: "=") else { return (pair, "") }
        return (pair[..<equals], pair[pair.index(after: equals)...])
    }

    /// The `Set-Cookie` header of a token.
    ///
    /// Responses that have it must not be kept by shared caches: send `Cache-Control: private` with them (HAProxy's
    /// `nocache`).
    ///
    /// - Parameters:
    ///   - value: the token as text.
    ///   - maximumAge: how long a browser keeps it, in seconds: ``SessionLifetime/maximumAge(of:at:)``.
    /// - Returns: the header's value.
    public func header(setting value: String, maximumAge: UInt64?) -> String {
        var parts = ["\(name)=\(value)", "Path=\(path)"]
        if let domain { parts.append("Domain=\(domain)") }
        if let maximumAge, !endsWithBrowser { parts.append("Max-Age=\(maximumAge)") }
        if isHTTPOnly { parts.append("HttpOnly") }
        if isSecure { parts.append("Secure") }
        if let sameSite { parts.append("SameSite=\(sameSite.rawValue)") }
        return parts.joined(separator: "; ")
    }

    /// The `Set-Cookie` header that takes the cookie away.
    public var headerRemoving: String { header(setting: "", maximumAge: 0) }
}
