import LoadBalancing

/// Streams on the connections to one backend, and the requests that wait for one.
struct Multiplexing {
    var connections = ConnectionSet<Int>(connectionLimit: 4, expectedStreamLimit: 100)
    var queue: [String] = []

    /// The connection of a request's stream; `nil` where it has to wait.
    mutating func send(_ request: String, at now: Timestamp, dial: () -> Void) -> Int? {
        switch connections.takeStream(at: now, waiting: queue.count) {
        case .reuse(let connection): return connection
        case .connect:
            queue.append(request)
            dial()
        case .wait: queue.append(request)
        }
        return nil
    }

    /// A connection is there: as many as wait go on it as it takes.
    mutating func opened(_ connection: Int, at now: Timestamp, dial: () -> Void) -> [String] {
        connections.opened(connection, streamLimit: 100, at: now)
        var sent: [String] = []
        while let request = queue.first {
            switch connections.takeStream(at: now, waiting: queue.count - 1) {
            case .reuse: sent.append(request)
            case .connect:
                dial()
                return sent
            case .wait: return sent
            }
            queue.removeFirst()
        }
        return sent
    }
}
