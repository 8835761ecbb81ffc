import Foundation

/// What became of the frames of a capture, for people and for programs.
struct Listing: Encodable {
    let capture: String
    let output: String?
    let frames: [Replay.Outcome]
    /// How many frames each verdict was given to.
    let totals: [String: Int]

    init(_ outcomes: [Replay.Outcome], capture: String, output: String?) {
        self.capture = capture
        self.output = output
        frames = outcomes
        totals = Dictionary(grouping: outcomes, by: \.verdict).mapValues(\.count)
    }

    /// A line for each frame, and the totals.
    func text(explaining: Bool) -> String {
        var lines = [Self.line(["frame", "seconds", "in", "verdict", "reason", "service", "backend", "sent as"])]
        for frame in frames {
            lines.append(
                Self.line([
                    "\(frame.number)", String(format: "%.6f", frame.seconds), frame.interface, frame.verdict,
                    frame.reason ?? "-", frame.service ?? "-", frame.backend ?? "-",
                    frame.sent.isEmpty ? "-" : frame.sent.map(String.init).joined(separator: ","),
                ]))
            if explaining, let explanation = frame.explanation {
                lines += explanation.split(separator: "\n").map { "        \($0)" }
            }
        }
        let words = totals.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return (lines + ["", words.isEmpty ? "no frames" : words.joined(separator: ", ")]).joined(separator: "\n")
    }

    private static let widths = [5, 12, 8, 9, 14, 10, 10, 0]

    private static func line(_ cells: [String]) -> String {
        let padded = zip(cells, widths).enumerated().map { column, cell in
            let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return column < 2 ? space + cell.0 : cell.0 + space
        }
        return padded.joined(separator: "  ")
    }

    /// All of it as JSON.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}
