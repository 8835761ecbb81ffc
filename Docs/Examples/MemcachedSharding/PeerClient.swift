import Foundation

/// The other client of the same servers: libmemcached, as the program beside this file.
struct PeerClient {
    /// Where the program is.
    let path: String

    /// What libmemcached finds: the values of those keys that it has.
    func get(_ keys: [String], from servers: [Server]) throws -> [String: String] {
        var found: [String: String] = [:]
        for line in try run("get", servers, input: keys) {
            let parts = line.split(separator: "\t", maxSplits: 1)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
        }
        return found
    }

    /// Has libmemcached store values, each on the server that it chooses.
    func set(_ pairs: [(key: String, value: String)], on servers: [Server]) throws {
        _ = try run("set", servers, input: pairs.map { "\($0.key)\t\($0.value)" })
    }

    private func run(_ verb: String, _ servers: [Server], input: [String]) throws -> [Substring] {
        // From a file: a pipe would have to be written while the answers are read.
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)")
        try Data(input.map { $0 + "\n" }.joined().utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = [verb] + servers.map { "\($0.name)=\($0.weight)" }
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw PeerError(status: process.terminationStatus) }
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }
}

/// The other client failed; it has said why on standard error.
struct PeerError: Error, CustomStringConvertible {
    let status: CInt

    var description: String { "libmemcached's client ended with status \(status)" }
}
