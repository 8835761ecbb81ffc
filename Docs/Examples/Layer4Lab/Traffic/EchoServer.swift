import Glibc
import Synchronization

/// A server that says its host's name in a line, and then returns what it gets: by TCP on one port, datagrams on the same.
final class EchoServer: Sendable {
    static let port: UInt16 = 7

    private let isStopped = Atomic(false)
    private let tasks: Mutex<[BackgroundTask<Void>]>

    init(_ host: LabHost) throws {
        tasks = Mutex([])
        let name = Array("\(host.name)\n".utf8)
        let listener = try host.inside { try LabSocket.serve("::", Self.port, isStream: true) }
        // A datagram is answered from the address that it was sent to only by a socket of that address.
        let addresses = LabService.all.flatMap { [$0.v4, $0.v6] } + ["::"]
        let datagrams = try host.inside {
            try addresses.map { try LabSocket.serve($0, Self.port, isStream: false) }
        }
        let work = [
            host.begin { [self] in serve(listener, name) },
            host.begin { [self] in echo(datagrams) },
        ]
        tasks.withLock { $0 = work }
    }

    func end() {
        isStopped.store(true, ordering: .relaxed)
        for task in tasks.withLock({ $0 }) { _ = try? task.wait() }
    }

    private func serve(_ listener: LabSocket, _ name: [UInt8]) {
        var connections: [CInt: LabSocket] = [:]
        var waiting = [pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)]
        while !isStopped.load(ordering: .relaxed) {
            guard unsafe poll(&waiting, nfds_t(waiting.count), 50) > 0 else { continue }
            var hasChanged = false
            for entry in waiting where entry.revents != 0 {
                if entry.fd == listener.descriptor {
                    guard let connection = listener.accept() else { continue }
                    connections[connection.descriptor] = connection
                    try? connection.send(name)
                    hasChanged = true
                } else if let connection = connections[entry.fd] {
                    if let bytes = try? connection.receive(65_536), !bytes.isEmpty,
                        (try? connection.send(bytes)) != nil
                    {
                        continue
                    }
                    connections[entry.fd] = nil
                    hasChanged = true
                }
            }
            guard hasChanged else { continue }
            waiting.removeSubrange(1...)
            waiting += connections.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        }
    }

    private func echo(_ sockets: [LabSocket]) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var waiting = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        while !isStopped.load(ordering: .relaxed) {
            guard unsafe poll(&waiting, nfds_t(waiting.count), 50) > 0 else { continue }
            for entry in waiting where entry.revents != 0 {
                var address = sockaddr_storage()
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                unsafe withUnsafeMutablePointer(to: &address) { storage in
                    unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                        let count = unsafe recvfrom(entry.fd, &bytes, bytes.count, 0, pointer, &length)
                        if count >= 0 { _ = unsafe sendto(entry.fd, bytes, count, 0, pointer, length) }
                    }
                }
            }
        }
    }
}
