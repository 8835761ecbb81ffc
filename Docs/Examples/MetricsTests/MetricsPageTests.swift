import Testing

@testable import Metrics

/// What is answered to whoever asks.
@Suite struct MetricsPageTests {
    private static let page = MetricsPage { "a 1\n" }

    private static func response(to request: String) -> String? {
        page.response(to: Array(request.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        (request: "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", status: "200 OK"),
        ("GET /metrics?x=1 HTTP/1.0\r\n\r\n", "200 OK"),
        ("HEAD /metrics HTTP/1.1\r\n\r\n", "200 OK"),
        ("GET / HTTP/1.1\r\n\r\n", "404 Not Found"),
        ("GET /metrics/ HTTP/1.1\r\n\r\n", "404 Not Found"),
        ("POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        ("\r\n\r\n", "400 Bad Request"),
        ("GET /metrics\r\n\r\n", "400 Bad Request"),
        ("GET  /metrics HTTP/1.1\r\n\r\n", "400 Bad Request"),
        ("GET /metrics SPDY/3\r\n\r\n", "400 Bad Request"),
        ("\u{0}\u{0}\u{0}\r\n\r\n", "400 Bad Request"),
    ])
    func answers(request: String, status: String) throws {
        let response = try #require(Self.response(to: request))
        #expect(response.hasPrefix("HTTP/1.1 \(status)\r\n"))
        let parts = response.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        #expect(parts[1] == (status == "200 OK" && request.hasPrefix("GET") ? "a 1\n" : ""))
        let byteCount = status == "200 OK" ? 4 : 0
        #expect(parts[0].contains("\r\nContent-Length: \(byteCount)\r\n"))
    }

    @Test func waitsForTheEndOfTheHead() {
        let request = Array("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        for count in request.indices { #expect(Self.page.response(to: Array(request.prefix(count))) == nil) }
    }

    @Test func endlessHeadsAreRefused() {
        let endless = String(repeating: "a", count: MetricsPage.longestHead + 1)
        #expect(Self.response(to: endless)?.hasPrefix("HTTP/1.1 431 ") == true)
    }
}
