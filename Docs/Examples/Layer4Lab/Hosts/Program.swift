import Foundation
import Synchronization

/// A program that the lab has started, and ends.
final class Program: Sendable {
    /// How a program ended, and what it had to say.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let complaints: String
    }

    let identifier: Int32
    private let process: Mutex<Process>
    private let output: BackgroundTask<String>
    private let complaints: BackgroundTask<String>

    /// Starts a program; what it says is kept.
    init(_ path: String, _ arguments: [String], input: String? = nil) throws {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let (output, complaints, entry) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = complaints
        process.standardInput = entry
        do {
            try process.run()
        } catch {
            throw LabError("cannot start \(path): \(error.localizedDescription)")
        }
        if let input { try? entry.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
        try? entry.fileHandleForWriting.close()
        identifier = process.processIdentifier
        self.output = Self.collect(output)
        self.complaints = Self.collect(complaints)
        self.process = Mutex(process)
        Leftovers.add(self)
    }

    private static func collect(_ pipe: Pipe) -> BackgroundTask<String> {
        BackgroundTask {
            var all: [UInt8] = []
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = unsafe read(pipe.fileHandleForReading.fileDescriptor, &bytes, bytes.count)
                // Signals interrupt, and are no end.
                guard count >= 0 || errno == EINTR else { break }
                if count == 0 { break }
                all += bytes.prefix(max(count, 0))
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    var isRunning: Bool { process.withLock { $0.isRunning } }

    func signal(_ number: Int32) { if isRunning { kill(identifier, number) } }

    /// Waits until it has ended.
    @discardableResult
    func wait() throws -> Outcome {
        while isRunning { usleep(2_000) }
        Leftovers.remove(self)
        return Outcome(
            status: process.withLock { $0.terminationStatus }, output: try output.wait(),
            complaints: try complaints.wait())
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
