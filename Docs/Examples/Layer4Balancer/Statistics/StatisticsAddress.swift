import PacketForwarding

/// Where statistics are served: within this host only, since nobody has to say who he is.
struct StatisticsAddress {
    let place: Listener.Place

    /// Reads `127.0.0.1:9108`, `[::1]:9108` or `unix:/path`.
    ///
    /// - Throws: ``ConfigurationError`` for anything else.
    init(_ text: String) throws(ConfigurationError) {
        if text.hasPrefix("unix:/") {
            place = .path(String(text.dropFirst(5)))
        } else if let endpoint = Endpoint(text), endpoint.address.isLoopback {
            place = .endpoint(endpoint)
        } else {
            throw ConfigurationError(
                "statistics", "\"\(text)\" is no place within this host; use 127.0.0.1:9108, [::1]:9108 or unix:/path")
        }
    }
}

extension IPAddress {
    fileprivate var isLoopback: Bool { version == .v4 ? v4Bits >> 24 == 127 : high == 0 && low == 1 }
}
