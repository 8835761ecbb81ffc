/// Answers those who ask by HTTP how the daemon is: `/metrics` for Prometheus, `/ready` for whoever sends clients here.
enum StatisticsServer {
    /// What there is to say.
    struct Pages: Sendable {
        let isReady: @Sendable () async -> Bool
        let metrics: @Sendable () async -> String
    }

    static func listen(_ place: Listener.Place, _ pages: Pages) throws(ListenerError) -> Listener {
        try Listener(place) { stream in
            guard let request = stream.receive(through: "\r\n\r\n", limit: 16_384) else { return }
            let words = request.prefix { $0 != "\r\n" }.split(separator: " ")
            guard words.count == 3, words[0] == "GET" || words[0] == "HEAD" else {
                return answer(stream, "405 Method Not Allowed", "only GET\n")
            }
            switch words[1] {
            case "/metrics":
                let text = waiting { await pages.metrics() } ?? ""
                answer(stream, "200 OK", text, type: "text/plain; version=0.0.4; charset=utf-8")
            case "/ready":
                let isReady = waiting { await pages.isReady() } ?? false
                answer(stream, isReady ? "200 OK" : "503 Service Unavailable", isReady ? "ready\n" : "not ready\n")
            default: answer(stream, "404 Not Found", "there are /metrics and /ready\n")
            }
        }
    }

    private static func answer(
        _ stream: StreamSocket, _ status: String, _ body: String, type: String = "text/plain; charset=utf-8"
    ) {
        let header =
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        _ = stream.send(Array((header + body).utf8))
    }
}
