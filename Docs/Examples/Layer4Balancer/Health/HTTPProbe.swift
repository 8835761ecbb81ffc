import LoadBalancing
import PacketForwarding

/// Asks a server for a page, and looks at the first line of its answer.
struct HTTPProbe {
    let path: String
    let host: String

    func run(_ endpoint: Endpoint, until deadline: Timestamp) throws(ProbeError) -> HealthReport {
        let socket = try ProbeSocket(connectedTo: endpoint, until: deadline)
        try socket.send(Array("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8))
        var line: [UInt8] = []
        while !line.contains(UInt8(ascii: "\n")) {
            let bytes = try socket.receive(until: deadline)
            guard !bytes.isEmpty, line.count < 4_096 else { throw ProbeError("an answer that is not HTTP") }
            line += bytes
        }
        return try Self.report(String(decoding: line.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self))
    }

    /// What a status line says of the server.
    static func report(_ line: String) throws(ProbeError) -> HealthReport {
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else {
            throw ProbeError("an answer that is not HTTP")
        }
        switch status {
        case 200..<400: return .healthy
        case 503: return .draining
        default: return .unhealthy("status \(status)")
        }
    }
}
