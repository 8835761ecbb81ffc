/// The one page of a web server: `/metrics`.
struct MetricsPage: Sendable {
    /// What stands there, made anew for each who asks.
    let text: @Sendable () -> String

    /// A head that is longer is refused.
    static let longestHead = 8_192

    /// What is answered to a request (RFC 9112), after which the connection is closed; `nil` if the end of its head has not
    /// arrived yet.
    func response(to request: [UInt8]) -> [UInt8]? {
        let end: [UInt8] = [13, 10, 13, 10]
        guard request.indices.contains(where: { request[$0...].starts(with: end) }) else {
            return request.count > Self.longestHead ? Self.response("431 Request Header Fields Too Large") : nil
        }
        let line = String(decoding: request.prefix { $0 != 13 }, as: UTF8.self)
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return Self.response("400 Bad Request") }
        guard words[0] == "GET" || words[0] == "HEAD" else { return Self.response("405 Method Not Allowed") }
        guard words[1].prefix(while: { $0 != "?" }) == "/metrics" else { return Self.response("404 Not Found") }
        return Self.response("200 OK", text(), hasBody: words[0] == "GET")
    }

    private static func response(_ status: String, _ body: String = "", hasBody: Bool = true) -> [UInt8] {
        let head = """
            HTTP/1.1 \(status)\r
            Content-Type: text/plain; version=0.0.4; charset=utf-8\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \r\n
            """
        return Array(head.utf8) + (hasBody ? Array(body.utf8) : [])
    }
}
