import LoadBalancing

/// What a server's thread does: wait for requests, let them queue for a slot, answer them when their time is over.
struct ServerLoop {
    private final class Connection {
        let socket: Socket
        var received: [UInt8] = []
        var isOpen = true

        init(_ socket: Socket) {
            self.socket = socket
        }
    }

    private static let refusal = Array("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".utf8)
    private let plan: ServerPlan
    private let controls: HTTPServer.Controls
    private let listener: Socket
    private let response: [UInt8]
    private var generator: SeededGenerator
    private var connections: [Connection] = []
    /// Requests that wait for a slot, the oldest first.
    private var queue: [Connection] = []
    /// Requests that are worked on.
    ///
    /// A client that has gone away does not free the slot: the work is done in vain.
    private var slots: [(connection: Connection, finish: ContinuousClock.Instant)] = []

    init(plan: ServerPlan, controls: HTTPServer.Controls, listener: Socket, seed: UInt64) {
        self.plan = plan
        self.controls = controls
        self.listener = listener
        generator = SeededGenerator(seed: seed)
        let body = "answered by \(plan.name)\n"
        response = Array(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    /// Serves until the server is killed.
    mutating func run() {
        while !controls.isKilled {
            answerFinished()
            startWaiting()
            // Not longer than 10 ms, to see that the server was killed.
            let next = slots.map(\.finish).min().map { ContinuousClock.now.duration(to: $0) } ?? .milliseconds(10)
            let sockets = [listener] + connections.map(\.socket)
            let ready = Socket.waitForInput(on: sockets, timeout: min(next, .milliseconds(10)))
            for position in ready where position > 0 { read(connections[position - 1]) }
            if ready.first == 0 {
                while let socket = listener.nextConnection() { connections.append(Connection(socket)) }
            }
            connections.removeAll { !$0.isOpen }
            queue.removeAll { !$0.isOpen }
        }
    }

    private mutating func read(_ connection: Connection) {
        do {
            let count = try connection.socket.read(into: &connection.received)
            guard count > 0 else { throw HTTPError.connectionClosed }
            guard try HTTPMessage.parse(connection.received) != nil else { return }
            // Clients wait for the answer before they send the next request: nothing of that can be here.
            connection.received.removeAll(keepingCapacity: true)
            if controls.isFailing {
                try connection.socket.write(Self.refusal)
            } else {
                queue.append(connection)
            }
        } catch {
            connection.isOpen = false
        }
    }

    private mutating func startWaiting() {
        while slots.count < plan.slotCount, !queue.isEmpty {
            let scale = Double.random(in: 0.5..<1.5, using: &generator)
            let time = plan.serviceTime * (scale * Double(controls.slowdown))
            slots.append((queue.removeFirst(), .now + time))
        }
    }

    private mutating func answerFinished() {
        let now = ContinuousClock.now
        for slot in slots where slot.finish <= now && slot.connection.isOpen {
            do { try slot.connection.socket.write(response) } catch { slot.connection.isOpen = false }
        }
        slots.removeAll { $0.finish <= now }
    }
}
