import Synchronization

/// A client for one server that keeps idle connections for the next request: the balancer's endpoint.
///
/// An endpoint may be anything. With the pool in it, `backend.endpoint` is all that a request needs, and connections go
/// when the backend does.
final class HTTPClient: Sendable {
    /// The server's position among the round's.
    let position: Int
    private let port: UInt16
    private let timeout: Duration
    private let idle = Mutex<[Socket]>([])

    /// More idle connections than this are closed.
    static let idleLimit = 8

    /// Creates a client without connections.
    init(position: Int, port: UInt16, timeout: Duration) {
        self.position = position
        self.port = port
        self.timeout = timeout
    }

    /// Asks for a path, on an idle connection if there is one, and blocks the thread until the answer is there.
    ///
    /// - Returns: the answer, whatever its status.
    /// - Throws: ``SocketError`` or ``HTTPError``; the connection is closed then.
    func get(_ path: String) throws -> HTTPMessage {
        let pooled = idle.withLock { $0.popLast() }
        let connection = try pooled ?? Socket.connected(to: port, timeout: timeout)
        try connection.write(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8))
        var received: [UInt8] = []
        while true {
            guard try connection.read(into: &received) > 0 else { throw HTTPError.connectionClosed }
            guard let response = try HTTPMessage.parse(received) else { continue }
            idle.withLock { if $0.count < Self.idleLimit { $0.append(connection) } }
            return response
        }
    }
}
