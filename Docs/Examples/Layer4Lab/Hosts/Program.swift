import Foundation
import Glibc

/// A program that the lab has started, and ends.
final class Program: Sendable {
    /// How a program ended, and what it had to say.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let complaints: String
    }

    private let process: ChildProcess
    private let output: BackgroundTask<String>
    private let complaints: BackgroundTask<String>

    /// Starts a program; what it says is kept.
    init(_ path: String, _ arguments: [String], input: String? = nil) throws {
        let (entry, output, complaints) = (try Self.channel(), try Self.channel(), try Self.channel())
        // Who reads sees the end only when nobody can write any more.
        defer { for channel in [entry, output, complaints] { close(channel.theirs) } }
        do {
            process = try ChildProcess(path, arguments, descriptors: [entry.theirs, output.theirs, complaints.theirs])
        } catch {
            for channel in [entry, output, complaints] { close(channel.own) }
            throw error
        }
        let writer = FileHandle(fileDescriptor: entry.own, closeOnDealloc: true)
        if let input { try? writer.write(contentsOf: Data(input.utf8)) }
        try? writer.close()
        self.output = Self.collect(output.own)
        self.complaints = Self.collect(complaints.own)
        Leftovers.add(self)
    }

    /// The number of its process.
    var identifier: Int32 { process.identifier }

    /// Two ends of a stream, of which other programs that are started at the same time get none.
    private static func channel() throws(LabError) -> (own: CInt, theirs: CInt) {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw LabError("no socket: \(LabSocket.reason)") }
        return (ends[0], ends[1])
    }

    private static func collect(_ descriptor: CInt) -> BackgroundTask<String> {
        BackgroundTask {
            defer { close(descriptor) }
            var all: [UInt8] = []
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = unsafe read(descriptor, &bytes, bytes.count)
                // Signals interrupt, and are no end.
                guard count >= 0 || errno == EINTR else { break }
                if count == 0 { break }
                all += bytes.prefix(max(count, 0))
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    var isRunning: Bool { process.isRunning }

    func signal(_ number: Int32) { process.signal(number) }

    /// Waits until it has ended.
    @discardableResult
    func wait() throws -> Outcome {
        let status = try process.wait()
        Leftovers.remove(self)
        return Outcome(status: status, output: try output.wait(), complaints: try complaints.wait())
    }

    /// Ends it, one way or the other.
    func end() {
        signal(SIGTERM)
        for _ in 0..<500 where isRunning { usleep(2_000) }
        signal(SIGKILL)
        _ = try? wait()
    }

    /// Runs a program to its end.
    ///
    /// - Throws: ``LabError`` if it does not end with status 0.
    @discardableResult
    static func run(_ path: String, _ arguments: [String], input: String? = nil) throws -> String {
        let outcome = try Program(path, arguments, input: input).wait()
        guard outcome.status == 0 else {
            throw LabError(
                "\(path) \(arguments.joined(separator: " ")): status \(outcome.status) "
                    + outcome.complaints + (outcome.complaints.isEmpty ? outcome.output : ""))
        }
        return outcome.output
    }
}
