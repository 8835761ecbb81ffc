/// A server's answer that the protocol does not foresee here.
struct MemcachedError: Error, CustomStringConvertible {
    let server: String
    let answer: String

    var description: String { "\(server) answered \"\(answer)\"" }
}

/// A client for one memcached server, in the text protocol.
///
/// Keys have 1 to 250 bytes, none of them a space or a control character: memcached's own rule, which it enforces itself.
final class MemcachedClient {
    private let connection: Connection

    /// Connects to a server.
    init(_ server: Server) throws(ConnectionError) {
        connection = try Connection(to: server)
    }

    /// The value of a key; `nil` if the server does not have it.
    func get(_ key: String) throws -> String? {
        let header = try ask("get \(key)\r\n")
        if header == "END" { return nil }
        // VALUE <key> <flags> <bytes>
        let words = header.split(separator: " ")
        guard words.count == 4, words[0] == "VALUE", words[1] == key, let count = Int(words[3]), count >= 0 else {
            throw MemcachedError(server: connection.name, answer: header)
        }
        let value = String(decoding: try connection.read(count), as: UTF8.self)
        try expect("", try connection.readLine())
        try expect("END", try connection.readLine())
        return value
    }

    /// Stores a value for good.
    func set(_ key: String, to value: String) throws {
        try expect("STORED", try ask("set \(key) 0 0 \(value.utf8.count)\r\n\(value)\r\n"))
    }

    /// Forgets everything.
    func removeAll() throws {
        try expect("OK", try ask("flush_all\r\n"))
    }

    /// Ends the server, which answers by closing the connection.
    func shutDown() throws {
        try connection.write(Array("shutdown\r\n".utf8))
        if let answer = try? connection.readLine() { throw MemcachedError(server: connection.name, answer: answer) }
    }

    private func ask(_ command: String) throws -> String {
        try connection.write(Array(command.utf8))
        return try connection.readLine()
    }

    private func expect(_ expected: String, _ answer: String) throws {
        guard answer == expected else { throw MemcachedError(server: connection.name, answer: answer) }
    }
}
