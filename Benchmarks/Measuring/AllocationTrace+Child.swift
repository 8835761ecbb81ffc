import Foundation

extension AllocationTrace {
    /// What a subcommand of this program counts in a process of its own, which has the tracer preloaded.
    ///
    /// It is nothing where there is no tracer.
    ///
    /// - Parameters:
    ///   - subcommand: one that takes `--traced`, `--only` and `--json -`.
    ///   - subject: what it is to look at alone.
    ///   - type: a row of what it writes.
    /// - Returns: the rows.
    /// - Throws: what starting the process or reading its rows throws.
    static func rows<Row: Decodable>(of subcommand: String, only subject: String, as type: Row.Type) throws -> [Row] {
        #if canImport(Glibc)
            guard let program = Bundle.main.executableURL else { return [] }
            let child = Process()
            child.executableURL = program
            child.arguments = [subcommand, "--traced", "--only", subject, "--json", "-"]
            child.environment = ProcessInfo.processInfo.environment.merging(["LD_PRELOAD": library]) { _, new in new }
            let output = Pipe()
            child.standardOutput = output
            try child.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            child.waitUntilExit()
            return try JSONDecoder().decode([Row].self, from: data)
        #else
            return []
        #endif
    }
}
