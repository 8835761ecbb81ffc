import Foundation

/// What somebody asks of the daemon: a line of JSON.
struct ControlRequest: Hashable, Sendable, Codable {
    enum Command: String, Hashable, Sendable, Codable, CaseIterable {
        case list, drain, up, down, weight, flows, stats, explain, capture, reload, stop
    }

    var command: Command
    var service: String?
    var backend: String?
    var weight: Int?
    /// Drain: whether the answer waits until no flow is left.
    var waits: Bool?
    /// Drain: seconds that the answer waits at most.
    var deadline: Double?
    /// Explain: the client.
    var from: String?
    /// Explain: the service's address and port.
    var to: String?
    /// Explain: `tcp` or `udp`.
    var transport: String?
    /// Capture: only packets that were dropped for this reason.
    var reason: String?
    /// Whether the text of the answer is to be JSON.
    var isJSON: Bool?

    init(_ command: Command) {
        self.command = command
    }
}

/// What the daemon answers: JSON until the end of the connection.
struct ControlReply: Hashable, Sendable, Codable {
    /// What could not be done; `nil` if all was.
    var error: String?
    /// What there is to say.
    var text = ""
    /// A file.
    var data: Data?
}
