/// What BIRD answers to a command: lines that begin with four digits, of which the last has a space behind them.
///
///     0001 BIRD 2.0.12 ready.
///     0011-vip: enabled
///     0000
struct BirdReply: Equatable, Sendable {
    /// The number of the last line: 8000 and more are errors, of the command or of its syntax.
    let code: Int
    let lines: [String]

    var isError: Bool { code >= 8_000 }

    /// The answer at the beginning of `text`, and how many bytes it has.
    ///
    /// - Returns: `nil` if its end has not arrived yet.
    /// - Throws: ``BirdError`` if it is none.
    static func parse(_ text: [UInt8]) throws(BirdError) -> (reply: BirdReply, byteCount: Int)? {
        var lines: [String] = []
        var start = 0
        while let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = text[start..<end]
            start = end + 1
            // More of what the line before has said.
            if line.first == UInt8(ascii: " "), !lines.isEmpty {
                lines.append(String(decoding: line.dropFirst(), as: UTF8.self))
                continue
            }
            let digits = line.prefix(4)
            guard digits.count == 4, digits.allSatisfy({ $0 &- 0x30 < 10 }), line.count > 4 else {
                throw BirdError("answered \"\(String(decoding: line.prefix(80), as: UTF8.self))\"")
            }
            lines.append(String(decoding: line.dropFirst(5), as: UTF8.self))
            switch line[line.startIndex + 4] {
            case UInt8(ascii: " "):
                let code = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
                return (BirdReply(code: code, lines: lines), start)
            case UInt8(ascii: "-"): continue
            default: throw BirdError("answered \"\(String(decoding: line.prefix(80), as: UTF8.self))\"")
            }
        }
        guard text.count <= longest else { throw BirdError("does not come to an end") }
        return nil
    }

    /// More than this is no answer.
    static let longest = 65_536
}

/// BIRD cannot be asked, or has refused.
struct BirdError: Error, CustomStringConvertible {
    let problem: String

    init(_ problem: String) {
        self.problem = problem
    }

    var description: String { "BIRD \(problem)" }
}
