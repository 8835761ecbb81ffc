import Foundation

/// Where figures come from.
struct Machine: Codable {
    let cores: Int
    let system: String
    let architecture: String

    static var current: Machine {
        #if arch(x86_64)
            let architecture = "x86-64"
        #elseif arch(arm64)
            let architecture = "arm64"
        #else
            let architecture = "other"
        #endif
        return Machine(
            cores: Stopwatch.cores, system: ProcessInfo.processInfo.operatingSystemVersionString,
            architecture: architecture)
    }
}

/// Writes results for other programs.
enum Report {
    /// Writes `value` as JSON to a file, or to standard output for `-`.
    static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // What never happens takes infinitely long.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "never", negativeInfinity: "-never", nan: "nothing")
        let data = try encoder.encode(value) + Data("\n".utf8)
        if path == "-" {
            FileHandle.standardOutput.write(data)
        } else {
            try data.write(to: URL(fileURLWithPath: path))
        }
    }

    /// The command line that makes the table it stands over.
    static var command: String {
        (["Benchmarks"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
    }
}
