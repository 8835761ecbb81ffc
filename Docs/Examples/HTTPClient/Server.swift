import Foundation
import LoadBalancing

/// A server's process: where it listens, and how to do it harm.
struct Server: Sendable {
    let name: String
    let url: URL
    private let process: pid_t

    /// Reads `NAME:PORT:PROCESS`; `nil` for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, let port = UInt16(parts[1]), port > 0,
            let process = pid_t(parts[2]), process > 1, let url = URL(string: "http://127.0.0.1:\(port)")
        else { return nil }
        name = String(parts[0])
        self.url = url
        self.process = process
    }

    var backend: Backend<URL> { Backend(id: name, endpoint: url) }

    /// Makes it take 0.8 s for every request from now on.
    func slowDown() { kill(process, SIGUSR1) }

    func speedUp() { kill(process, SIGUSR2) }

    /// Ends it at once, in the middle of what it does.
    func end() { kill(process, SIGKILL) }
}
