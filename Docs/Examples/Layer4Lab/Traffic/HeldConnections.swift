import Glibc

/// Connections of a client that stay open, with what has become of each.
final class HeldConnections: Sendable {
    /// What became of connections.
    struct Findings: Hashable, Sendable {
        /// They answered.
        var alive = 0
        /// They were ended by the other side: by a RST, or by a FIN.
        var ended = 0
        /// They did not answer in time.
        var silent = 0
    }

    private struct Connection: Sendable {
        let socket: LabSocket
        let server: String
    }

    private let connections: [Connection]

    private init(_ connections: [Connection]) {
        self.connections = connections
    }

    /// Opens `count` connections, and hears from each who serves it.
    static func open(_ count: Int, from host: LabHost, to address: String) throws -> HeldConnections {
        try open(count, from: host, to: [address])
    }

    /// Opens `count` connections to addresses in turn, and hears from each who serves it.
    static func open(_ count: Int, from host: LabHost, to addresses: [String]) throws -> HeldConnections {
        try host.inside {
            HeldConnections(
                try (0..<count).map { number in
                    let socket = try LabSocket.connect(
                        addresses[number % addresses.count], EchoServer.port, isStream: true)
                    return Connection(socket: socket, server: try socket.receiveLine())
                })
        }
    }

    var count: Int { connections.count }

    /// How many connections each server has.
    var counts: [String: Int] { Dictionary(grouping: connections, by: \.server).mapValues(\.count) }

    /// Only those to one server, or only the others.
    func those(to server: String, _ isWanted: Bool = true) -> HeldConnections {
        HeldConnections(connections.filter { ($0.server == server) == isWanted })
    }

    /// Sends something on every connection, and sees whether it comes back within `limit`.
    func exchange(within limit: Duration = .seconds(30)) -> Findings {
        let end = ContinuousClock.now.advanced(by: limit)
        var findings = Findings()
        let message: [UInt8] = Array("are you there?  ".utf8)
        var open: [CInt: (socket: LabSocket, left: Int)] = [:]
        for connection in connections {
            if (try? connection.socket.send(message)) != nil {
                open[connection.socket.descriptor] = (connection.socket, message.count)
            } else {
                findings.ended += 1
            }
        }
        while !open.isEmpty, ContinuousClock.now < end {
            var waiting = open.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard unsafe poll(&waiting, nfds_t(waiting.count), 100) > 0 else { continue }
            for entry in waiting where entry.revents != 0 {
                guard let (socket, left) = open[entry.fd] else { continue }
                guard let bytes = try? socket.receive(left), !bytes.isEmpty else {
                    findings.ended += 1
                    open[entry.fd] = nil
                    continue
                }
                open[entry.fd] = bytes.count < left ? (socket, left - bytes.count) : nil
                if bytes.count == left { findings.alive += 1 }
            }
        }
        findings.silent = open.count
        return findings
    }

    /// When the other side ended connections.
    struct Ends: Hashable, Sendable, CustomStringConvertible {
        let total: Int
        /// When, in seconds from the begin of waiting, in order.
        var seconds: [Double] = []

        var areAll: Bool { seconds.count == total }

        var description: String {
            guard let first = seconds.first, let last = seconds.last else { return "0 of \(total)" }
            let (begin, end) = ((first * 100).rounded() / 100, (last * 100).rounded() / 100)
            return "\(seconds.count) of \(total), after \(begin) to \(end) s"
        }
    }

    /// Waits, without sending anything, until the other side has ended the connections.
    func awaitEnd(within limit: Duration) -> Ends {
        let start = ContinuousClock.now
        let end = start.advanced(by: limit)
        var ends = Ends(total: count)
        var open = Dictionary(uniqueKeysWithValues: connections.map { ($0.socket.descriptor, $0.socket) })
        while !open.isEmpty, ContinuousClock.now < end {
            var waiting = open.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard unsafe poll(&waiting, nfds_t(waiting.count), 100) > 0 else { continue }
            let now = (ContinuousClock.now - start) / .seconds(1)
            for entry in waiting where entry.revents != 0 {
                open[entry.fd] = nil
                ends.seconds.append(now)
            }
        }
        return ends
    }

    /// Ends all of them, and waits until the servers have, too.
    func close() {
        for connection in connections { shutdown(connection.socket.descriptor, CInt(SHUT_WR)) }
        for connection in connections { _ = try? connection.socket.receive(1) }
    }
}
