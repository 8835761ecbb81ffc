import Foundation

/// What a process has of the machine at one moment (proc(5)).
struct ProcessSample: Hashable, Sendable, CustomStringConvertible {
    /// Memory that it has in RAM.
    let residentBytes: Int
    /// Files and sockets that it has open.
    let descriptors: Int
    let threads: Int

    /// Looks at a process.
    ///
    /// - Throws: ``LabError`` if there is none.
    static func of(_ process: Int32) throws -> ProcessSample {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
        func number(_ name: String) throws -> Int {
            let line = status.first { $0.hasPrefix("\(name):") }
            guard let words = line?.split(whereSeparator: \.isWhitespace), words.count > 1, let value = Int(words[1])
            else { throw LabError("process \(process) has no \(name)") }
            return value
        }
        return ProcessSample(
            residentBytes: try number("VmRSS") << 10,
            descriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count,
            threads: try number("Threads"))
    }

    var description: String {
        "\((Double(residentBytes) / 1_048_576 * 10).rounded() / 10) MiB, \(descriptors) descriptors, \(threads) threads"
    }
}
