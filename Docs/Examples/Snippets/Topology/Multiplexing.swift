import LoadBalancing

/// Streams on the connections to one backend.
struct Multiplexing {
    var connections = ConnectionSet<Int>(connectionLimit: 4)

    /// The connection of the next stream; `nil` where it has to wait.
    mutating func nextStream(at now: Timestamp, dial: () -> Int) -> Int? {
        while true {
            switch connections.takeStream(at: now) {
            case .reuse(let connection): return connection
            case .connect: connections.opened(dial(), streamLimit: 100, at: now)
            case .wait: return nil
            }
        }
    }
}
