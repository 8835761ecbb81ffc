import Foundation
import Glibc
import PacketForwarding

/// The folder in which flows wait for the next process: a file for each worker, and the configurations that say what the numbers
/// in them mean.
///
/// Flows name services and backends by numbers, which are given in the order in which they first appear. So the next process
/// takes the same configurations one after the other, and has the same numbers.
final class FlowFolder: Sendable {
    let path: String
    private let lock: CInt

    /// Opens the folder, and makes it if there is none; it is this process's until it ends.
    init(_ path: String) throws(FlowMemoryError) {
        self.path = path
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw FlowMemoryError(.open, path: path, code: errno)
        }
        lock = unsafe open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw FlowMemoryError(.open, path: "\(path)/lock", code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(lock)
            throw FlowMemoryError(.lock, path: path, code: code)
        }
    }

    deinit {
        close(lock)
    }

    func memory(of worker: Int, byteCount: Int) throws(FlowMemoryError) -> FlowMemory {
        try FlowMemory(path: "\(path)/flows-\(worker)", byteCount: byteCount)
    }

    /// The configurations since the flows' memory was empty, the oldest first; none if they cannot be read.
    var history: [ForwardingConfiguration] {
        guard let data = try? Data(contentsOf: URL(filePath: historyPath)) else { return [] }
        return (try? JSONDecoder().decode([ForwardingConfiguration].self, from: data)) ?? []
    }

    /// Keeps the configurations, as a whole or not at all.
    func keep(_ history: [ForwardingConfiguration]) throws {
        try JSONEncoder().encode(history).write(to: URL(filePath: historyPath), options: .atomic)
    }

    private var historyPath: String { "\(path)/configurations.json" }
}

extension ForwardingConfiguration {
    /// Whether flows' numbers mean the same in both.
    func numbersAlike(_ other: ForwardingConfiguration) -> Bool {
        services.map(Members.init) == other.services.map(Members.init)
    }

    /// Who a service and its backends are.
    private struct Members: Equatable {
        let name: String
        let transport: ServiceTransport
        let address: IPPrefix
        let port: UInt16?
        let mode: ServiceMode
        let sources: [IPAddress]
        let backends: [String]

        init(_ service: ServiceConfiguration) {
            name = service.name
            transport = service.transport
            address = service.address
            port = service.port
            mode = service.mode
            sources = service.sourceAddresses
            backends = service.backends.map { "\($0.name) \($0.address) \($0.port)" }
        }
    }
}
