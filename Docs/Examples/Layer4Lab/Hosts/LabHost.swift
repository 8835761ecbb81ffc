import Foundation

/// A host of a lab: a network namespace.
final class LabHost: Sendable {
    static let ip = "/sbin/ip"

    /// What people call it.
    let name: String
    let namespace: String

    /// Makes a host without links.
    init(_ name: String, of lab: String) throws {
        self.name = name
        namespace = "\(lab)-\(name)"
        try Program.run(Self.ip, ["netns", "add", namespace])
        Leftovers.add(namespace: namespace)
        try configure(["link set lo up"])
    }

    func remove() {
        Leftovers.remove(namespace: namespace)
    }

    /// Runs lines of `ip`, all or up to the first that fails.
    func configure(_ lines: [String]) throws {
        guard !lines.isEmpty else { return }
        try Program.run(Self.ip, ["-n", namespace, "-batch", "-"], input: lines.joined(separator: "\n") + "\n")
    }

    /// Writes settings below `/proc/sys/net`; those that the kernel does not have are passed over.
    func set(_ settings: [String: String]) throws {
        try inside {
            for (name, value) in settings {
                try? value.write(toFile: "/proc/sys/net/\(name)", atomically: false, encoding: .ascii)
            }
        }
    }

    /// Starts a program on the host.
    func start(_ path: String, _ arguments: [String]) throws -> Program {
        try Program(Self.ip, ["netns", "exec", namespace, path] + arguments)
    }

    /// Runs a program on the host to its end.
    @discardableResult
    func run(_ path: String, _ arguments: [String]) throws -> String {
        try Program.run(Self.ip, ["netns", "exec", namespace, path] + arguments)
    }

    /// Runs `body` on a thread of its own on the host, and waits for it.
    func inside<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
        try begin(body).wait()
    }

    /// Runs `body` on a thread of its own on the host.
    func begin<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) -> BackgroundTask<Result> {
        let path = "/run/netns/\(namespace)"
        return BackgroundTask {
            try Namespace.enter(path)
            return try body()
        }
    }
}
