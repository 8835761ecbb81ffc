import Foundation

/// A program that runs in a namespace until it is told to stop.
final class ForwardProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let number: Int32

    /// Starts a program on some cores, and waits until it says that it is ready.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - namespace: where it runs.
    ///   - cores: as taskset(1) has them.
    ///   - ready: what its first words begin with; `nil` to wait for none.
    /// - Throws: ``CommandFailure`` if it ends before.
    init(_ words: [String], in namespace: String, cores: String, ready: String? = nil) throws {
        try Interruption.check()
        process.executableURL = URL(fileURLWithPath: "/sbin/ip")
        process.arguments = ["netns", "exec", namespace, "taskset", "-c", cores] + words
        process.standardInput = input
        process.standardOutput = output
        // Some say there that they are ready.
        process.standardError = ready == nil ? FileHandle.nullDevice : output
        try process.run()
        number = process.processIdentifier
        guard let ready else { return }
        var text = ""
        while !text.contains(ready) {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else {
                throw CommandFailure(message: "\(words.joined(separator: " ")): ended", code: 1)
            }
            text += String(decoding: data, as: UTF8.self)
        }
    }

    /// What it prints until it ends.
    func finish() -> String {
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    /// Ends it.
    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// Nanoseconds that its threads have been on a core, in user and kernel together.
    var busyNanoseconds: Double {
        let folder = "/proc/\(number)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return threads.reduce(0) { sum, thread in
            let text = (try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8)) ?? ""
            return sum + (text.split(separator: " ").first.flatMap { Double($0) } ?? 0)
        }
    }

    /// Bytes of memory that it holds.
    var residentBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }
}
