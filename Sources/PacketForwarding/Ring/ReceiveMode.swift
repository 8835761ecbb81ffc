/// How frames get from the kernel to a worker.
public enum ReceiveMode: String, Hashable, Sendable, Codable {
    /// Each frame at once: for latency.
    case slots
    /// Many at a time, after a millisecond at most: for floods.
    case blocks
    /// As slots while a worker keeps up with them, as blocks while it does not.
    case adaptive
}
