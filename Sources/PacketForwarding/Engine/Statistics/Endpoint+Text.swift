/// Text: the address, a colon and the port; an IPv6 address stands in brackets (RFC 3986 §3.2.2).
extension Endpoint: LosslessStringConvertible, Codable {
    /// Reads `192.0.2.1:80` or `[2001:db8::1]:80`; `nil` for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else { return nil }
        var host = text[..<colon]
        let isBracketed = host.first == "[" && host.last == "]" && host.count > 2
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(host), isBracketed == (address.version == .v6) else { return nil }
        self.init(address, port)
    }

    /// The address, a colon and the port.
    public var description: String { address.version == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// Reads the text that ``description`` gives.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText()
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encodeText(description)
    }
}
