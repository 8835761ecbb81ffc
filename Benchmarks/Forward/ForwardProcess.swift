import Foundation

/// A program that runs in a namespace until it is told to stop.
final class ForwardProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let number: Int32
    /// What it said when it was ready.
    private(set) var greeting = ""

    /// Starts a program on some cores, and waits until it says that it is ready.
    ///
    /// It comes before other programs of the machine, as the kernel's own ways come before all programs.
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
        process.arguments = ["netns", "exec", namespace, "nice", "-n", "-20", "taskset", "-c", cores] + words
        process.standardInput = input
        process.standardOutput = output
        // Some say there that they are ready.
        process.standardError = ready == nil ? FileHandle.nullDevice : output
        try process.run()
        number = process.processIdentifier
        guard let ready else { return }
        while !greeting.contains(ready) || greeting.last?.isNewline != true {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else {
                throw CommandFailure(message: "\(words.joined(separator: " ")): ended", code: 1)
            }
            greeting += String(decoding: data, as: UTF8.self)
        }
    }

    /// A number that it said when it was ready, after a word and "=".
    func number(of word: String) -> Int? {
        let words = greeting.split { $0 == " " || $0.isNewline }
        return words.first { $0.hasPrefix("\(word)=") }.flatMap { Int($0.dropFirst(word.count + 1)) }
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

    /// Bytes that it has in memory: all in all ("VmRSS"), or what is its own alone ("RssAnon").
    func memoryBytes(_ name: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return (line?.split { $0.isWhitespace }.dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }

    /// Bytes of the memory that it shares with the kernel for frames.
    var ringBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/\(number)/maps", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { $0.contains("socket:[") }.reduce(0) { sum, line in
            let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { Int($0, radix: 16) }
            return ends.count == 2 ? sum + ends[1] - ends[0] : sum
        }
    }
}
