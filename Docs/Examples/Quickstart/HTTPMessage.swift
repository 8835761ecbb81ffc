/// As much of an HTTP/1.1 message (RFC 9112) as this program needs: its first line and the length of its body.
struct HTTPMessage {
    /// `GET /users/7 HTTP/1.1` or `HTTP/1.1 200 OK`.
    let startLine: String
    /// Bytes after the empty line.
    let bodyByteCount: Int

    /// More than this without an end of the head is not a message.
    static let headLimit = 16_384

    /// Reads the message that begins `bytes`.
    ///
    /// - Returns: `nil` if the rest of it has not arrived yet.
    static func parse(_ bytes: [UInt8]) throws(HTTPError) -> HTTPMessage? {
        guard let headByteCount = headByteCount(in: bytes) else {
            guard bytes.count <= headLimit else { throw .malformed }
            return nil
        }
        let lines = String(decoding: bytes[..<headByteCount], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        var bodyByteCount = 0
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            guard line[..<colon].lowercased() == "content-length" else { continue }
            let value = line[line.index(after: colon)...].filter { $0 != " " }
            guard let count = Int(value), count >= 0 else { throw .malformed }
            bodyByteCount = count
        }
        guard let startLine = lines.first, bytes.count - headByteCount - 4 >= bodyByteCount else { return nil }
        return HTTPMessage(startLine: String(startLine), bodyByteCount: bodyByteCount)
    }

    /// The status of a response.
    var status: Int? {
        let words = startLine.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1" else { return nil }
        return Int(words[1])
    }

    /// Bytes before the empty line.
    private static func headByteCount(in bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
    }
}

/// An answer that is not HTTP, or is none at all.
enum HTTPError: Error {
    case malformed
    case connectionClosed
}
