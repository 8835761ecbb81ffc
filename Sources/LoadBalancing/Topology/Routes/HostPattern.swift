/// The hosts of a route: `www.example.com`, `*.example.com`, or any.
///
/// A wildcard stands for one label or more: `*.example.com` matches `a.example.com` and `a.b.example.com`, not
/// `example.com`. Case and ports do not matter.
public struct HostPattern: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text, in lower case: an exact name, or the part behind the wildcard with its dot; empty for any host.
    let text: String
    /// Whether the text is only the end of the host.
    let isWildcard: Bool

    /// Any host.
    public static let any = HostPattern(text: "", isWildcard: true)

    /// Reads a pattern; an empty one or `*` stands for any host.
    ///
    /// - Throws: ``TopologyError`` for a wildcard that is not the first label, a port, or an empty label.
    public init(_ pattern: String) throws(TopologyError) {
        let isWildcard = pattern.isEmpty || pattern == "*" || pattern.hasPrefix("*.")
        let name = pattern == "*" ? "" : isWildcard ? String(pattern.dropFirst(2)) : pattern
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = name.hasPrefix("[") && name.hasSuffix("]") && !isWildcard
        guard
            isAddress || name.isEmpty && (pattern.isEmpty || pattern == "*")
                || !labels.contains("") && !name.contains("*") && !name.contains(":")
        else {
            throw TopologyError(.invalid("\"\(pattern)\" is no host pattern; write a.example.com, *.example.com or *"))
        }
        self.init(
            text: (isWildcard && !name.isEmpty ? "." : "") + HostBytes.lowercased(name.utf8), isWildcard: isWildcard)
    }

    /// Reads a pattern that is known to be right; a wrong one matches no host.
    public init(stringLiteral pattern: String) {
        self = (try? HostPattern(pattern)) ?? HostPattern(text: "\u{0}", isWildcard: false)
    }

    private init(text: String, isWildcard: Bool) {
        self.text = text
        self.isWildcard = isWildcard
    }

    /// Whether a host fits.
    public func matches(_ host: String) -> Bool {
        let length = withRawSpan(of: host.utf8) { HostBytes.nameLength(in: $0) }
        let host = HostBytes.lowercased(host.utf8.prefix(length)).utf8
        guard isWildcard else { return host.elementsEqual(text.utf8) }
        return text.isEmpty || host.count > text.utf8.count && host.suffix(text.utf8.count).elementsEqual(text.utf8)
    }

    /// Greater for what takes precedence: exact names, then the longest wildcard.
    var specificity: Int { isWildcard ? text.utf8.count : 1 << 32 + text.utf8.count }
}

extension HostPattern: CustomStringConvertible {
    /// The pattern.
    public var description: String { isWildcard ? "*" + text : text }
}

/// The name in a `Host` header: without its port, and without the dot of a fully qualified name.
enum HostBytes {
    /// How many bytes of `host` are the name.
    static func nameLength(in host: RawSpan) -> Int {
        var end = host.byteCount
        var colon = end
        // Digits back to a colon are a port, unless the colon is part of an address without one.
        while colon > 0, host.byte(at: colon - 1) &- 0x30 < 10 { colon -= 1 }
        if colon > 0, host.byte(at: colon - 1) == UInt8(ascii: ":") { end = colon - 1 }
        if end > 0, host.byte(at: end - 1) == UInt8(ascii: ".") { end -= 1 }
        return end
    }

    /// Only the letters of ASCII have a case in host names.
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    static func lowercased(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.map(lowercased), as: UTF8.self)
    }
}
